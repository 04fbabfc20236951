import { ChevronRight } from "lucide-react";
import { MailPreview } from "@/components/sign-in/mail-preview";
import { ButtonLink } from "@/components/ui/button";
import { Time } from "@/components/ui/time";

export interface OutboxMailProps {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly sentAt: string;
  readonly nonce: string | null;
  readonly isOpen: boolean;
}

/** One mail of the local outbox, as it would have been sent. */
export function OutboxMail({ to, subject, html, text, sentAt, nonce, isOpen }: OutboxMailProps) {
  // Of a mail of ours, the first link is its one button.
  const link = /https?:\/\/[^\s<>"]+/.exec(text)?.[0];
  return (
    <li className="border-b border-line">
      <details open={isOpen} className="group">
        <summary className="flex flex-wrap items-center gap-x-3 gap-y-0.5 py-3">
          <span className="flex min-w-0 gap-3 font-medium">
            <ChevronRight
              aria-hidden
              size={16}
              strokeWidth={1.75}
              className="mt-0.5 shrink-0 text-text-3 transition-transform group-open:rotate-90"
            />
            <span className="min-w-0 break-words">{subject}</span>
          </span>
          <span className="min-w-0 break-words text-text-2">to {to}</span>
          <Time value={sentAt} plain className="ml-auto text-12 text-text-3" />
        </summary>
        <div className="grid gap-3 pb-4">
          {link && (
            <div>
              <ButtonLink href={link} prefetch={false} variant="primary">
                Open the link of this mail
              </ButtonLink>
            </div>
          )}
          <pre
            tabIndex={0}
            role="region"
            aria-label={`${subject}, as plain text`}
            className="overflow-x-auto rounded-md border border-line bg-bg-subtle p-3 text-12 break-words whitespace-pre-wrap"
          >
            {text}
          </pre>
          <MailPreview subject={subject} html={html} nonce={nonce} />
        </div>
      </details>
    </li>
  );
}
