import { describe, expect, it } from "vitest";

import { API_VERSIONS, LATEST_API_VERSION } from "./api-versions";
import { defaultPageSize, knowsFilterAndSort, listsAsArray, stepDown } from "./step-down";

describe("versions", () => {
  it("are in order, the latest last", () => {
    expect([...API_VERSIONS].sort()).toEqual(API_VERSIONS);
    expect(API_VERSIONS.at(-1)).toBe(LATEST_API_VERSION);
  });

  it.each([
    ["accounts", ["2023-03-01", "2024-01-01", "2024-03-15"]],
    ["webhooks", ["2023-03-01", "2024-01-01", "2024-03-15"]],
    ["vehicles", ["2023-03-01"]],
  ])("list %s as an array in %s", (resource, versions) => {
    expect(API_VERSIONS.filter((version) => listsAsArray(resource, version))).toEqual(versions);
  });

  it.each(API_VERSIONS)("take no name away (%s)", (version) => {
    const vehicle = { id: 1, primary_meter_unit: "mi", meter_unit: "mi" };
    expect(stepDown("vehicles", version, vehicle)).toMatchObject(vehicle);
    expect(stepDown("accounts", version, { id: 1 })).toEqual({ id: 1 });
  });

  it("hold 50 records a page unless it is said, the oldest 100", () => {
    expect(API_VERSIONS.map(defaultPageSize)).toEqual([100, 50, 50, 50, 50]);
  });

  it("know filter and sort from 2024-01-01 on", () => {
    expect(API_VERSIONS.filter((version) => !knowsFilterAndSort(version))).toEqual(["2023-03-01"]);
  });
});
