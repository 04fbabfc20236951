import "server-only";
import { createElement, type ReactElement } from "react";

import { ApiKeyCreatorLeftMail } from "@/emails/api-key-creator-left";
import { ApiKeyCreatedMail } from "@/emails/api-key-created";
import { ApiKeyExpiredMail } from "@/emails/api-key-expired";
import { ApiKeyExpiringMail } from "@/emails/api-key-expiring";
import { ApiKeyLeakedMail } from "@/emails/api-key-leaked";
import { ApiKeyRegeneratedMail } from "@/emails/api-key-regenerated";
import { ApiKeyRevokedMail } from "@/emails/api-key-revoked";
import { ApiKeysDigestMail } from "@/emails/api-keys-digest";
import { countWord, sayInstant, sayInDays } from "@/emails/words";
import { daysLeft, endsToday, isEventStage, type NoticeStage } from "./policy";

/** What a mail says of one key. */
export interface NoticeItem {
  readonly stage: NoticeStage;
  readonly expiresAt: Date;
  readonly apiKeyId: number;
  readonly keyName: string;
  readonly prefix: string;
  readonly accountName: string;
  readonly accountToken: string;
  readonly revokedReason: string | null;
  /** Who made the key and has left, where the notice is of that. */
  readonly creator: string | null;
  /** Who did it, when and from where, where the notice is of a deed. */
  readonly deed: { readonly by: string; readonly at: Date; readonly ip: string | null } | null;
}

export interface MailContent {
  readonly subject: string;
  readonly element: ReactElement;
}

interface Addressee {
  readonly email: string;
  readonly appUrl: string;
}

/** As the words take it: 0 = today. */
function daysToSay({ stage, expiresAt }: Pick<NoticeItem, "stage" | "expiresAt">, now: Date): number {
  return stage === "today" || endsToday(expiresAt, now) ? 0 : daysLeft(expiresAt, now);
}

const quoted = (name: string) => `“${name}”`;

function keyFacts(item: NoticeItem, { email, appUrl }: Addressee) {
  const { keyName, prefix, accountName, deed } = item;
  const href = `${appUrl}/${item.accountToken}/api-keys/${item.apiKeyId}`;
  const act = deed && { by: deed.by, at: sayInstant(deed.at), ip: deed.ip };
  return { keyName, prefix, accountName, email, href, expiresAt: sayInstant(item.expiresAt), deed: act };
}

function contentOfOne(item: NoticeItem, addressee: Addressee, now: Date): MailContent {
  const facts = keyFacts(item, addressee);
  const key = `API key ${quoted(item.keyName)}`;
  switch (item.stage) {
    case "created":
      return { subject: `${key} was created`, element: createElement(ApiKeyCreatedMail, facts) };
    case "regenerated":
      return { subject: `${key} has a new token`, element: createElement(ApiKeyRegeneratedMail, facts) };
    case "revoked": {
      const ownerLeft = item.revokedReason === "owner_left";
      return { subject: `${key} was revoked`, element: createElement(ApiKeyRevokedMail, { ...facts, ownerLeft }) };
    }
    case "leaked":
      return { subject: `${key} was reported leaked and is revoked`, element: createElement(ApiKeyLeakedMail, facts) };
    case "creator_left": {
      const creator = item.creator ?? "The person who created it";
      const element = createElement(ApiKeyCreatorLeftMail, { ...facts, creator });
      return { subject: `${key}: ${item.creator ?? "the person who created it"} left`, element };
    }
    case "expired":
      return { subject: `${key} has expired`, element: createElement(ApiKeyExpiredMail, facts) };
    default: {
      const days = daysToSay(item, now);
      const element = createElement(ApiKeyExpiringMail, { ...facts, days });
      return { subject: `${key} expires ${sayInDays(days)}`, element };
    }
  }
}

const DEED_WORDS: Readonly<Partial<Record<NoticeStage, string>>> = {
  created: "created",
  regenerated: "given a new token",
  revoked: "revoked",
  leaked: "reported leaked and revoked",
  creator_left: "created by somebody who left",
};

function sayItem(item: NoticeItem, now: Date): string {
  const deed = DEED_WORDS[item.stage];
  if (deed !== undefined) return deed;
  const end = sayInstant(item.expiresAt);
  return item.expiresAt <= now ? `expired on ${end}` : `expires ${sayInDays(daysToSay(item, now))}, on ${end}`;
}

/** What the many have in common, and what is most urgent of them. */
function titleOfMany(ordered: readonly NoticeItem[], now: Date): string {
  const keys = `${countWord(ordered.length)} API keys`;
  const [first, ...others] = ordered;
  if (first === undefined) return keys;
  if (ordered.every(({ stage }) => isEventStage(stage))) {
    const deed = others.every(({ stage }) => stage === first.stage) ? DEED_WORDS[first.stage] : undefined;
    return `${keys} were ${deed ?? "changed"}`;
  }
  if (ordered.every(({ expiresAt }) => expiresAt <= now)) return `${keys} have expired`;
  const end = first.expiresAt <= now ? "has expired" : sayInDays(daysToSay(first, now));
  return `${keys} expire: the first, ${quoted(first.keyName)}, ${end}`;
}

/** One mail for many keys: the ones that end first stand first. */
function contentOfMany(items: readonly NoticeItem[], addressee: Addressee, now: Date): MailContent {
  const ordered = [...items].sort((a, b) => a.expiresAt.getTime() - b.expiresAt.getTime() || a.apiKeyId - b.apiKeyId);
  const isAboutDeeds = ordered.every(({ stage }) => isEventStage(stage));
  const tokens = new Set(ordered.map(({ accountToken }) => accountToken));
  const [onlyToken] = tokens.size === 1 ? tokens : [];
  const hasAnyLeft = ordered.some(({ expiresAt }) => expiresAt > now);
  const list = isAboutDeeds || !hasAnyLeft ? "api-keys" : "api-keys?status=expiring";
  const title = titleOfMany(ordered, now);
  const element = createElement(ApiKeysDigestMail, {
    title,
    isAboutDeeds,
    hasAnyLeft,
    keys: ordered.map((item) => ({
      id: item.apiKeyId,
      name: item.keyName,
      prefix: item.prefix,
      accountName: item.accountName,
      says: sayItem(item, now),
    })),
    email: addressee.email,
    href: onlyToken === undefined ? `${addressee.appUrl}/api-keys` : `${addressee.appUrl}/${onlyToken}/${list}`,
  });
  return { subject: title, element };
}

/** Subject and body of a mail. The same facts always give the same mail: a second attempt must not look like another one. */
export function contentOf(items: readonly NoticeItem[], addressee: Addressee, now: Date): MailContent {
  const [only] = items;
  return only !== undefined && items.length === 1
    ? contentOfOne(only, addressee, now)
    : contentOfMany(items, addressee, now);
}
