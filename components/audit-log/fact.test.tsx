import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";

import { Fact } from "./fact";

const said = (name: string, value: unknown) => renderToStaticMarkup(<Fact name={name} value={value} />);

describe("a fact of an audit entry", () => {
  it.each<[string, unknown, string]>([
    ["reason", "reported_leaked", "reported leaked"],
    ["fuelVolumeUnits", "us_gallons", "us gallons"],
    ["name", "nightly_export", "nightly_export"],
    ["scopes", ["vehicles.read", "vehicle_assignments.read"], "vehicles.read, vehicle_assignments.read"],
    ["allowedIps", [], "none"],
    [
      "customFields",
      { liftgate: false, cost_center: null, depot: "North" },
      "liftgate: no, cost_center: none, depot: North",
    ],
    ["externalIds", {}, "none"],
    ["labels", null, "none"],
    ["required", true, "yes"],
    ["place", 3, "3"],
  ])("%s %j reads %s", (name, value, words) => expect(said(name, value)).toBe(words));
});
