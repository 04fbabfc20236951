import { MailText } from "./mail-frame";

/** What every mail about one key knows of it; never its token. */
export interface ApiKeyMailProps {
  readonly keyName: string;
  readonly prefix: string;
  readonly accountName: string;
  /** In words. */
  readonly expiresAt: string;
  /** Who did it, when and from where; null where nobody did anything. */
  readonly deed: { readonly by: string; readonly at: string; readonly ip: string | null } | null;
  /** To whom this goes. */
  readonly email: string;
  /** The key's own page. */
  readonly href: string;
}

/** Who gets this, and why. */
export function sayWhy({ email, accountName }: Pick<ApiKeyMailProps, "email" | "accountName">): string {
  return `This went to ${email} because you look after the API keys of ${accountName} on Fleet Advisor Hub as an owner or administrator.`;
}

/** "Adam Reyes created it on 21 Nov 2026, 14:05 UTC, from 203.0.113.7." */
export function sayDeed(deed: ApiKeyMailProps["deed"], did: string): string {
  if (deed === null) return "";
  return `${deed.by} ${did} on ${deed.at}${deed.ip === null ? "" : `, from ${deed.ip}`}.`;
}

/** The key by the characters that one may see. */
export function KeyLine({ keyName, prefix, accountName }: Pick<ApiKeyMailProps, "keyName" | "prefix" | "accountName">) {
  return (
    <MailText>
      {keyName} ({prefix}…), {accountName}
    </MailText>
  );
}
