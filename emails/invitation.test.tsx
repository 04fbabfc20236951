import { createElement } from "react";
import { describe, expect, it } from "vitest";

import { renderMail } from "@/lib/platform/mail/mailer";
import { InvitationMail, type InvitationMailProps } from "./invitation";

const LINK = "https://hub.example.com/invitation?token=abc-DEF_123";
const mail = (role: InvitationMailProps["role"] = "administrator") =>
  renderMail(
    createElement(InvitationMail, {
      accountName: "Acme <Fleet>",
      role,
      inviter: "Olivia West",
      email: "ina@example.com",
      days: 7,
      link: LINK,
    }),
  );

describe("the mail of an invitation", () => {
  it("has one button, which leads to the page where one accepts", async () => {
    const { html } = await mail();
    const links = [...html.matchAll(/<a\b[^>]*href="([^"]*)"/g)].map(([, href]) => href?.replaceAll("&amp;", "&"));
    expect(links).toEqual([LINK]);
    expect(html).toContain("See the invitation");
  });

  it("says who invites, what one may do then, for how long it is good, and why one gets it", async () => {
    const { html, text } = await mail();
    expect(html).toContain("Acme &lt;Fleet&gt;");
    expect(html).not.toContain("<Fleet>");
    for (const words of [
      "Olivia West invites you to Acme <Fleet>",
      "you can manage its API keys, webhooks and members",
      "good for 7 days",
      "This went to ina@example.com",
      LINK,
    ]) {
      expect(text).toContain(words);
    }
  });

  it.each([
    ["owner", "As an owner you can do everything"],
    ["member", "As a member you can see its API keys"],
  ] as const)("to %s: %s", async (role, words) => {
    expect((await mail(role)).text).toContain(words);
  });
});
