import { describe, expect, it } from "vitest";
import { featuresOf, importComplaint } from "./eslint-house.mjs";

const features = ["api-keys", "vehicles"];
const complaint = (from, to, typeOnly = false) => importComplaint({ from, to, typeOnly, features });

describe("which way imports run", () => {
  it.each([
    ["lib/api-keys/service", "lib/audit-log/mutate"],
    ["lib/api-keys/service", "lib/vehicles/policy"],
    ["lib/jobs/define-job", "lib/auth/permit"],
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
