import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";

import { OutboxMail } from "@/components/sign-in/outbox-mail";
import { EmptyState } from "@/components/ui/empty-state";
import { OUTBOX_PAGE, outboxMails, outboxPlace } from "@/lib/platform/mail/outbox";

export const metadata: Metadata = { title: "Local outbox", referrer: "strict-origin" };

export default async function OutboxPage() {
  const head = await headers();
  if (outboxPlace(head) !== "page") notFound();
  const mails = await outboxMails();
  const nonce = head.get("x-csp-nonce");
  return (
    <main className="mx-auto grid w-full max-w-[720px] gap-6 px-4 py-8">
      <header>
        <h1 className="text-24 font-semibold tracking-[-.02em]">Local outbox</h1>
        <p className="mt-0.5 text-text-2">
          Without a Resend key no mail leaves this machine: it is kept here, newest first, and only this machine can
          open this page.
          {mails.length === OUTBOX_PAGE && ` The newest ${OUTBOX_PAGE} are shown.`}
        </p>
      </header>
      {mails.length === 0 ? (
        <EmptyState title="No mail yet">Ask for a sign-in link and reload this page.</EmptyState>
      ) : (
        <ol className="border-t border-line">
          {mails.map(({ createdAt, ...mail }, index) => (
            <OutboxMail key={mail.id} {...mail} sentAt={createdAt.toISOString()} nonce={nonce} isOpen={index === 0} />
          ))}
        </ol>
      )}
    </main>
  );
}
