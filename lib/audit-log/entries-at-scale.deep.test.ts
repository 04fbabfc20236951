import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { makeManyAuditEntries } from "@/prisma/bulk/audit-entries";
import { makeAccountWithPeople, permitFor } from "@/prisma/factories/accounts-and-keys";
import { fillTables } from "@/testing/fill-tables";
import { listActions, listActors, listEntries } from "./entries";
import { exportAuditLog } from "./export";
import { entryConditions } from "./list-conditions";
import { auditExportInput, auditListQuery } from "./schema";

const ENTRIES = 1_000_000;
const MIB = 1024 * 1024;
/** What a view may cost of the plain first page: to read the whole log takes many times that. */
const BUDGET = 12;

let account: Account;
let permit: Permit<"auditLog.read">;
let plainMs: number;

beforeAll(async () => {
  const people = await makeAccountWithPeople();
  account = people.account;
  permit = await permitFor("auditLog.read", { user: people.owner, account });
  await fillTables(["audit_entries"], () => makeManyAuditEntries(account, ENTRIES));
  plainMs = await timeOf(() => listEntries(permit, auditListQuery.parse({})));
}, 1_200_000);

/** The best of seven: other processes want the processor too. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  let best = Infinity;
  for (let run = 0; run < 7; run += 1) {
    const began = performance.now();
    await work();
    best = Math.min(best, performance.now() - began);
  }
  return best;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** What is really held, after the garbage is gone. */
function heldMib(): number {
  collect();
  return process.memoryUsage().heapUsed / MIB;
}

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();

describe("every filter of the list at 1,000,000 entries", () => {
  it.each([
    ["none", {}],
    ["page 10,000", { after: "500000" }],
    ["the last page", { after: "40" }],
    ["a busy person", { actor: "user:1" }],
    ["an actor at the far end", { actor: "system" }],
    ["an actor who never was", { actor: "user:99" }],
    ["a frequent action", { action: "vehicle.edited" }],
    ["a rare action", { action: "apiKey.regenerated" }],
    ["a busy actor and a frequent action that never meet", { actor: "user:1", action: "vehicle.edited" }],
    ["a record", { record: "vehicle:77" }],
    ["the last day", { period: "24h" }],
    ["a day long ago", { from: daysAgo(300), to: daysAgo(299) }],
    ["a day long ago, of one person", { from: daysAgo(300), to: daysAgo(299), actor: "user:1" }],
    ["before everything", { to: "2001-01-01T00:00:00Z" }],
    ["a frequent word", { q: "Vehicle" }],
    ["a rare word", { q: "Keycafe" }],
    ["an absent word", { q: "Zeppelin" }],
    ["a beginning of two letters", { q: "Ke" }],
  ])("%s", async (name, given) => {
    const query = auditListQuery.parse(given);
    const ms = await timeOf(() => listEntries(permit, query));
    const [plan] = await readSql<{ "QUERY PLAN": [{ Plan: unknown }] }>(
      Prisma.sql`EXPLAIN (FORMAT JSON) SELECT 1 FROM audit_entries WHERE ${entryConditions(account.id, query, ENTRIES)} ORDER BY sequence DESC LIMIT 51`,
    );
    console.log(`${name}: ${ms.toFixed(1)} ms, ${(ms / plainMs).toFixed(1)} × the plain first page`);
    expect(JSON.stringify(plan)).not.toContain("Seq Scan");
    expect(ms / plainMs).toBeLessThan(BUDGET);
  });

  it("the choices of the filters", async () => {
    expect((await listActors(permit)).length).toBeGreaterThan(10);
    expect(await listActions(permit)).toEqual(["apiKey.regenerated", "vehicle.created", "vehicle.edited"]);
    expect(await timeOf(() => Promise.all([listActors(permit), listActions(permit)]))).toBeLessThan(BUDGET * plainMs);
  });
});

describe("an export of 1,000,000 entries", () => {
  it.each(["csv", "jsonl"] as const)("as %s holds few of them in memory", async (format) => {
    const { parts } = await exportAuditLog(permit, auditExportInput.parse({ format }));
    let [lines, count, peak] = [0, 0, 0];
    const start = heldMib();
    let held = start;
    for await (const part of parts) {
      lines += part.split("\n").length - 1;
      count += 1;
      peak = Math.max(peak, process.memoryUsage().rss / MIB);
      if (count % 100 === 0) held = Math.max(held, heldMib());
    }
    console.log(
      `${format}: ${lines} lines, ${(held - start).toFixed(1)} MiB held above the start, process at most ${peak.toFixed(0)} MiB`,
    );
    expect(lines).toBeGreaterThan(ENTRIES);
    expect(held - start).toBeLessThan(20);
    expect(peak).toBeLessThan(512);
  });
});
