import { describe, expect, it } from "vitest";
import { nameComplaint } from "./check-files.mjs";

describe("the words of a feature", () => {
  it.each([
    "lib/api-keys/service.ts",
    "lib/api-keys/service.test.ts",
    "lib/api-keys/service.deep.test.ts",
    "lib/vehicles/queries.ts",
    "lib/vehicles/queries/policy.ts",
    "lib/platform/db.ts",
    "lib/public-api/stages/parse.ts",
    "lib/sign-in/auth-route-https.test.ts",
    "components/api-keys/api-keys-table.tsx",
    "app/[accountToken]/layout.tsx",
  ])("%s may be", (file) => expect(nameComplaint(file)).toBeNull());

  it.each([
    ["lib/api-keys/utils.ts", "utils is no name"],
    ["components/ui/index.ts", "index is no name"],
    ["lib/api-keys/renewal.ts", '"renewal" is no word of lib/api-keys'],
    ["lib/vehicles/renewal/service.ts", '"renewal" is no word of lib/vehicles'],
    ["lib/platform/service.ts", '"service" is no word of lib/platform'],
    ["lib/clock.ts", "lib/ holds folders alone"],
    ["components/ui/IconButton.tsx", "kebab-case"],
  ])("%s may not: %s", (file, complaint) => expect(nameComplaint(file)).toContain(complaint));
});
