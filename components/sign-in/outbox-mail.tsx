import { ButtonLink } from "@/components/ui/button";
import { Time } from "@/components/ui/time";

export interface OutboxMailProps {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly sentAt: string;
  /** Marks the mail's own style sheet as ours; the content security policy holds inside the frame as well. */
  readonly nonce: string | null;
  readonly isOpen: boolean;
}

/** Where the mail's button leads; the frame around its HTML is locked, so the way stands outside it too. */
function firstLink(text: string): string | undefined {
  return /https?:\/\/[^\s<>"]+/.exec(text)?.[0];
}

/** One mail of the local outbox, as it would have been sent. */
export function OutboxMail({ to, subject, html, text, sentAt, nonce, isOpen }: OutboxMailProps) {
  const link = firstLink(text);
  const marked = nonce === null ? html : html.replaceAll("<style", `<style nonce="${nonce}"`);
  return (
    <li className="border-b border-line">
      <details open={isOpen} className="group">
        <summary className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 py-3">
          <span className="font-medium">{subject}</span>
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
          <iframe
            title={`${subject}, as HTML`}
            srcDoc={marked}
            sandbox="allow-popups allow-popups-to-escape-sandbox"
            className="h-[420px] w-full rounded-md border border-line bg-bg"
          />
          <pre tabIndex={0} aria-label={`${subject}, as plain text`} className="overflow-x-auto rounded-md border border-line bg-bg-subtle p-3 text-12 break-words whitespace-pre-wrap">
            {text}
          </pre>
        </div>
      </details>
    </li>
  );
}
