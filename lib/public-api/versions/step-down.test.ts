import { describe, expect, it } from "vitest";

import { API_VERSIONS, LATEST_API_VERSION } from "./api-versions";
import { knowsFilterAndSort, listsAsArray, stepDown } from "./step-down";

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

  it("name a vehicle's unit as they knew it, and leave other records alone", () => {
    const vehicle = { id: 1, primary_meter_unit: "mi" };
    expect(stepDown("vehicles", "2025-05-05", vehicle)).toEqual(vehicle);
    for (const version of API_VERSIONS.slice(0, -1))
      expect(stepDown("vehicles", version, vehicle)).toEqual({ id: 1, meter_unit: "mi" });
    expect(stepDown("accounts", "2023-03-01", { id: 1 })).toEqual({ id: 1 });
  });

  it("know filter and sort from 2024-01-01 on", () => {
    expect(API_VERSIONS.filter((version) => !knowsFilterAndSort(version))).toEqual(["2023-03-01"]);
  });
});
