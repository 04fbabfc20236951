import { beforeAll, describe, expect, it } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { getEntry, listActions, listActors, listEntries, recordName } from "./entries";
import type { DomainEvent } from "./events";
import { mutate } from "./mutate";
import { auditListQuery, PAGE_SIZE } from "./schema";

type Reader = Permit<"auditLog.read">;
const ALL = auditListQuery.parse({});
const KEY: DomainEvent["record"] = { type: "apiKey", id: 7, name: "Keycafe 100%" };

async function write(permit: Reader, ...events: DomainEvent[]): Promise<void> {
  await mutate(permit, () => Promise.resolve({ result: null, events }));
}

const list = (permit: Reader, given: object) => listEntries(permit, auditListQuery.parse(given));
const sequencesOf = async (permit: Reader, given: object) =>
  (await list(permit, given)).rows.map(({ sequence }) => sequence);

let people: AccountWithPeople;
let owner: Reader;
let administrator: Reader;

beforeAll(async () => {
  people = await makeAccountWithPeople();
  owner = await permitFor("auditLog.read", { user: people.owner, account: people.account, ip: "203.0.113.1" });
  administrator = await permitFor("auditLog.read", { user: people.administrator, account: people.account });
  await write(owner, { name: "apiKey.created", record: KEY, after: { scopes: ["vehicles.read"] } });
  await write(administrator, { name: "vehicle.created", record: { type: "vehicle", id: 7, name: "Truck 100" } });
  await write(owner, {
    name: "apiKey.edited",
    record: { ...KEY, name: "Cabinet" },
    before: { name: "Keycafe 100%" },
    after: { name: "Cabinet" },
  });
});

describe("listEntries", () => {
  it("shows the newest first, with what the row needs", async () => {
    const { rows, previous, next, count } = await listEntries(owner, ALL);
    expect(rows.map(({ sequence }) => sequence)).toEqual([3, 2, 1]);
    expect(rows[0]).toMatchObject({
      actorName: people.owner.name,
      actorId: people.owner.id,
      says: "edited API key",
      recordName: "Cabinet",
      ip: "203.0.113.1",
    });
    expect([previous, next, count]).toEqual([null, null, 3]);
  });

  it.each([
    ["who", () => ({ actor: `user:${people.owner.id}` }), [3, 1]],
    ["nobody's deeds", () => ({ actor: "system" }), []],
    ["what", () => ({ action: "apiKey.created" }), [1]],
    ["the record", () => ({ record: "apiKey:7" }), [3, 1]],
    ["who and what together", () => ({ actor: `user:${people.owner.id}`, action: "vehicle.created" }), []],
    ["a word of the record's name", () => ({ q: "truck" }), [2]],
    ["a beginning of two letters", () => ({ q: "tr" }), [2]],
    ["a percent sign as it is", () => ({ q: "100%" }), [1]],
    ["the last day", () => ({ period: "24h" }), [3, 2, 1]],
    ["a time to come", () => ({ from: "2190-01-01T00:00:00Z" }), []],
    ["up to now", () => ({ to: "2190-01-01T00:00:00Z" }), [3, 2, 1]],
    ["before all of it", () => ({ to: "2001-01-01T00:00:00Z" }), []],
    [
      "what nobody understands",
      () => ({ actor: "user:99999999999", action: "'; --", record: "x:1", from: "0000-01-01T00:00:00Z", after: "-1" }),
      [3, 2, 1],
    ],
  ])("filters by %s", async (_name, given, expected) => {
    expect(await sequencesOf(owner, given())).toEqual(expected);
  });

  it("pages there and back by the sequence", async () => {
    const { account, owner: user } = await makeAccountWithPeople();
    const permit = await permitFor("auditLog.read", { user, account });
    const total = PAGE_SIZE * 2 + 10;
    await write(
      permit,
      ...Array.from({ length: total }, (_, at) => ({
        name: "vehicle.created" as const,
        record: { type: "vehicle" as const, id: at + 1, name: "V" },
      })),
    );
    const first = await listEntries(permit, ALL);
    const second = await list(permit, { after: String(first.next) });
    const third = await list(permit, { after: String(second.next) });
    expect([first, second, third].flatMap(({ rows }) => rows.map(({ sequence }) => sequence))).toEqual(
      Array.from({ length: total }, (_, at) => total - at),
    );
    expect([first.previous, third.next]).toEqual([null, null]);
    expect((await list(permit, { before: String(third.previous) })).rows).toEqual(second.rows);
    const back = await list(permit, { before: String(second.previous) });
    expect([back.rows, back.previous]).toEqual([first.rows, null]);
  });

  it("finds by time what was written the other way round", async () => {
    const { account, owner: user } = await makeAccountWithPeople();
    const permit = await permitFor("auditLog.read", { user, account });
    const times = ["10:00:00", "11:30:00", "11:29:55", "11:30:05", "11:30:01", "13:00:00"];
    for (const [at, time] of times.entries()) {
      await bookkeepingDb().$executeRaw`
        INSERT INTO audit_entries (account_id, sequence, occurred_at, actor_kind, actor_name, action, record_type, record_name, previous_hash, hash)
        VALUES (${account.id}, ${at + 1}, ${`2026-03-01 ${time}+00`}::timestamptz, 'system', 'Hub', 'vehicle.edited', 'vehicle', 'V', '', '')`;
    }
    await bookkeepingDb().auditHead.create({
      data: { accountId: account.id, sequence: times.length, hash: new Uint8Array(32) },
    });
    expect(await sequencesOf(permit, { from: "2026-03-01T11:30:00Z", to: "2026-03-01T11:30:05Z" })).toEqual([5, 2]);
    expect(await sequencesOf(permit, { from: "2026-03-01T11:30:01Z" })).toEqual([6, 5, 4]);
    expect(await sequencesOf(permit, { to: "2026-03-01T11:30:00Z" })).toEqual([3, 1]);
  });
});

describe("what the filters offer", () => {
  it("are those who did something, by their names, and what was done", async () => {
    const actors = await listActors(owner);
    expect(new Set(actors.map(({ value }) => value))).toEqual(
      new Set([`user:${people.owner.id}`, `user:${people.administrator.id}`]),
    );
    expect(actors.map(({ name }) => name)).toEqual(
      [people.owner.name, people.administrator.name].sort((a, b) => a.localeCompare(b, "en")),
    );
    expect(await listActions(owner)).toEqual(["apiKey.created", "apiKey.edited", "vehicle.created"]);
  });

  it("are nothing in an account where nothing has happened", async () => {
    const { account, owner: user } = await makeAccountWithPeople();
    const permit = await permitFor("auditLog.read", { user, account });
    expect([await listActors(permit), await listActions(permit)]).toEqual([[], []]);
  });
});

describe("one entry", () => {
  it("holds everything that was written", async () => {
    const entry = await getEntry(owner, 3);
    expect(entry).toMatchObject({
      before: { name: "Keycafe 100%" },
      after: { name: "Cabinet" },
      hasOlder: true,
      hasNewer: false,
    });
    expect(entry.previousHash).toBe((await getEntry(owner, 2)).hash);
    expect(entry.requestId).toMatch(/^test-/);
  });

  it("of another account is as unknown as none", async () => {
    const other = await makeAccountWithPeople();
    const permit = await permitFor("auditLog.read", { user: other.owner, account: other.account });
    await expect(getEntry(permit, 1)).rejects.toMatchObject({ code: "not_found" });
    expect((await listEntries(permit, ALL)).rows).toEqual([]);
    expect(await recordName(permit, { record: "apiKey:7" })).toBeNull();
    expect(await recordName(owner, { record: "apiKey:7" })).toBe("Cabinet");
  });
});

it("an index for each filter stands in the database", async () => {
  const indexes = await readSql<{ indexname: string }>(
    Prisma.sql`SELECT indexname FROM pg_indexes WHERE tablename = 'audit_entries'`,
  );
  expect(indexes.map(({ indexname }) => indexname)).toEqual(
    expect.arrayContaining([
      "audit_entries_by_actor",
      "audit_entries_by_action",
      "audit_entries_by_actor_action",
      "audit_entries_by_time",
      "audit_entries_name_trgm",
    ]),
  );
});
