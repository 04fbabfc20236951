import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createElement, type ReactElement } from "react";

import { ApiKeyCreatorLeftMail } from "@/emails/api-key-creator-left";
import { ApiKeyCreatedMail } from "@/emails/api-key-created";
import { ApiKeyExpiredMail } from "@/emails/api-key-expired";
import { ApiKeyExpiringMail } from "@/emails/api-key-expiring";
import { ApiKeyLeakedMail } from "@/emails/api-key-leaked";
import { ApiKeyRegeneratedMail } from "@/emails/api-key-regenerated";
import { ApiKeyRevokedMail } from "@/emails/api-key-revoked";
import { ApiKeysDigestMail } from "@/emails/api-keys-digest";
import { InvitationMail } from "@/emails/invitation";
import { SignInLinkMail } from "@/emails/sign-in-link";
import { WebhookDisabledMail } from "@/emails/webhook-disabled";
import { renderMail } from "@/lib/platform/mail/mailer";

const FOLDER = ".build/emails";
const APP_URL = "https://hub.example.com";

const KEY = {
  keyName: "Keycafe",
  prefix: "fah_Xk29Qd",
  accountName: "Northwind Fleet Advisors",
  email: "owner@northwind.example",
  expiresAt: "21 Dec 2026, 14:05 UTC",
  href: `${APP_URL}/798819214b/api-keys/7`,
  deed: { by: "Adam Reyes", at: "21 Nov 2026, 14:05 UTC", ip: "203.0.113.7" },
};
const LISTED = [
  "Nexla connector",
  "Reporting script",
  "Telematics bridge",
  "Fuel card import",
  "Payroll export",
  "Driver app",
];

/** Every template with what it may have to say. */
const MAILS: Readonly<Record<string, ReactElement>> = {
  "api-key-created": createElement(ApiKeyCreatedMail, KEY),
  "api-key-regenerated": createElement(ApiKeyRegeneratedMail, KEY),
  "api-key-revoked": createElement(ApiKeyRevokedMail, { ...KEY, ownerLeft: false }),
  "api-key-revoked-owner-left": createElement(ApiKeyRevokedMail, { ...KEY, deed: null, ownerLeft: true }),
  "api-key-creator-left": createElement(ApiKeyCreatorLeftMail, { ...KEY, creator: "Liam Novak" }),
  "api-key-leaked": createElement(ApiKeyLeakedMail, KEY),
  "api-key-expiring": createElement(ApiKeyExpiringMail, { ...KEY, deed: null, days: 30 }),
  "api-key-expired": createElement(ApiKeyExpiredMail, { ...KEY, deed: null }),
  "api-keys-digest": createElement(ApiKeysDigestMail, {
    title: "6 API keys expire: the first, “Nexla connector”, in 1 day",
    isAboutDeeds: false,
    hasAnyLeft: true,
    keys: LISTED.map((name, index) => ({
      id: index,
      name,
      prefix: "fah_Xk29Qd",
      accountName: KEY.accountName,
      says: `expires in ${index + 1} ${index === 0 ? "day" : "days"}, on ${index + 22} Nov 2026, 14:05 UTC`,
    })),
    email: KEY.email,
    href: `${APP_URL}/798819214b/api-keys?status=expiring`,
  }),
  "webhook-disabled": createElement(WebhookDisabledMail, {
    url: "https://keys.example.com/hooks/fleet",
    reason: "failing",
    failingSince: "16 Nov 2026, 09:12 UTC",
    accountName: KEY.accountName,
    email: KEY.email,
    href: `${APP_URL}/798819214b/webhooks/7`,
  }),
  invitation: createElement(InvitationMail, {
    accountName: KEY.accountName,
    role: "administrator",
    inviter: "Olivia West",
    email: "adam@northwind.example",
    days: 7,
    link: `${APP_URL}/invitation?token=shown-in-the-mail-alone`,
  }),
  "sign-in-link": createElement(SignInLinkMail, {
    name: "Olivia West",
    email: KEY.email,
    link: `${APP_URL}/sign-in/link?token=shown-in-the-mail-alone`,
    minutes: 15,
    appUrl: APP_URL,
  }),
};

mkdirSync(FOLDER, { recursive: true });
for (const [name, element] of Object.entries(MAILS)) {
  const { html, text } = await renderMail(element);
  for (const [suffix, part] of [
    ["html", html],
    ["txt", text],
  ] as const)
    writeFileSync(path.join(FOLDER, `${name}.${suffix}`), part);
  console.log(path.join(FOLDER, `${name}.html`));
}
