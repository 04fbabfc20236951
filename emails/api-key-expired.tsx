import { KeyLine, sayWhy, type ApiKeyMailProps } from "./api-key-facts";
import { MailFrame, MailText } from "./mail-frame";

export function ApiKeyExpiredMail(props: ApiKeyMailProps) {
  return (
    <MailFrame
      preview={`Since ${props.expiresAt} requests with it fail.`}
      title={`API key “${props.keyName}” has expired`}
      act={{ label: "View API key", href: props.href }}
      why={sayWhy(props)}
    >
      <KeyLine {...props} />
      <MailText>
        Since {props.expiresAt} requests with this key fail. An expired key cannot be renewed. If an integration still
        needs access, make a new key for it; the old one&apos;s page shows when and from where it was last used.
      </MailText>
    </MailFrame>
  );
}
