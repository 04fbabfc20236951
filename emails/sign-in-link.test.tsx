import { createElement } from "react";
import { describe, expect, it } from "vitest";

import { renderMail } from "@/lib/platform/mail/mailer";
import { SignInLinkMail } from "./sign-in-link";

const LINK = "https://hub.example.com/sign-in/link?token=abc&email=olivia%40example.com&next=%2F798819214b%2Fapi-keys";
const mail = () =>
  renderMail(
    createElement(SignInLinkMail, {
      name: "Olivia <West>",
      email: "olivia@example.com",
      link: LINK,
      minutes: 15,
      appUrl: "https://hub.example.com",
    }),
  );

describe("the mail with a sign-in link", () => {
  it("has one button, which leads to the link", async () => {
    const { html } = await mail();
    const links = [...html.matchAll(/<a\b[^>]*href="([^"]*)"/g)].map(([, href]) => href?.replaceAll("&amp;", "&"));
    expect(links).toEqual([LINK]);
    expect(html).toContain("Sign in");
  });

  it("says how long the link works, who gets this, and why", async () => {
    const { html, text } = await mail();
    for (const part of [html, text]) {
      expect(part).toContain("works once, for 15 minutes");
      expect(part).toContain(
        "This went to olivia@example.com because somebody entered this address on the sign-in page of hub.example.com.",
      );
    }
  });

  it("reads well as plain text, with the whole link in it", async () => {
    const { text } = await mail();
    expect(text).toContain(LINK);
    expect(text).toContain("Sign in to Fleet Advisor Hub");
    expect(text).toContain("Hello Olivia <West>,");
    expect(text).not.toMatch(/<\/?[a-z]+[ >]|prefers-color-scheme/);
  });

  it("escapes what people call themselves, is 560 px wide and knows the dark", async () => {
    const { html } = await mail();
    expect(html).toContain("Olivia &lt;West&gt;");
    expect(html).not.toContain("<West>");
    expect(html).toContain("max-width:560px");
    const dark = /prefers-color-scheme: dark\) \{\n([^]*?)\n\}/.exec(html)?.[1] ?? "";
    expect(dark).toContain(".page td { background-color: #141312 !important; }");
    // Half of it would leave light words on white.
    expect(dark.split("\n").every((rule) => rule.trim().startsWith(".page"))).toBe(true);
    expect(html).not.toContain("<img");
  });
});
