import { expect, it } from "vitest";
import { z } from "zod";

import { errorsByField } from "@/lib/platform/field-errors";
import { changesOf, placeErrors } from "./form-values";

const NAMES = ["name", "date", "scopes", "reach"];

it("says by its path what a schema has against a part of the input", () => {
  const schema = z.object({ name: z.string().min(1, "Name it."), ips: z.array(z.ipv4("No address.")) });
  const { error } = schema.safeParse({ name: "", ips: ["203.0.113.7", "x"] });
  expect(error && errorsByField(error)).toEqual({ name: ["Name it."], "ips.1": ["No address."] });
});

it("puts errors in the order in which the fields stand, in whatever order they came", () => {
  const errors = { reach: ["Choose."], "scopes.0": ["Unknown."], name: ["Too long.", "Too odd."] };
  expect(placeErrors(errors, NAMES, {})).toEqual({
    at: [
      ["name", "Too long. Too odd."],
      ["scopes", "Unknown."],
      ["reach", "Choose."],
    ],
    elsewhere: [],
  });
});

it("says what is wrong with no field of the form beside the sentence of the whole", () => {
  const fieldOf = (path: string) => (path === "expiry.date" ? "date" : undefined);
  expect(placeErrors({ "expiry.date": ["Too late."], id: ["Not there."] }, NAMES, { fieldOf })).toEqual({
    at: [["date", "Too late."]],
    elsewhere: ["Not there."],
  });
});

it("calls a change what is not as it was, lists by what they hold", () => {
  const seen = { name: "Van 7", scopes: ["a"], active: true };
  expect(changesOf({ ...seen, scopes: ["a"] }, seen)).toEqual({});
  expect(changesOf({ ...seen, scopes: ["b"], active: false }, seen)).toEqual({
    scopes: { was: ["a"], is: ["b"] },
    active: { was: true, is: false },
  });
});
