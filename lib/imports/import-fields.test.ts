import { describe, expect, it } from "vitest";

import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { columnComplaints, importFields, matchColumns } from "./import-fields";
import { readRow, sayRefusal } from "./row-reading";
import { IMPORTED_RECORDS } from "@/lib/resources";

const definition = (label: string, choice: Partial<CustomFieldDefinition> = {}): CustomFieldDefinition => ({
  id: 1,
  recordType: "vehicle",
  label,
  key: label.toLowerCase().replaceAll(" ", "_"),
  dataType: "text",
  required: false,
  choices: [],
  ...choice,
});
const CUSTOM = [
  definition("Cost Center", { required: true }),
  definition("Color"),
  definition("Leased", { dataType: "checkbox" }),
];
const VEHICLE = importFields("vehicles", CUSTOM);
const known = (fields = VEHICLE) => new Map(fields.map((field) => [field.name, field]));

describe("matchColumns", () => {
  it("takes the API's names, the labels on screen, and the other names, in whatever case", () => {
    const headers = ["name", "License plate", "VEHICLE_TYPE", "Status", "meter unit", "Vehicle Type Name", "Price"];
    expect(matchColumns(headers, VEHICLE)).toEqual([
      "name",
      "license_plate",
      null,
      "vehicle_status_name",
      "primary_meter_unit",
      "vehicle_type_name",
      null,
    ]);
  });

  it("takes custom fields by key, by label and by their place in the API; a field of the record goes first", () => {
    expect(matchColumns(["cost_center", "color", "custom_fields.color"], VEHICLE)).toEqual([
      "custom_fields.cost_center",
      "color",
      "custom_fields.color",
    ]);
    expect(matchColumns(["COST CENTER"], VEHICLE)).toEqual(["custom_fields.cost_center"]);
  });

  it("fills a field from one column, and leaves a column without a name out", () => {
    expect(matchColumns(["Name", "name", ""], VEHICLE)).toEqual(["name", null, null]);
  });

  it.each(IMPORTED_RECORDS)("knows every field of %s by its name and by its label", (record) => {
    const fields = importFields(record, []);
    const names = fields.map(({ name }) => name);
    expect(matchColumns(names, fields)).toEqual(names);
    expect(
      matchColumns(
        fields.map(({ label }) => label),
        fields,
      ),
    ).toEqual(names);
  });
});

describe("columnComplaints", () => {
  it("names what is missing, what is filled twice and what is gone", () => {
    const chosen = ["name", "name", "vehicle_type_name", "custom_fields.gone", null];
    expect(columnComplaints(chosen, VEHICLE)).toEqual([
      "There is no field custom_fields.gone any more. Choose another.",
      "Name is filled by two columns. Leave one out.",
      "Status is required: choose the column that holds it.",
      "Meter unit is required: choose the column that holds it.",
      "Cost Center is required: choose the column that holds it.",
    ]);
  });
});

describe("readRow", () => {
  it("says nothing of empty cells and of columns that are left out; reads choices, truths and lists as people write them", () => {
    const columns = ["name", "vin", null, "ownership", "labels", "custom_fields.leased", "custom_fields.color"];
    expect(readRow(["Van 1", "", "x", "Leased", "North; EV", "Yes", "red"], columns, known())).toEqual({
      given: {
        name: "Van 1",
        ownership: "leased",
        labels: ["North", "EV"],
        custom_fields: { leased: "true", color: "red" },
      },
      vehicle: null,
      contact: null,
    });
  });

  it("puts readings and comments where the API has them, and names vehicle and contact", () => {
    const fields = known(importFields("vehicle_assignments", []));
    const columns = ["vehicle", "contact", "starting_meter_entry_value", "comment"];
    expect(readRow(["Van 1", "dana@example.com", "10", "With trailer"], columns, fields)).toEqual({
      given: {
        starting_meter_entry_attributes: { value: "10" },
        comments_attributes: [{ comment: "With trailer" }],
      },
      vehicle: "Van 1",
      contact: "dana@example.com",
    });
  });
});

describe("sayRefusal", () => {
  it("speaks in the words of the columns", () => {
    const fields = {
      vin: ["has already been taken"],
      vehicle_type_id: ["can't be blank"],
      "custom_fields.color": ["must be one of red"],
      base: ["No."],
    };
    expect(sayRefusal(fields, "Some fields need another look.", known())).toBe(
      "VIN: has already been taken; Type: can't be blank; Color: must be one of red; No.",
    );
    expect(sayRefusal({}, "This vehicle is archived.", known())).toBe("This vehicle is archived.");
  });
});
