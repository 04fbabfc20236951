import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import type { StuckMail } from "@/lib/notifications/queries";
import { StuckMailNotice } from "./stuck-mail-notice";

const NOW = "2026-11-30T12:00:00.000Z";
const STUCK: StuckMail = { notices: 12, people: 3, since: "2026-11-21T12:00:00.000Z", lastAnswer: null };
const said = (stuck: StuckMail | null) =>
  renderToStaticMarkup(<StuckMailNotice stuck={stuck} now={NOW} />).replaceAll(/<[^>]+>/g, "");

describe("mail that is stuck", () => {
  it("says nothing where there is none", () => expect(said(null)).toBe(""));

  it("says how much, since when, and what to do", () => {
    const words = said(STUCK);
    expect(words).toContain("12 notices about this account’s API keys, to 3 people, are stuck");
    expect(words).toMatch(/since 21 Nov 2026/);
    expect(words).toContain("No answer to an attempt is on record.");
    expect(words).toContain("Tell whoever runs this hub to look at the provider’s status, at RESEND_API_KEY");
    expect(said({ ...STUCK, notices: 1, people: 1 })).toContain(
      "1 notice about this account’s API keys, to 1 person, is stuck",
    );
  });

  it.each([
    ["invalid_api_key", "does not know the hub’s key"],
    ["validation_error", "The mail provider refused: validation_error."],
    ["application_error", "without a clear answer (application_error)"],
    ["no_clear_answer", "may be unreachable, or something in front of it answers in its place"],
  ])("says of %s: %s", (lastAnswer, words) => expect(said({ ...STUCK, lastAnswer })).toContain(words));
});
