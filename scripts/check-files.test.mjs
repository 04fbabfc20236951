import { describe, expect, it } from "vitest";
import { nameComplaint, pageComplaints } from "./check-files.mjs";

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

describe("the pages that a text names", () => {
  const files = ["README.md", "docs/architecture.md", "docs/decisions/README.md", "docs/decisions/0001-one.md"];

  it.each([
    ["lib/a/policy.ts", "// docs/architecture.md: why"],
    ["docs/decisions/README.md", "[one](0001-one.md), [house](../architecture.md)"],
    ["docs/architecture.md", "Look at [the first](decisions/0001-one.md)."],
    ["lib/a/policy.ts", "https://example.com/guide.md"],
  ])("%s may say %s", (file, text) => expect(pageComplaints(file, text, files)).toEqual([]));

  it("is told of a page that is not there", () =>
    expect(pageComplaints("lib/a/policy.ts", "/** product.md, Keys. */", files)).toEqual([
      expect.stringContaining("names product.md, which is not there"),
    ]));

  it("is told of a record without a line in the index", () =>
    expect(pageComplaints("docs/decisions/README.md", "nothing", files)).toEqual([
      "docs/decisions/0001-one.md has no line in the index.",
    ]));
});
