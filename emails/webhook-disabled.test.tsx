import { createElement } from "react";
import { describe, expect, it } from "vitest";

import { renderMail } from "@/lib/platform/mail/mailer";
import { WebhookDisabledMail, type WebhookDisabledMailProps } from "./webhook-disabled";

const HREF = "https://hub.example.com/798819214b/webhooks/7";
const mail = (changes: Partial<WebhookDisabledMailProps> = {}) =>
  renderMail(
    createElement(WebhookDisabledMail, {
      url: "https://keys.example.com/hooks?key=<b>",
      reason: "failing",
      failingSince: "16 Nov 2026, 09:12 UTC",
      accountName: "Acme <Fleet>",
      email: "ina@example.com",
      href: HREF,
      ...changes,
    }),
  );

describe("the mail of a webhook that was disabled", () => {
  it("says which one, since when, what that means, and where one can act", async () => {
    const { html, text } = await mail();
    expect([...html.matchAll(/<a\b[^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual([HREF]);
    expect(html).not.toContain("<Fleet>");
    for (const words of [
      "The webhook to keys.example.com was disabled",
      "https://keys.example.com/hooks?key=<b>",
      "Nothing but failures came back since 16 Nov 2026, 09:12 UTC.",
      "Nothing is sent to it any more",
      "This went to ina@example.com",
      HREF,
    ]) {
      expect(text).toContain(words);
    }
  });

  it("says that the receiver is gone", async () => {
    expect((await mail({ reason: "gone", failingSince: null })).text).toContain("answered 410");
    expect((await mail({ failingSince: null })).text).toContain("failures came back for 5 days");
  });
});
