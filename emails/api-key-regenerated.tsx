import { KeyLine, sayDeed, sayWhy, type ApiKeyMailProps } from "./api-key-facts";
import { MailFrame, MailText } from "./mail-frame";

export function ApiKeyRegeneratedMail(props: ApiKeyMailProps) {
  return (
    <MailFrame
      preview={sayDeed(props.deed, "regenerated it")}
      title={`API key “${props.keyName}” has a new token`}
      act={{ label: "View API key", href: props.href }}
      why={sayWhy(props)}
    >
      <KeyLine {...props} />
      <MailText>
        {sayDeed(props.deed, "regenerated it")} Its name, scopes and expiry stay as they were. Whatever still uses the
        old token needs the new one; the key&apos;s page says until when the old one works.
      </MailText>
      <MailText>If nobody should have done this, open the key and revoke it: both tokens then fail at once.</MailText>
    </MailFrame>
  );
}
