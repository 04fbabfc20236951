import { describe, expect, it } from "vitest";

import {
  defaultVehicleSettings,
  isVin,
  meterFacts,
  METER_READINGS_NEEDED,
  unitMeant,
  vinCheckDigit,
  vinWarning,
  type MeterReading,
} from "./policy";

let lastId = 0;
const reading = (date: string, value: string, isVoid = false): MeterReading => ({
  id: ++lastId,
  date,
  takenAt: null,
  value,
  isVoid,
});
const timed = (takenAt: string, value: string, date = takenAt.slice(0, 10)): MeterReading => ({
  ...reading(date, value),
  takenAt,
});

describe("meterFacts", () => {
  it("has nothing to say without a reading, or with void ones alone", () => {
    const none = { value: "0.0", date: null, usagePerDay: null };
    expect(meterFacts([])).toEqual(none);
    expect(meterFacts([reading("2026-01-01", "5.0", true)])).toEqual(none);
  });

  it("takes the latest day, and of one day the highest reading, in whatever order they come", () => {
    const readings = [
      reading("2026-01-11", "1150.5"),
      reading("2026-01-01", "1000"),
      reading("2026-01-11", "1100"),
      reading("2026-02-01", "9999", true),
    ];
    expect(meterFacts(readings)).toEqual({ value: "1150.5", date: "2026-01-11", usagePerDay: "15.05" });
    expect(meterFacts(readings.toReversed())).toEqual(meterFacts(readings));
  });

  it("says nothing by what a higher reading of the same day outdoes", () => {
    const readings = [reading("2026-01-01", "10.0"), reading("2026-01-01", "1000"), reading("2026-01-11", "1100")];
    expect(meterFacts(readings)).toEqual({ value: "1100.0", date: "2026-01-11", usagePerDay: "10.00" });
  });

  it("takes the later of two times, whatever day it was where they were read", () => {
    const tokyo = timed("2026-01-10T20:00:00Z", "500", "2026-01-11");
    const chicago = timed("2026-01-11T03:00:00Z", "510", "2026-01-10");
    expect(meterFacts([tokyo, chicago])).toMatchObject({ value: "510.0", date: "2026-01-10" });
    expect(meterFacts([timed("2026-01-11T08:00:00Z", "100"), reading("2026-01-11", "120")]).value).toBe("120.0");
  });

  it.each([
    ["one reading", [reading("2026-01-01", "10.0")]],
    ["two of one day", [reading("2026-01-01", "10.0"), reading("2026-01-01", "20.0")]],
    ["a meter that went back", [reading("2026-01-01", "500.0"), reading("2026-01-05", "3.0")]],
  ])("knows no usage from %s", (_case, readings) => {
    expect(meterFacts(readings).usagePerDay).toBeNull();
  });

  it("looks no further back than it says", () => {
    const days = Array.from(
      { length: METER_READINGS_NEEDED + 1 },
      (_, index) => `2026-01-${String(index + 1).padStart(2, "0")}`,
    );
    const readings = days.map((date, index) => reading(date, index === 0 ? "0" : String(1000 + index)));
    expect(meterFacts(readings).usagePerDay).toBe("1.00");
    expect(meterFacts(readings.slice(1))).toEqual(meterFacts(readings));
  });
});

describe("a VIN", () => {
  it.each(["1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715", "1HGCM82633A004352"])(
    "%s has a check digit that fits",
    (vin) => {
      expect(isVin(vin)).toBe(true);
      expect(vinCheckDigit(vin)).toBe(vin[8]);
      expect(vinWarning(vin)).toBeNull();
    },
  );

  it("is doubtful when one character was mistyped, and never refused for it", () => {
    expect(isVin("1M8GDM9AXKP042789")).toBe(true);
    expect(vinWarning("1M8GDM9AXKP042789")).toContain("check digit");
    expect(vinWarning(null)).toBeNull();
  });

  it.each([
    "",
    "1M8GDM9AXKP04278",
    "1M8GDM9AXKP0427888",
    "IM8GDM9AXKP042788",
    "1O8GDM9AXKP042788",
    "1Q8GDM9AXKP042788",
    "1m8gdm9axkp042788",
    "1M8GDM9AXKP04278 ",
  ])("is not %j", (text) => {
    expect(isVin(text)).toBe(false);
  });
});

describe("a meter's unit by its two names", () => {
  it.each([
    [{ primaryMeterUnit: "mi", meterUnit: "km" }, "km"],
    [{ primaryMeterUnit: "km", meterUnit: "mi" }, "km"],
    [{ primaryMeterUnit: "hr", meterUnit: "km" }, "hr"],
    [{ meterUnit: "km" }, "km"],
    [{ meterUnit: "mi" }, undefined],
    [{ primaryMeterUnit: "mi", meterUnit: "mi" }, "mi"],
    [{}, undefined],
  ] as const)("is the one that was changed: %j", (given, meant) => {
    expect(unitMeant({ primaryMeterUnit: "mi" }, given)).toBe(meant);
  });
});

describe("a new account's settings", () => {
  it("have one default type and one default status, the one that vehicles start in", () => {
    const { types, statuses } = defaultVehicleSettings();
    expect(types.filter(({ isDefault }) => isDefault)).toHaveLength(1);
    expect(statuses.filter(({ isDefault }) => isDefault)).toEqual([
      { name: "Active", color: "green", position: 1, isDefault: true },
    ]);
    expect(new Set(types.map(({ name }) => name)).size).toBe(types.length);
    expect(types.map(({ name }) => name)).toContain("Vehicle");
  });
});
