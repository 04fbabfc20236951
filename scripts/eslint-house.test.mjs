import path from "node:path";
import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import { featuresOf, importComplaint, serverActions } from "./eslint-house.mjs";

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
    ["prisma/factories", "lib/platform/write-db"],
    ["lib/platform/db", "generated/prisma/client"],
    ["lib/api-keys/usage", "lib/platform/write-db"],
  ])("%s may import %s", (from, to) => expect(complaint(from, to)).toBeNull());

  it.each([
    ["lib/platform/mailer", "lib/auth/permit", "lib/platform stands left of lib/auth"],
    ["lib/auth/session", "lib/api-keys/policy", "lib/auth stands left of lib/<feature>"],
    ["lib/auth/session", "lib/entry/refusals", "lib/auth stands left of lib/entry"],
    ["lib/entry/action", "lib/audit-log/mutate", "lib/entry stands left of lib/audit-log"],
    ["lib/api-keys/service", "components/ui/button", "stands left of components"],
    ["server/main", "app/page", "server/ doesn't import pages"],
    ["lib/api-keys/service", "prisma/factories", "holds entry points"],
    ["lib/api-keys/service", "lib/vehicles/service", "only queries, policy, presenter, schema"],
    ["lib/api-keys/service", "lib/platform/write-db", "Writing goes through mutate()"],
    ["lib/api-keys/queries", "generated/prisma/client", "Only lib/platform/db.ts"],
    ["components/api-keys/table", "lib/api-keys/queries", "only actions, schema, policy"],
    ["components/ui/button", "lib/api-keys/policy", "knows no product word"],
    ["components/ui/button", "components/api-keys/table", "knows no product word"],
    ["app/api-keys/page", "lib/platform/db", "A page asks for a permit"],
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

describe("where a server action may stand", () => {
  const complaints = (file, code) =>
    new Linter({ cwd: process.cwd() })
      .verify(
        code,
        { files: ["**"], plugins: { house: { rules: { it: serverActions } } }, rules: { "house/it": "error" } },
        path.join(process.cwd(), file),
      )
      .map(({ message }) => message);
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
