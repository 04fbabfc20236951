import { KeyLine, sayDeed, sayWhy, type ApiKeyMailProps } from "./api-key-facts";
import { MailFrame, MailText } from "./mail-frame";

export function ApiKeyCreatedMail(props: ApiKeyMailProps) {
  return (
    <MailFrame
      preview={sayDeed(props.deed, "created it")}
      title={`API key “${props.keyName}” was created`}
      act={{ label: "View API key", href: props.href }}
      why={sayWhy(props)}
    >
      <KeyLine {...props} />
      <MailText>
        {sayDeed(props.deed, "created it")} It expires on {props.expiresAt}; you will hear of that in time.
      </MailText>
      <MailText>
        If nobody should have made this key, open it and revoke it: requests with it then fail at once.
      </MailText>
    </MailFrame>
  );
}
