import { describe, expect, it } from "vitest";

import { ACCOUNT_STATUSES, customerVerbs, includesApi, PLANS } from "./policy";

describe("customerVerbs", () => {
  it.each([
    ["active", ["changePlan", "deactivate"]],
    ["trial", ["changePlan", "deactivate"]],
    ["past_due", ["changePlan", "deactivate"]],
    ["suspended", ["changePlan", "deactivate"]],
    ["canceled", ["changePlan", "reactivate"]],
  ] as const)("%s", (status, verbs) => {
    expect(customerVerbs({ status, hasOwner: true }, true)).toEqual(verbs);
    expect(customerVerbs({ status, hasOwner: false }, true)).toEqual([...verbs, "inviteOwner"]);
    for (const hasOwner of [true, false]) expect(customerVerbs({ status, hasOwner }, false)).toEqual([]);
  });

  it("is told of every status", () => {
    expect(ACCOUNT_STATUSES).toHaveLength(5);
  });
});

describe("includesApi", () => {
  it("is what professional and premium have and starter lacks", () => {
    expect(PLANS.filter(includesApi)).toEqual(["professional", "premium"]);
  });
});
