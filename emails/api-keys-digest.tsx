import { Text } from "react-email";

import { MailFrame, MailText } from "./mail-frame";

export interface ApiKeysDigestMailProps {
  readonly title: string;
  /** Of what people did, not of what time does. */
  readonly isAboutDeeds: boolean;
  /** One of them at least has not ended yet. */
  readonly hasAnyLeft: boolean;
  readonly keys: readonly {
    readonly id: number;
    readonly name: string;
    readonly prefix: string;
    readonly accountName: string;
    /** In words: "expires in 3 days, on …". */
    readonly says: string;
  }[];
  readonly email: string;
  readonly href: string;
}

/** A list longer than a mail can carry goes on in the console. */
const LISTED = 100;

/** What follows from it for the reader. */
function sayConsequence({
  isAboutDeeds,
  hasAnyLeft,
}: Pick<ApiKeysDigestMailProps, "isAboutDeeds" | "hasAnyLeft">): string {
  if (isAboutDeeds) return "If nobody should have done this to one of them, open it and look at its history.";
  return hasAnyLeft
    ? "When a key expires, requests with it fail. Renew those that are still in use before that: their tokens stay the same."
    : "Requests with these keys fail. An expired key cannot be renewed: where an integration still needs access, make a new key for it.";
}

export function ApiKeysDigestMail({ title, isAboutDeeds, hasAnyLeft, keys, email, href }: ApiKeysDigestMailProps) {
  const more = keys.length - LISTED;
  return (
    <MailFrame
      preview={keys
        .slice(0, 3)
        .map(({ name }) => name)
        .join(", ")}
      title={title}
      act={{ label: "View API keys", href }}
      why={`This went to ${email} because you look after these API keys on Fleet Advisor Hub as an owner or administrator. More than five on one day come as one mail.`}
    >
      <MailText>{sayConsequence({ isAboutDeeds, hasAnyLeft })}</MailText>
      {keys.slice(0, LISTED).map(({ id, name, prefix, accountName, says }) => (
        <Text
          key={id}
          className="words"
          style={{ color: "#57534e", fontSize: 14, lineHeight: "20px", margin: "0 0 12px" }}
        >
          <strong className="strong" style={{ color: "#1c1917", fontWeight: 600 }}>
            {name}
          </strong>{" "}
          ({prefix}…), {accountName}
          <br />
          {says}
        </Text>
      ))}
      {more > 0 && <MailText>And {more} more.</MailText>}
    </MailFrame>
  );
}
