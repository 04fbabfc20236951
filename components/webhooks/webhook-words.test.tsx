import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { DISABLED_REASONS } from "@/lib/webhooks/policy";
import { WebhookNotice } from "./webhook-words";

const NOW = "2026-11-30T12:00:00.000Z";
const said = (reason: (typeof DISABLED_REASONS)[number]) =>
  renderToStaticMarkup(
    <WebhookNotice webhook={{ disabled: { reason, at: NOW }, failingSince: null }} now={NOW} />,
  ).replaceAll(/<[^>]+>/g, "");

describe("a webhook that is disabled", () => {
  it.each(DISABLED_REASONS)("says that nothing is sent, and why: %s", (reason) => {
    expect(said(reason)).toMatch(/^Disabled: (?!undefined)\S.*Nothing is sent/);
  });

  it("says what to do where its secret was lost, and only there", () => {
    const what = "put that into the receiver, then enable the webhook";
    expect(DISABLED_REASONS.filter((reason) => said(reason).includes(what))).toEqual(["secret_lost"]);
  });
});
