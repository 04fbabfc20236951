import { createElement, type ReactElement } from "react";
import { describe, expect, it } from "vitest";

import { renderMail } from "@/lib/platform/mail/mailer";
import { ApiKeyCreatorLeftMail } from "./api-key-creator-left";
import { ApiKeyCreatedMail } from "./api-key-created";
import { ApiKeyExpiredMail } from "./api-key-expired";
import { ApiKeyExpiringMail } from "./api-key-expiring";
import { ApiKeyLeakedMail } from "./api-key-leaked";
import { ApiKeyRegeneratedMail } from "./api-key-regenerated";
import { ApiKeyRevokedMail } from "./api-key-revoked";
import { ApiKeysDigestMail } from "./api-keys-digest";
import { sayInDays, sayInstant } from "./words";

const HREF = "https://hub.example.com/798819214b/api-keys/7";
const KEY = {
  keyName: "Key <b>cafe</b>",
  prefix: "fah_Xk29Qd",
  accountName: "Northwind",
  email: "owner@northwind.example",
  expiresAt: "21 Dec 2026, 14:05 UTC",
  href: HREF,
  deed: { by: "Adam Reyes", at: "21 Nov 2026, 14:05 UTC", ip: "203.0.113.7" },
};
const listed = (index: number) => ({
  id: index,
  name: `Key ${index}`,
  prefix: "fah_Xk29Qd",
  accountName: "Northwind",
  says: "expires today",
});
const digest = (count: number) =>
  createElement(ApiKeysDigestMail, {
    title: "6 API keys expire",
    isAboutDeeds: false,
    hasAnyLeft: true,
    keys: Array.from({ length: count }, (_, index) => listed(index)),
    email: KEY.email,
    href: HREF,
  });

const MAILS: readonly [string, ReactElement, string][] = [
  [
    "created",
    createElement(ApiKeyCreatedMail, KEY),
    "Adam Reyes created it on 21 Nov 2026, 14:05 UTC, from 203.0.113.7.",
  ],
  ["regenerated", createElement(ApiKeyRegeneratedMail, KEY), "Adam Reyes regenerated it on 21 Nov 2026, 14:05 UTC"],
  [
    "revoked",
    createElement(ApiKeyRevokedMail, { ...KEY, ownerLeft: false }),
    "Adam Reyes revoked it on 21 Nov 2026, 14:05 UTC",
  ],
  [
    "revoked, owner left",
    createElement(ApiKeyRevokedMail, { ...KEY, deed: null, ownerLeft: true }),
    "left the account, so it was revoked.",
  ],
  [
    "creator left",
    createElement(ApiKeyCreatorLeftMail, { ...KEY, creator: "Liam Novak" }),
    "Liam Novak left Northwind on 21 Nov 2026, 14:05 UTC. The key goes on: requests with it are answered until 21 Dec 2026, 14:05 UTC.",
  ],
  ["leaked", createElement(ApiKeyLeakedMail, KEY), "reported to us on 21 Nov 2026, 14:05 UTC."],
  [
    "expiring",
    createElement(ApiKeyExpiringMail, { ...KEY, days: 30 }),
    "From 21 Dec 2026, 14:05 UTC on, requests with this key fail",
  ],
  ["expired", createElement(ApiKeyExpiredMail, KEY), "Since 21 Dec 2026, 14:05 UTC requests with this key fail."],
  ["digest", digest(6), "Key 5 (fah_Xk29Qd…), Northwind"],
];

describe.each(MAILS)("the mail %s", (_name, element, says) => {
  it("says the fact in both parts, and who gets it and why", async () => {
    const { html, text } = await renderMail(element);
    const words = html
      .replaceAll(/<!--.*?-->/g, "")
      .replaceAll(/<[^>]+>/g, "")
      .replaceAll(/\s+/g, " ");
    expect(words).toContain(says);
    expect(text.replaceAll(/\s+/g, " ")).toContain(says);
    expect(text).toContain("This went to owner@northwind.example because you look after");
  });

  it("has one button, no token, no image, and nothing that a name could smuggle in", async () => {
    const { html, text } = await renderMail(element);
    expect([...html.matchAll(/<a\b[^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual([HREF]);
    expect(html + text).not.toMatch(/fah_[0-9A-Za-z]{7}/);
    expect(html).not.toMatch(/<img|<b>cafe/);
    expect(text).not.toMatch(/prefers-color-scheme|undefined|null/);
  });
});

describe("the digest", () => {
  it("lists a hundred keys and counts the rest", async () => {
    const { text } = await renderMail(digest(130));
    expect(text).toContain("Key 99 ");
    expect(text).not.toContain("Key 100 ");
    expect(text).toContain("And 30 more.");
  });
});

describe("the words", () => {
  it("say an instant and the days to it", () => {
    expect(sayInstant(new Date("2026-09-01T00:05:00Z"))).toBe("1 Sep 2026, 00:05 UTC");
    expect([0, 1, 30].map(sayInDays)).toEqual(["today", "in 1 day", "in 30 days"]);
  });
});
