import { KeyLine, sayDeed, sayWhy, type ApiKeyMailProps } from "./api-key-facts";
import { MailFrame, MailText } from "./mail-frame";

export interface ApiKeyRevokedMailProps extends ApiKeyMailProps {
  /** Nobody revoked it: the person it acted for left the account. */
  readonly ownerLeft: boolean;
}

export function ApiKeyRevokedMail({ ownerLeft, ...props }: ApiKeyRevokedMailProps) {
  const says = ownerLeft
    ? "The person this key acted for left the account, so it was revoked."
    : sayDeed(props.deed, "revoked it");
  return (
    <MailFrame
      preview={says}
      title={`API key “${props.keyName}” was revoked`}
      act={{ label: "View API key", href: props.href }}
      why={sayWhy(props)}
    >
      <KeyLine {...props} />
      <MailText>
        {says} Requests with it fail from now on, for good. An integration that still needs access needs a key of its
        own: an owner or administrator can make one.
      </MailText>
    </MailFrame>
  );
}
