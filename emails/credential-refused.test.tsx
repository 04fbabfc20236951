import { createElement } from "react";
import { expect, it } from "vitest";

import { renderMail } from "@/lib/platform/mail/mailer";
import { CredentialRefusedMail } from "./credential-refused";

const HREF = "https://hub.example.com/798819214b/integrations/credentials?selected=7";

it("says which one, why, and where one can act", async () => {
  const { html, text } = await renderMail(
    createElement(CredentialRefusedMail, {
      name: "Depot <b>",
      reason: "The host says that this key was revoked. Make a new one there.",
      host: "fleet.example.com",
      accountName: "Acme <Fleet>",
      email: "ina@example.com",
      href: HREF,
    }),
  );
  expect([...html.matchAll(/<a\b[^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual([HREF]);
  expect(html).not.toContain("<Fleet>");
  for (const words of [
    "The credential “Depot <b>” is refused",
    "this key was revoked",
    "exchanged with fleet.example.com",
    "This went to ina@example.com",
    HREF,
  ])
    expect(text).toContain(words);
});
