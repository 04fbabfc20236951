import { describe, expect, it } from "vitest";
import { filesBelow, nameComplaint, pageComplaints, treeOf } from "./check-files.mjs";
import { impurityOf, NOT_YET } from "./file-kinds.mjs";
import { circlesOf } from "./import-circles.mjs";

/** The files there are, by what they say. */
const tree = (texts) => treeOf(Object.keys(texts), (file) => texts[file] ?? "");
const PURE = "export function isOver(at: Date, now: Date) {\n  return at <= now;\n}\n";
const complaint = (file, texts = {}) => nameComplaint(file, tree({ [file]: PURE, ...texts }));
const database = { "lib/platform/database/db.ts": 'import { PrismaClient } from "@/generated/prisma/client";\n' };
const reading =
  'import { db } from "@/lib/platform/database/db";\nexport function findRenewal() {\n  return db();\n}\n';

describe("what a file may be called", () => {
  it.each([
    "lib/api-keys/service.ts",
    "lib/vehicles/queries/policy.ts",
    "lib/platform/database/db.ts",
    "lib/public-api/stages/parse.ts",
    "components/api-keys/api-keys-table.tsx",
    "app/[accountToken]/layout.tsx",
  ])("%s may be", (file) => expect(complaint(file)).toBeNull());

  it.each([
    ["lib/api-keys/utils.ts", "utils is no name"],
    ["lib/vehicles/shared/policy.ts", "shared is no name"],
    ["components/ui/index.ts", "index is no name"],
    ["lib/platform/service.ts", '"service" is a word of features'],
    ["lib/clock.ts", "lib/ holds folders alone"],
    ["components/ui/IconButton.tsx", "kebab-case"],
    ["lib/api-keys/renewal.test.ts", "there is no lib/api-keys/renewal.ts that it could test"],
  ])("%s may not: %s", (file, words) => expect(complaint(file)).toContain(words));
});

describe("what a file of a feature is by what it does", () => {
  it("is a noun where it is pure, and types make nothing impure", () => {
    expect(complaint("lib/api-keys/renewal.ts")).toBeNull();
    const typed = 'import type { Pool } from "pg";\nimport { type Client } from "pg";\n';
    expect(complaint("lib/api-keys/renewal.ts", { "lib/api-keys/renewal.ts": typed + PURE })).toBeNull();
  });

  it.each([
    [
      "the database",
      { "lib/api-keys/renewal.ts": reading, ...database },
      "lib/platform/database/db.ts → the generated client",
    ],
    [
      "what reaches it",
      { "lib/api-keys/renewal.ts": 'import { a } from "./queries";', "lib/api-keys/queries.ts": reading, ...database },
      "lib/api-keys/queries.ts → lib/platform/database/db.ts",
    ],
    ["the clock", { "lib/api-keys/renewal.ts": "export const now = () => new Date();" }, "the machine's clock"],
    ["the network", { "lib/api-keys/renewal.ts": 'import { connect } from "node:net";' }, "node:net"],
    ["the network, at run time", { "lib/api-keys/renewal.ts": 'const net = await import("node:net");' }, "node:net"],
  ])("is no noun where it touches %s", (_what, texts, words) =>
    expect(complaint("lib/api-keys/renewal.ts", texts)).toContain(words),
  );

  it.each(["policy", "schema", "presenter"])("a %s is pure", (word) => {
    const file = `lib/api-keys/${word}.ts`;
    expect(complaint(file, { [file]: reading, ...database })).toContain(`a ${word} is pure, but it touches`);
  });

  it("is a step where a verb and a noun name a function of it", () => {
    const step = (file) => complaint(file, { [file]: reading, ...database });
    expect(step("lib/api-keys/find-renewal.ts")).toBeNull();
    expect(step("lib/webhooks/deliveries/find-renewal.ts")).toBeNull();
    expect(step("lib/api-keys/find-vehicle.ts")).toContain("Is it a step?");
    expect(step("lib/api-keys/renewal-find.ts")).toContain("Is it a step?");
    expect(step("lib/api-keys/find.ts")).toContain("Is it a step?");
  });

  it("lists nothing that became what it should be", () => {
    const all = treeOf(filesBelow());
    const settled = NOT_YET.filter((file) => !all.files.has(file) || impurityOf(file, all) === null);
    expect(settled).toEqual([]);
    expect(NOT_YET.length).toBeLessThanOrEqual(5);
  });
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

describe("files that import each other", () => {
  const importing = (...froms) => froms.map((from) => `import type { One } from "${from}";\n`).join("");

  it("are told as the circle that they are, also where it is types alone", () =>
    expect(
      circlesOf(
        tree({
          "app/page.tsx": importing("@/components/a/table"),
          "components/a/table.tsx": importing("./view", "./row"),
          "components/a/row.tsx": "",
          "components/a/view.tsx": 'import {\n  type Two,\n} from "@/components/a/list";\n',
          "components/a/list.tsx": 'export { Three } from "./table";\n',
        }),
      ),
    ).toEqual([["components/a/table.tsx", "components/a/view.tsx", "components/a/list.tsx"]]));

  it("are none where two import a third", () =>
    expect(circlesOf(tree({ "a.ts": importing("./c"), "b.ts": importing("./c", "./a"), "c.ts": "" }))).toEqual([]));
});
