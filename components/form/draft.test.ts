import { expect, it } from "vitest";

import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import { keepable } from "./draft";

const typed = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).map(([name, is]) => [name, { was: "", is }]));

it.each(["password", "newPassword", "clientSecret", "token", "accessToken", "authorization", "credentials"])(
  "never keeps a field called %s",
  (name) =>
    expect(keepable(typed({ [name]: "whatever", description: "kept" }))).toEqual(typed({ description: "kept" })),
);

it("never keeps a text that holds a key of ours, whatever its field is called", () => {
  const { token } = mintApiKeyToken();
  expect(keepable(typed({ notes: `use ${token} here`, lines: ["a", token], name: "kept" }))).toEqual(
    typed({ name: "kept" }),
  );
});

it("keeps a tick that says what becomes of a secret", () => {
  const ticked = typed({ dropsAuthorization: true });
  expect(keepable(ticked)).toEqual(ticked);
});
