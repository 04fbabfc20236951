import { describe, expect, it } from "vitest";
import { z } from "zod";

import {
  camelKeys,
  dayField,
  decimalField,
  instantField,
  requiredDecimalField,
  requiredIdField,
  requiredTextField,
  textField,
  truthField,
} from "./input-fields";

const read = (field: z.ZodType, given: unknown): unknown => {
  const parsed = field.safeParse(given);
  return parsed.success ? parsed.data : parsed.error.issues.map(({ message }) => message);
};

describe("fields", () => {
  it.each([
    [" a ", "a"],
    [7, "7"],
    ["  ", null],
    [null, null],
    [true, ["must be a text"]],
    [Infinity, ["must be a text"]],
    ["a\0b", ["holds a character that cannot be stored"]],
    ["abcdef", ["has at most 5 characters"]],
  ])("read the text %j as %j", (given, value) => expect(read(textField(5), given)).toEqual(value));

  it.each([
    [1234.56, "1234.6"],
    ["1234.54", "1234.5"],
    ["0.05", "0.1"],
    [0, "0.0"],
    [".5", "0.5"],
    ["999.94", "999.9"],
    ["99999", ["has at most 4 digits before the point"]],
    ["9999.96", ["has at most 4 digits before the point"]],
    ["-1", ["must be a number that is not negative"]],
    ["1,5", ["must be a number that is not negative"]],
    [1e21, ["must be a number that is not negative"]],
    [".", ["must be a number that is not negative"]],
    ["", null],
  ])("read the number %j as %j", (given, value) =>
    expect(read(decimalField({ digits: 4, scale: 1 }), given)).toEqual(value),
  );

  it.each([
    ["2026-02-28", "2026-02-28"],
    ["2026-02-28T23:59:59-08:00", "2026-02-28"],
    ["2026-02-30", ["must be a date such as 2026-11-22"]],
    ["2026-11-22Tgarbage", ["must be a date such as 2026-11-22"]],
    ["0000-01-01", ["must be a date such as 2026-11-22"]],
    ["", null],
  ])("read the day %j as %j", (given, value) => expect(read(dayField(), given)).toEqual(value));

  it.each([
    ["2026-01-01", "2026-01-01T00:00:00.000Z"],
    ["2026-01-01 10:00", "2026-01-01T10:00:00.000Z"],
    ["2026-01-01T10:00:00.123456789", "2026-01-01T10:00:00.123Z"],
    ["2026-01-01T10:00:00+02", "2026-01-01T08:00:00.000Z"],
    ["2026-01-01T10:00:00-0530", "2026-01-01T15:30:00.000Z"],
    ["2026-01-01t10:00:00z", "2026-01-01T10:00:00.000Z"],
  ])("read the time %s as %s", (given, value) => expect(read(instantField(), given)).toEqual(new Date(value)));

  it.each([
    "now",
    "2026-13-01",
    "2026-01-01T25:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T10:00:00+25:00",
    "2026-02-30T10:00:00Z",
    5,
    {},
  ])("refuse the time %j", (given) => {
    expect(read(instantField(), given)).toEqual(["must be a time such as 2026-11-22T10:00:00Z"]);
  });

  it.each([
    [7, 7],
    ["7", 7],
    ["2147483647", 2_147_483_647],
    [2_147_483_648, ["must exist"]],
    ["0", ["must exist"]],
    ["1.5", ["must be the id of a record"]],
    [-1, ["must be the id of a record"]],
    [null, ["can't be blank"]],
  ])("read the id %j as %j", (given, value) => expect(read(requiredIdField(), given)).toEqual(value));

  it("read yes and no in the ways that clients write them", () => {
    expect([true, "true", 1, "1", false, "false", 0, "0", ""].map((given) => read(truthField(), given))).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(read(truthField(), null)).toEqual(["must be true or false, not null"]);
    expect(read(truthField(), "perhaps")).toEqual(["must be true or false"]);
  });

  it("want what is required, and leave out what was not given", () => {
    const schema = z.object({
      first_name: requiredTextField(),
      meter_value: requiredDecimalField({ digits: 3, scale: 1 }),
      street_address_line_2: textField().optional(),
    });
    expect(schema.safeParse({}).error?.issues.map(({ path, message }) => [path.join("."), message])).toEqual([
      ["first_name", "can't be blank"],
      ["meter_value", "can't be blank"],
    ]);
    expect(schema.transform(camelKeys).parse({ first_name: "Ada", meter_value: 1 })).toEqual({
      firstName: "Ada",
      meterValue: "1.0",
    });
    expect(schema.partial().transform(camelKeys).parse({ street_address_line_2: null })).toEqual({
      streetAddressLine2: null,
    });
  });

  it("say of themselves what the document needs", () => {
    const schema = z.object({ name: requiredTextField(), born: dayField(), at: instantField() }).transform(camelKeys);
    expect(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" })).toMatchObject({
      properties: {
        name: { type: "string", maxLength: 255 },
        born: { type: ["string", "null"], format: "date" },
        at: { format: "date-time" },
      },
    });
  });
});
