import { ArrowLeft } from "lucide-react";

import { PageHead } from "@/components/shell/page-head";
import { ButtonLink } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import type { SessionList } from "@/lib/sign-in/queries";
import { EndManySessions } from "./end-many-sessions";
import { EndSession } from "./end-session";

/** Where one is signed in; a session that is not recognised is one button away from being none. */
export function SessionsView({ list }: { list: SessionList }) {
  const { rows, isCut, now } = list;
  return (
    <main className="mx-auto w-full max-w-[800px] px-10 pt-8 pb-16 max-lg:px-4 max-lg:pt-5">
      <ButtonLink
        href="/"
        variant="ghost"
        className="mb-4 -ml-2"
        icon={<ArrowLeft aria-hidden size={16} strokeWidth={1.75} />}
      >
        Back to the hub
      </ButtonLink>
      <PageHead
        title="Sessions"
        purpose="Where you are signed in. A session ends after 30 minutes without use, and 12 hours after its sign-in. One that you end here is refused at its very next request."
      />
      <ul aria-label="Your sessions" className="border-t border-line">
        {rows.map((session) => (
          <li
            key={session.id}
            className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line py-3"
          >
            <div className="min-w-0">
              <span className="block font-medium">
                {session.device}
                {session.isThis && <span className="font-normal text-text-2"> · this one</span>}
              </span>
              <span className="block text-12 text-text-3">
                {session.ip ?? "Address unknown"}, signed in{" "}
                <Time value={session.signedInAt} style="relative" now={now} />, last seen{" "}
                <Time value={session.lastSeenAt} style="relative" now={now} />
              </span>
            </div>
            <EndSession session={session} />
          </li>
        ))}
      </ul>
      {isCut && (
        <p className="mt-3 text-text-2">
          Only the {rows.length} sessions last used are shown. Sign out everywhere ends the others too.
        </p>
      )}
      <EndManySessions others={isCut || rows.length > 1} />
    </main>
  );
}
