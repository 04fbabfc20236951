import { KeyLine, type ApiKeyMailProps } from "./api-key-facts";
import { MailFrame, MailText } from "./mail-frame";

export interface ApiKeyCreatorLeftMailProps extends ApiKeyMailProps {
  /** A name, or words that stand for one. */
  readonly creator: string;
}

/** For owners: a partner's key goes on when its creator leaves. */
export function ApiKeyCreatorLeftMail({ creator, ...props }: ApiKeyCreatorLeftMailProps) {
  const says = `${creator} left ${props.accountName}${props.deed === null ? "" : ` on ${props.deed.at}`}.`;
  return (
    <MailFrame
      preview={`${says} The key goes on.`}
      title={`API key “${props.keyName}” goes on without its creator`}
      act={{ label: "View API key", href: props.href }}
      why={`This went to ${props.email} because you look after ${props.accountName} on Fleet Advisor Hub as an owner.`}
    >
      <KeyLine {...props} />
      <MailText>
        {says} The key goes on: requests with it are answered until {props.expiresAt}. Regenerate it if that person may
        still have its token; revoke it if nobody needs it.
      </MailText>
    </MailFrame>
  );
}
