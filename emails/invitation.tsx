import { MailFrame, MailText } from "./mail-frame";

export interface InvitationMailProps {
  readonly accountName: string;
  readonly role: "owner" | "administrator" | "member";
  readonly inviter: string;
  readonly email: string;
  readonly days: number;
  readonly link: string;
}

const MAY = {
  owner: "As an owner you can do everything there, also make others owners.",
  administrator: "As an administrator you can manage its API keys, webhooks and members.",
  member: "As a member you can see its API keys and copy account tokens.",
} as const;

export function InvitationMail({ accountName, role, inviter, email, days, link }: InvitationMailProps) {
  return (
    <MailFrame
      preview={`The invitation is good for ${days} days.`}
      title={`${inviter} invites you to ${accountName}`}
      act={{ label: "See the invitation", href: link }}
      why={`This went to ${email} because ${inviter} invited this address to ${accountName} on Fleet Advisor Hub. If you do not know why, there is nothing to do: nothing happens until you accept. Do not forward it.`}
    >
      <MailText>
        You are invited to {accountName} on Fleet Advisor Hub. {MAY[role]}
      </MailText>
      <MailText>The invitation is good for {days} days. The button opens a page where you accept it.</MailText>
    </MailFrame>
  );
}
