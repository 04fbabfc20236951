import { KeyLine, sayWhy, type ApiKeyMailProps } from "./api-key-facts";
import { MailFrame, MailText } from "./mail-frame";
import { sayInDays } from "./words";

export interface ApiKeyExpiringMailProps extends ApiKeyMailProps {
  /** To go. */
  readonly days: number;
}

export function ApiKeyExpiringMail({ days, ...props }: ApiKeyExpiringMailProps) {
  return (
    <MailFrame
      preview={`From ${props.expiresAt} on, requests with it fail.`}
      title={`API key “${props.keyName}” expires ${sayInDays(days)}`}
      act={{ label: "Renew or replace it", href: props.href }}
      why={sayWhy(props)}
    >
      <KeyLine {...props} />
      <MailText>
        From {props.expiresAt} on, requests with this key fail, and the integration that uses it stops.
      </MailText>
      <MailText>
        Still in use? Renew it before then: the token stays the same, nothing else has to change. No longer needed?
        Revoke it, or let it run out.
      </MailText>
    </MailFrame>
  );
}
