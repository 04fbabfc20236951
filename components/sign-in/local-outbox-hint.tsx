import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import type { OutboxPlace } from "@/lib/platform/mail/outbox";

/** Where mails stay on the hub's machine, people are told where to read them. */
export function LocalOutboxHint({ place, newTab = false }: { place: OutboxPlace | null; newTab?: boolean }) {
  if (place === null) return null;
  if (place === "terminal") {
    return (
      <Notice>
        Mail is not sent from this installation. Whoever runs it reads it in the terminal of its machine, with{" "}
        <code>npm run outbox</code>.
      </Notice>
    );
  }
  return (
    <Notice>
      Mail is not sent from this installation. Read it in the{" "}
      <Link
        href="/outbox"
        target={newTab ? "_blank" : undefined}
        className="text-text underline underline-offset-[3px]"
      >
        local outbox{newTab && " (opens a new tab)"}
      </Link>
      .
    </Notice>
  );
}
