import { KeyLine, sayWhy, type ApiKeyMailProps } from "./api-key-facts";
import { MailFrame, MailText } from "./mail-frame";

export function ApiKeyLeakedMail(props: ApiKeyMailProps) {
  const when = props.deed === null ? "" : ` on ${props.deed.at}`;
  return (
    <MailFrame
      preview="Its token was found where others can read it. Requests with it fail from now on."
      title={`API key “${props.keyName}” was reported leaked and is revoked`}
      act={{ label: "See what it was used for", href: props.href }}
      why={sayWhy(props)}
    >
      <KeyLine {...props} />
      <MailText>
        Its token was found where others can read it, and reported to us{when}. The key was revoked at once: requests
        with it fail from now on, for good.
      </MailText>
      <MailText>
        Look at when and from where it was last used. Then make a new key for the integration, and remove the old token
        from where it was found.
      </MailText>
    </MailFrame>
  );
}
