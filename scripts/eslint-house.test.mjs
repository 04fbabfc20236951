import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import { DOORS, featuresOf, importComplaint, serverActions } from "./eslint-house.mjs";
import { boundedNumbers, keysWithinReach } from "./eslint-numbers-and-keys.mjs";

const features = ["api-keys", "vehicles"];
const complaint = (from, to, typeOnly = false) => importComplaint({ from, to, typeOnly, features });

describe("which way imports run", () => {
  it.each([
    ["lib/api-keys/service", "lib/audit-log/mutate"],
    ["lib/api-keys/service", "lib/vehicles/policy"],
    ["lib/jobs/define-job", "lib/auth/permit"],
    ["lib/entry/attempt", "lib/auth/session"],
    ["lib/audit-log/downloads", "lib/entry/download"],
    ["components/api-keys/table", "lib/api-keys/actions"],
    ["components/api-keys/table", "components/ui/button"],
    ["app/api-keys/page", "lib/api-keys/queries"],
    ["server/worker", "lib/api-keys/jobs"],
    ["prisma/factories/accounts-and-keys", "lib/platform/database/write-db"],
    ["lib/platform/database/db", "generated/prisma/client"],
    ["lib/imports/run-import", "lib/platform/database/write-db"],
  ])("%s may import %s", (from, to) => expect(complaint(from, to)).toBeNull());

  it.each([
    ["lib/platform/mail/mailer", "lib/auth/permit", "lib/platform stands left of lib/auth"],
    ["lib/auth/session", "lib/api-keys/policy", "lib/auth stands left of lib/<feature>"],
    ["lib/auth/session", "lib/entry/refusals", "lib/auth stands left of lib/entry"],
    ["lib/entry/action", "lib/audit-log/mutate", "lib/entry stands left of lib/audit-log"],
    ["lib/api-keys/service", "components/ui/button", "stands left of components"],
    ["server/main", "app/page", "server/ doesn't import pages"],
    ["lib/api-keys/service", "prisma/factories/accounts-and-keys", "holds entry points"],
    ["lib/api-keys/service", "testing/free-port", "holds entry points"],
    ["scripts/migrate", "testing/own-database", "for tests, e2e, bench and the seed alone"],
    ["lib/api-keys/service", "lib/vehicles/service", "only queries, policy, presenter, schema"],
    ["lib/api-keys/service", "lib/platform/database/write-db", "Writing goes through mutate()"],
    ["lib/api-keys/queries", "generated/prisma/client", "Only lib/platform/database/db.ts"],
    ["components/api-keys/table", "lib/api-keys/queries", "only actions, schema, policy"],
    ["components/ui/button", "lib/api-keys/policy", "knows no product word"],
    ["components/ui/button", "components/api-keys/table", "knows no product word"],
    ["app/api-keys/page", "lib/platform/database/db", "A page asks for a permit"],
    ["app/api-keys/page", "lib/audit-log/mutate", "A page asks for a permit"],
    ["app/api-keys/page", "lib/api-keys/service", "A page asks for a permit"],
  ])("%s may not import %s: %s", (from, to, words) => expect(complaint(from, to)).toContain(words));

  it("lets a component take types from anywhere in a feature", () => {
    expect(complaint("components/api-keys/table", "lib/api-keys/queries", true)).toBeNull();
  });

  it("reads the features from disk", () => {
    expect(featuresOf(process.cwd())).toContain("api-keys");
    expect(featuresOf(process.cwd())).not.toContain("platform");
  });
});

it("lets a new token be handed over to who keeps it, and nothing else out of a service", () => {
  const from = "lib/integration-credentials/service";
  const given = { to: "lib/api-keys/service", typeOnly: false, features: [...features, "integration-credentials"] };
  const taking = (names, by = from) => importComplaint({ ...given, from: by, names });
  expect(taking(["createInto", "regenerateInto"])).toBeNull();
  for (const names of [["createApiKey"], ["createInto", "revokeApiKey"], null])
    expect(taking(names)).toContain("only queries, policy, presenter, schema");
  expect(taking(["createInto"], "lib/vehicles/service")).toContain("only queries, policy, presenter, schema");
});

describe("the doors", () => {
  it.each([
    ["lib/platform/database/write-db", "lib/platform/database/pool", "writePool"],
    ["lib/webhooks/deliveries/claim-deliveries", "lib/platform/database/pool", "writePool"],
    ["lib/api-keys/queries", "lib/platform/database/pool", "LONGEST_WAIT_MS"],
    ["lib/platform/database/pool", "package:pg", "Pool"],
    ["lib/entry/attempt", "lib/auth/permit", "authorize"],
    ["lib/public-api/stages/permission", "lib/auth/permit", "authorize"],
    ["lib/api-keys/service", "lib/auth/permit", "mayDo"],
    ["lib/public-api/stages/envelope", "lib/public-api/api-request", "bodyOf"],
  ])("%s has a key to %s %s", (from, to, name) => {
    expect(importComplaint({ from, to, typeOnly: false, features, names: [name] })).toBeNull();
  });

  it.each([
    ["lib/api-keys/service", "lib/platform/database/pool", ["writePool"], "Writing goes through mutate()"],
    ["lib/api-keys/service", "lib/platform/database/pool", null, "Writing goes through mutate()"],
    ["server/edge", "lib/platform/database/pool", ["writePool"], "Writing goes through mutate()"],
    ["app/api-keys/page", "lib/platform/database/pool", ["readPool"], "Reading goes through db()"],
    ["lib/api-keys/service", "package:pg", ["Pool"], "Connections are made in lib/platform"],
    ["app/api-keys/page", "lib/auth/permit", ["authorize"], "A permit comes from a way in"],
    ["lib/public-api/define-endpoint", "lib/auth/permit", ["authorize"], "A permit comes from a way in"],
    ["lib/public-api/define-endpoint", "lib/public-api/api-request", ["bodyOf"], "A body is read by openBody()"],
  ])("%s has none to %s %s: %s", (from, to, names, words) => {
    expect(importComplaint({ from, to, typeOnly: false, features, names })).toContain(words);
    expect(importComplaint({ from, to, typeOnly: true, features, names: [] })).toBeNull();
  });

  it("has no key that opens nothing", () => {
    const filesIn = (folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => path.posix.join(folder, file));
    const sources = ["lib", "server"].flatMap(filesIn).filter((file) => /(?<!\.test|\.test-d)\.tsx?$/.test(file));
    const imports = sources.map((file) => [file.replace(/\.tsx?$/, ""), readFileSync(file, "utf8")]);
    const idle = DOORS.flatMap(({ to, name, keys }) => {
      const word = name ?? path.posix.basename(to).replace(/^package:/, "");
      const users = imports.filter(([, text]) => text.includes(word)).map(([file]) => file);
      return keys.filter((key) => !users.some((file) => key.test(file))).map(String);
    });
    expect(idle).toEqual([]);
  });
});

/** What a rule says of a file of that name. */
const complaintsOf = (rule) => (file, code) =>
  new Linter({ cwd: process.cwd() })
    .verify(
      code,
      { files: ["**"], plugins: { house: { rules: { it: rule } } }, rules: { "house/it": "error" } },
      path.join(process.cwd(), file),
    )
    .map(({ message }) => message);

describe("where a server action may stand", () => {
  const complaints = complaintsOf(serverActions);
  const INSIDE = "export function Page({ id }) { return async () => { 'use server'; return id; }; }";

  it("is an actions.ts as a whole", () => {
    expect(complaints("lib/api-keys/actions.ts", '"use server";\nexport const renew = async () => 1;')).toEqual([]);
    expect(complaints("lib/webhooks/deliveries/actions.ts", '"use server";\nexport const a = async () => 1;')).toEqual(
      [],
    );
    expect(complaints("components/ui/button.tsx", '"use client";\nexport const a = 1;')).toEqual([]);
  });

  it.each([
    ["a function of a page", "app/page.tsx", INSIDE],
    ["a function of an actions.ts", "lib/api-keys/actions.ts", `"use server";\n${INSIDE}`],
    ["a method", "lib/api-keys/service.ts", "export const it = { async run() { 'use server'; } };"],
    ["another file", "lib/api-keys/service.ts", '"use server";\nexport const renew = async () => 1;'],
    ["a file of a page", "app/actions.ts", '"use server";\nexport const renew = async () => 1;'],
    ["what a cache keeps", "lib/api-keys/queries.ts", "export async function rows() { 'use cache'; return 1; }"],
    ["what a remote cache keeps", "app/page.tsx", "export async function rows() { 'use cache: remote'; }"],
  ])("is not %s", (_, file, code) =>
    expect(complaints(file, code)).toEqual([expect.stringContaining("is an export of an actions.ts")]),
  );
});

describe("a number that comes in", () => {
  const complaints = complaintsOf(boundedNumbers);

  it("is taken by what knows its bounds", () => {
    expect(
      complaints("lib/members/schema.ts", "const it = z.strictObject({ id: recordId(), name: z.string() });"),
    ).toEqual([]);
    expect(complaints("lib/platform/input-fields.ts", "const it = z.int().positive().max(7);")).toEqual([]);
    expect(complaints("lib/members/schema.test.ts", "const it = z.int();")).toEqual([]);
    expect(complaints("lib/members/policy.ts", "const it = count.number;")).toEqual([]);
  });

  it.each([
    ["a schema", "lib/members/schema.ts", "const it = z.strictObject({ id: z.int() });"],
    ["one with some bounds", "lib/members/schema.ts", "const it = z.int().positive();"],
    ["a payload", "lib/notifications/jobs.ts", "const it = z.object({ userId: z.number().int() });"],
    ["an address", "lib/accounts/schema.ts", "const it = z.coerce.number().catch(0);"],
    ["a function of a component", "components/form/field.tsx", "const it = z.int32();"],
    ["a method under its text", "lib/members/schema.ts", 'const it = z["int"]();'],
    ["what is taken out of zod", "lib/members/schema.ts", "const { int } = z;"],
    ["zod under another name", "lib/members/schema.ts", 'import { z as zod } from "zod";'],
    ["zod as a whole", "lib/members/schema.ts", 'import * as zod from "zod";'],
  ])("is refused in %s", (_, file, code) =>
    expect(complaints(file, code)).toEqual([expect.stringContaining("A number has bounds")]),
  );
});

describe("keys that are read for a person", () => {
  const complaints = complaintsOf(keysWithinReach);

  it("are read from those within his reach", () => {
    const within = "const it = readSql(Prisma.sql`SELECT id FROM ${keysOf(permit)} k WHERE k.id = ${id}`);";
    expect(complaints("lib/members/queries.ts", within)).toEqual([]);
    expect(complaints("lib/api-keys/service.ts", "tx.$executeRaw`UPDATE api_keys SET name = ${name}`;")).toEqual([]);
    expect(complaints("lib/api-keys/record-expiry.ts", "const it = Prisma.sql`SELECT id FROM api_keys`;")).toEqual([]);
    expect(complaints("lib/api-keys/list-conditions.ts", 'import { everyKeyOf } from "@/lib/auth/rights";')).toEqual(
      [],
    );
    expect(complaints("lib/api-keys/endpoints.ts", 'const path = "/api_keys/revoke_leaked";')).toEqual([]);
  });

  it.each([
    ["the table", "lib/members/queries.ts", "const it = Prisma.sql`SELECT id FROM api_keys WHERE id = ${id}`;"],
    ["a join", "lib/members/queries.ts", "const it = Prisma.sql`SELECT 1 FROM users u\nLEFT JOIN api_keys k ON TRUE`;"],
    ["a list of tables", "lib/members/queries.ts", "const it = Prisma.sql`SELECT 1 FROM users u, api_keys k`;"],
    ["a quoted name", "lib/members/queries.ts", "const it = 'SELECT 1 FROM public.\"api_keys\"';"],
    ["a name by itself", "lib/members/queries.ts", 'const it = Prisma.raw("api_keys");'],
    ["Prisma", "app/page.tsx", "const it = db().apiKey.findMany({ where: { accountId } });"],
    ["a count of Prisma's", "lib/dashboard/queries.ts", "const it = tx.apiKey.count();"],
    ["a relation", "lib/accounts/queries.ts", "db().account.findMany({ select: { apiKeys: true } });"],
    [
      "a relation of a relation",
      "lib/members/queries.ts",
      "f({ include: { user: { include: { createdKeys: { take: 1 } } } } });",
    ],
  ])("are not read by %s", (_, file, code) =>
    expect(complaints(file, code)).toEqual([expect.stringContaining("FROM ${keysOf(permit)}")]),
  );

  it.each(["everyKeyOf", "withinReach"])("are not asked for by %s", (name) =>
    expect(complaints("lib/members/queries.ts", `import { ${name} } from "@/lib/auth/rights";`)).toEqual([
      expect.stringContaining("Only what is decided by all keys"),
    ]),
  );
});
