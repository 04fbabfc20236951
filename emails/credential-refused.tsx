import { MailFrame, MailText } from "./mail-frame";

export interface CredentialRefusedMailProps {
  readonly name: string;
  /** What the host says of it, in words. */
  readonly reason: string;
  /** Where it leads: "this hub", or the host's name. */
  readonly host: string;
  readonly accountName: string;
  readonly email: string;
  readonly href: string;
}

export function CredentialRefusedMail({ name, reason, host, accountName, email, href }: CredentialRefusedMailProps) {
  return (
    <MailFrame
      preview={reason}
      title={`The credential “${name}” is refused`}
      act={{ label: "View credential", href }}
      why={`This went to ${email} because you look after the integrations of ${accountName} on Fleet Advisor Hub as an owner or administrator.`}
    >
      <MailText>{reason}</MailText>
      <MailText>
        Nothing is exchanged with {host} by this credential until that is mended: replace its key, or correct its
        account token. Nothing else of this account is affected.
      </MailText>
    </MailFrame>
  );
}
