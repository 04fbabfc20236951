import { Client } from "pg";
import { describe, expect, it } from "vitest";

import { findPgBouncer, startPgBouncer } from "@/testing/debian-pgbouncer";
import { areSessionsShared, checkDatabases } from "./check";

const url = () => process.env.DATABASE_URL ?? "";
const IGNORING = { ignore_startup_parameters: "options,extra_float_digits" };

async function complaintThrough(settings: Readonly<Record<string, string>>, migrationToo = false): Promise<string> {
  const pooler = await startPgBouncer(url(), settings);
  try {
    await checkDatabases(migrationToo ? url() : pooler.url, migrationToo ? pooler.url : undefined);
    return "";
  } catch (error) {
    expect(error).toMatchObject({ name: "Refusal" });
    const said = (error as Error).message;
    expect(said).not.toContain(decodeURIComponent(new URL(url()).password));
    return said;
  } finally {
    await pooler.stop();
  }
}

describe.skipIf(findPgBouncer() === null)("PgBouncer between the Hub and its database", () => {
  it.each(["transaction", "statement"])("in %s mode is refused as what it is", async (mode) => {
    expect(await complaintThrough({ ...IGNORING, pool_mode: mode })).toMatch(
      /^DATABASE_URL leads through a pooler at 127\.0\.0\.1:\d+ .*Give the server's own address\.$/,
    );
  });

  it("is refused for the migrations' address as well", async () => {
    expect(await complaintThrough({ ...IGNORING, pool_mode: "transaction" }, true)).toMatch(
      /^MIGRATION_DATABASE_URL leads through a pooler/,
    );
  });

  it("that drops what is asked for is refused in session mode too", async () => {
    const said = await complaintThrough({ ...IGNORING, pool_mode: "session" });
    expect(said).toContain("statement_timeout is “0” and not “3500ms”");
    expect(said).toContain("default_transaction_read_only is “off” and not “on”");
    expect(said).toContain("give the server's own address in DATABASE_URL.");
  });

  it("that knows nothing of what is asked for is refused with its own sentence", async () => {
    const said = await complaintThrough({ pool_mode: "session" });
    expect(said).toMatch(/unsupported startup parameter: options \(08P01\)\. .*must be the server's own address\.$/);
  });

  // It hands out in turn, and many sessions are at hand: the hardest to see.
  it.each([2, 3, 4, 6, 9])("that goes round %i sessions of the server is seen", async (sessions) => {
    const settings = { ...IGNORING, pool_mode: "transaction", server_round_robin: "1", default_pool_size: "20" };
    const pooler = await startPgBouncer(url(), settings);
    const clients = Array.from({ length: sessions }, () => new Client({ connectionString: pooler.url }));
    try {
      for (const client of clients) await client.connect();
      await Promise.all(clients.map((client) => client.query("BEGIN")));
      await Promise.all(clients.map((client) => client.query("COMMIT")));
      expect(await areSessionsShared(clients.slice(0, 2))).toBe(true);
      expect(await areSessionsShared(clients.slice(0, 3))).toBe(true);
    } finally {
      for (const client of clients) await client.end();
      await pooler.stop();
    }
  });

  it("keeps each client's session in session mode, which is seen as well", async () => {
    const pooler = await startPgBouncer(url(), { ...IGNORING, pool_mode: "session" });
    const clients = Array.from({ length: 3 }, () => new Client({ connectionString: pooler.url }));
    try {
      for (const client of clients) await client.connect();
      expect(await areSessionsShared(clients)).toBe(false);
    } finally {
      for (const client of clients) await client.end();
      await pooler.stop();
    }
  });
});
