import { describe, expect, it } from "vitest";

import { economyTexts, economyUnit, usageTexts } from "./policy";

const known = (texts: Readonly<Record<string, string | null>>) =>
  Object.fromEntries(Object.entries(texts).filter(([, text]) => text !== null));

describe("economy", () => {
  it("is distance by volume and money by distance, in miles and kilometres alike", () => {
    const use = { usage: "500.0", liters: "111.064", amount: "101.52" };
    expect(known(economyTexts("mi", use))).toEqual({
      kpl: "7.2451",
      lp100k: "13.8024",
      mpg_uk: "20.4661",
      mpg_us: "17.0416",
      cost_per_km: "0.1262",
      cost_per_mi: "0.203",
    });
    const sameInKilometres = economyTexts("km", { ...use, usage: "804.672" });
    expect(sameInKilometres).toEqual(economyTexts("mi", use));
  });

  it("is volume and money by hour where the meter counts hours", () => {
    expect(known(economyTexts("hr", { usage: "10", liters: "37.85411784", amount: "40" }))).toEqual({
      liters_per_hr: "3.7854",
      uk_gallons_per_hr: "0.8327",
      us_gallons_per_hr: "1.0",
      cost_per_hr: "4.0",
    });
  });

  it.each([
    ["nothing is known", null],
    ["it stood still", { usage: "0.0", liters: "10", amount: "5" }],
    ["the meter ran back", { usage: "-5.0", liters: "10", amount: "5" }],
  ])("is unknown where %s", (_, use) => {
    for (const unit of ["mi", "km", "hr"] as const) expect(known(economyTexts(unit, use))).toEqual({});
  });

  it("knows what it can without an amount or a volume", () => {
    expect(Object.keys(known(economyTexts("km", { usage: "10", liters: "1", amount: null })))).toEqual([
      "kpl",
      "lp100k",
      "mpg_uk",
      "mpg_us",
    ]);
    expect(known(economyTexts("km", { usage: "10", liters: "0", amount: "0" }))).toEqual({
      lp100k: "0.0",
      cost_per_km: "0.0",
      cost_per_mi: "0.0",
    });
  });

  it("is told in the unit of the vehicle's meter and pump", () => {
    expect(economyUnit("mi", "us_gallons")).toBe("mpg_us");
    expect(economyUnit("mi", "liters")).toBe("mpg_uk");
    expect(economyUnit("km", "liters")).toBe("lp100k");
    expect(economyUnit("km", "uk_gallons")).toBe("kpl");
    expect(economyUnit("hr", "uk_gallons")).toBe("uk_gallons_per_hr");
  });
});

describe("usage", () => {
  it("is in every unit of its kind, and unknown where the meter ran back", () => {
    expect(usageTexts("mi", "100.0")).toEqual({ usage_in_hr: null, usage_in_km: "160.9344", usage_in_mi: "100.0" });
    expect(usageTexts("km", "160.9")).toEqual({ usage_in_hr: null, usage_in_km: "160.9", usage_in_mi: "99.9786" });
    expect(usageTexts("hr", "7.5")).toEqual({ usage_in_hr: "7.5", usage_in_km: null, usage_in_mi: null });
    for (const usage of [null, "-1.0"]) expect(known(usageTexts("mi", usage))).toEqual({});
  });
});
