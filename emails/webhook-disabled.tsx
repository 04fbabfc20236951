import { MailFrame, MailText } from "./mail-frame";

export interface WebhookDisabledMailProps {
  readonly url: string;
  readonly reason: "gone" | "failing";
  /** The first failure since the last success, in words. */
  readonly failingSince: string | null;
  readonly accountName: string;
  readonly email: string;
  readonly href: string;
}

function sayReason({ reason, failingSince }: WebhookDisabledMailProps): string {
  if (reason === "gone") return "Its receiver answered 410: the address is there no more.";
  return failingSince === null
    ? "Nothing but failures came back for 5 days."
    : `Nothing but failures came back since ${failingSince}.`;
}

export function WebhookDisabledMail(props: WebhookDisabledMailProps) {
  const { url, accountName, email, href } = props;
  const says = sayReason(props);
  return (
    <MailFrame
      preview={says}
      title={`The webhook to ${new URL(url).host} was disabled`}
      act={{ label: "View webhook", href }}
      why={`This went to ${email} because you look after the webhooks of ${accountName} on Fleet Advisor Hub as an owner or administrator.`}
    >
      <MailText>{url}</MailText>
      <MailText>
        {says} Nothing is sent to it any more, and what happens meanwhile is not kept for it. Once the receiver works
        again, enable the webhook, and redeliver what failed.
      </MailText>
    </MailFrame>
  );
}
