import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";

import { useOwnDatabase } from "@/testing/own-database";

const SYSTEM = {
  actor: { kind: "system" as const, name: "test" },
  account: null,
  origin: { ip: null, requestId: null },
};

let drop: () => Promise<void>;
let client: Client;

/** As a restore into another database leaves it. */
beforeAll(async () => {
  drop = await useOwnDatabase("scripts");
  client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query("UPDATE database_identity SET database_oid = 1");
});
afterAll(async () => {
  const { endPools } = await import("@/lib/platform/database/pool");
  await endPools();
  await client.end();
  await drop();
});

async function scripts() {
  const { createPartner } = await import("@/lib/accounts/create-partner");
  const { setKeyRateLimit } = await import("@/lib/api-keys/set-key-rate-limit");
  const { authorize } = await import("@/lib/auth/permit");
  const { seedDemo } = await import("@/prisma/seed");
  return [
    () =>
      createPartner(authorize(SYSTEM, "accounts.createPartner"), { name: "Partner", ownerEmail: "owner@example.com" }),
    () => setKeyRateLimit(authorize(SYSTEM, "apiKeys.limit"), { id: 1, perMinute: 5 }),
    () => seedDemo(),
  ];
}

it("a script finds a database that was restored as a start does, and does nothing to it", async () => {
  const { databaseComplaint, openDatabaseForScript } = await import("./local-database");
  const { stop } = await openDatabaseForScript(".data", { migrate: true, alsoRestored: false });
  for (const work of await scripts()) {
    const error: unknown = await work().then(
      () => "it was done",
      (thrown: unknown) => thrown,
    );
    expect(await databaseComplaint(error)).toMatch(/^The database is not the one that the Hub served before/);
  }
  await stop();
  const { rows } = await client.query(
    "SELECT (SELECT count(*) FROM accounts)::int AS accounts, (SELECT count(*) FROM users)::int AS users",
  );
  expect(rows).toEqual([{ accounts: 0, users: 0 }]);
});
