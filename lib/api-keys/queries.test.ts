import { beforeAll, describe, expect, it } from "vitest";

import type { ApiKey, ApiKeyUse } from "@/generated/prisma/client";
import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { makeManyApiKeys } from "@/prisma/bulk/api-keys";
import {
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  makePerson,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { statusCondition } from "./list-conditions";
import { KEY_STATUSES, statusOf, type KeyStatus, type RevokedReason } from "./policy";
import { countAllApiKeys, listApiKeys, listKeyCreators, type ApiKeyList } from "./queries";
import { API_KEY_SORTS, apiKeyListQuery, type ApiKeyListQuery } from "./schema";

const DAY_MS = 86_400_000;
let partner: PartnerWithPeople;
let permit: Permit<"apiKeys.read">;
let keys: (ApiKey & { readonly use: ApiKeyUse | null })[];

const view = (given: Partial<Record<keyof ApiKeyListQuery, unknown>> = {}) =>
  apiKeyListQuery.parse({ q: "", ...given });

beforeAll(async () => {
  partner = await makePartnerWithPeople();
  const { account, owner, administrator, member } = partner;
  const other = await makeAccountWithPeople({ kind: "partner" });
  const ago = (days: number) => new Date(Date.now() - days * DAY_MS);
  await makeManyApiKeys(account, [owner, administrator], 150);
  await makeManyApiKeys(other.account, [other.owner], 60);
  const [same, name] = [ago(60), "Twin"];
  for (let twin = 0; twin < 4; twin++)
    await makeApiKey({ account, name, createdAt: same, createdBy: member, lastUse: { at: ago(100) } });
  for (const odd of [
    "100% charged",
    "under_score",
    "under-score",
    "Back\\slash",
    "Ärger",
    "äther",
    "O'Brien",
    "fah_names",
    "   spaced",
    "%",
    "Zanzibar quirk",
  ]) {
    await makeApiKey({ account, name: odd, createdBy: owner, lastUse: { at: ago(3), ip: "192.0.2.1" } });
  }
  await makeApiKey({ account, state: "expiring", createdBy: owner, scopes: ["webhooks.read", "vehicles.read"] });
  await makeApiKey({ account, state: "expired", apiVersion: "2023-03-01" });
  await makeApiKey({ account: other.account, name: "Zanzibar quirk" });
  permit = await permitFor("apiKeys.read", { user: owner, account });
  keys = await db().apiKey.findMany({ where: { accountId: account.id }, include: { use: true } });
}, 60_000);

/** The view, worked out in memory. */
function model(query: ApiKeyListQuery, now: Date): typeof keys {
  const inDays = (days: number) => new Date(now.getTime() + days * DAY_MS);
  const { q, status, version, scope, creator, expires, used, sort, direction } = query;
  const finds = ({ name, prefix }: ApiKey) =>
    q.length < 3
      ? name.toLowerCase().startsWith(q.toLowerCase())
      : "fah_".startsWith(q) ||
        name.toLowerCase().includes(q.toLowerCase()) ||
        (q.startsWith("fah_") && prefix.startsWith(q));
  const lastUseOf = ({ use }: (typeof keys)[number]) => use?.lastUsedAt ?? null;
  const isUsed = (lastUsedAt: Date | null) =>
    used === "never"
      ? lastUsedAt === null
      : lastUsedAt !== null &&
        (used === "idle90d" ? lastUsedAt < inDays(-90) : lastUsedAt > inDays(-Number.parseInt(used ?? "", 10)));
  const places: Record<typeof sort, (key: (typeof keys)[number]) => Buffer> = {
    name: (key) => Buffer.from(key.name.toLowerCase()),
    created: (key) => Buffer.from(key.createdAt.toISOString()),
    expires: (key) => Buffer.from(key.expiresAt.toISOString()),
    last_used: (key) => Buffer.from(lastUseOf(key)?.toISOString() ?? ""),
  };
  return keys
    .filter((key) => (q === "" || finds(key)) && (status === null || statusOf(key, now) === status))
    .filter((key) => (version === null || key.apiVersion === version) && (scope === null || key.scopes.includes(scope)))
    .filter((key) => (creator === null || key.createdById === creator) && (used === null || isUsed(lastUseOf(key))))
    .filter(
      (key) =>
        expires === null || (statusOf(key, now) !== "revoked" && key.expiresAt <= inDays(Number.parseInt(expires, 10))),
    )
    .sort((a, b) => (Buffer.compare(places[sort](a), places[sort](b)) || a.id - b.id) * (direction === "asc" ? 1 : -1));
}

/** Every page of a view, to the end and back again. */
async function walk(query: ApiKeyListQuery): Promise<{ forward: number[]; back: number[]; first: ApiKeyList }> {
  const first = await listApiKeys(permit, query);
  const forward = first.rows.map(({ id }) => id);
  expect(first.previous).toBeNull();
  let page = first;
  while (page.next !== null) {
    page = await listApiKeys(permit, { ...query, after: page.next });
    expect(page.previous).not.toBeNull();
    forward.push(...page.rows.map(({ id }) => id));
  }
  const back = page.rows.map(({ id }) => id);
  while (page.previous !== null) {
    page = await listApiKeys(permit, { ...query, before: page.previous });
    expect(page.next).not.toBeNull();
    back.unshift(...page.rows.map(({ id }) => id));
  }
  return { forward, back, first };
}

async function compare(query: ApiKeyListQuery): Promise<number[]> {
  const { forward, back, first } = await walk(query);
  const now = new Date(first.now);
  const expected = model(query, now).map(({ id }) => id);
  expect(forward).toEqual(expected);
  expect(back).toEqual(expected);
  const count = (status: KeyStatus | null) => model({ ...query, status }, now).length;
  expect(first.counts).toEqual({
    all: count(null),
    active: count("active"),
    expiring: count("expiring"),
    revoked: count("revoked"),
  });
  return forward;
}

const SORTS = API_KEY_SORTS.flatMap((sort) => (["asc", "desc"] as const).map((direction) => ({ sort, direction })));

describe("a view, to its end and back, is what it is in memory", () => {
  it.each(SORTS)("by $sort $direction", async (order) => {
    expect(await compare(view(order))).toHaveLength(keys.length);
  });

  it.each(SORTS)("searched and by $sort $direction", async (order) => {
    expect((await compare(view({ ...order, q: "sync" }))).length).toBeLessThan(keys.length);
    await compare(view({ ...order, q: "w" }));
    await compare(view({ ...order, status: "revoked", used: "never" }));
  });

  it.each([
    { status: "active" },
    { status: "expiring" },
    { status: "revoked" },
    { version: "2023-03-01" },
    { version: "2025-05-05" },
    { scope: "webhooks.read" },
    { scope: "vehicles.read" },
    { scope: "meter_entries.write" },
    { expires: "7d" },
    { expires: "30d" },
    { expires: "90d" },
    { expires: "365d" },
    { used: "1d" },
    { used: "7d" },
    { used: "30d" },
    { used: "idle90d" },
    { used: "never" },
    { status: "revoked", version: "2025-05-05", scope: "vehicles.read", q: "sync", sort: "name", direction: "asc" },
    { status: "active", expires: "365d", used: "30d", q: "e" },
    { status: "revoked", expires: "365d" },
  ])("%o", async (given) => {
    await compare(view(given));
  });

  it("by creator", async () => {
    expect(await compare(view({ creator: String(partner.member.id) }))).toHaveLength(4);
    expect(await compare(view({ creator: String(partner.limited.id) }))).toEqual([]);
  });
});

describe("search", () => {
  it.each([
    ["z", ["Zanzibar quirk"]],
    ["ZA", ["Zanzibar quirk"]],
    ["zanZI", ["Zanzibar quirk"]],
    ["bar qui", ["Zanzibar quirk"]],
    ["%", ["%"]],
    ["10", ["100% charged"]],
    ["0% ch", ["100% charged"]],
    ["_", []],
    ["under_", ["under_score"]],
    ["er_s", ["under_score"]],
    ["r-s", ["under-score"]],
    ["k\\s", ["Back\\slash"]],
    ["\\", []],
    ["%%%", []],
    ["___", []],
    ["O'B", ["O'Brien"]],
    ["'; DROP TABLE api_keys; --", []],
    ["ÄR", ["Ärger"]],
    ["äth", ["äther"]],
    ["fah_nam", ["fah_names"]],
    ["sp", []],
    ["spaced", ["   spaced"]],
    ["qqxyzzy", []],
  ])("for “%s” finds %j", async (q, names) => {
    const ids = await compare(view({ q, sort: "name", direction: "asc" }));
    const found = ids.map((id) => keys.find((key) => key.id === id)?.name);
    expect(found).toEqual(names);
  });

  it("finds a key by its prefix, by the beginning of that, and by its pasted token", async () => {
    const { key, token } = await makeApiKey({ account: partner.account, state: "revoked" });
    keys.push({ ...key, use: null });
    for (const q of [key.prefix, token, ` ${token} `]) {
      const query = view({ q });
      expect(query.q).toBe(key.prefix);
      expect(await compare(query)).toEqual([key.id]);
    }
    expect(await compare(view({ q: key.prefix.slice(0, 8) }))).toContain(key.id);
    expect(await compare(view({ q: "fah_" }))).toHaveLength(keys.length);
  });
});

describe("an address", () => {
  it("that makes no sense counts as none", async () => {
    const nonsense = view({
      status: "sleeping",
      version: "1999",
      scope: "everything",
      creator: "me",
      expires: "soon",
      used: "often",
      sort: "luck",
      direction: "up",
      after: "x",
      before: "%%%",
    });
    expect((await listApiKeys(permit, nonsense)).rows.map(({ id }) => id)).toEqual(
      (await listApiKeys(permit, view())).rows.map(({ id }) => id),
    );
  });

  it("with a place of another order, or one made by hand, starts at the beginning", async () => {
    const { next } = await listApiKeys(permit, view({ sort: "name" }));
    const begin = (await listApiKeys(permit, view())).rows.map(({ id }) => id);
    const byHand = (place: unknown) => Buffer.from(JSON.stringify(place)).toString("base64url");
    const places = [
      next,
      byHand(["created", "desc", "'; DROP TABLE api_keys; --", 1]),
      byHand(["created", "desc", "2026-13-45 99:99:99+00", 1]),
      byHand(["created", "desc", "2026-11-22 10:00:00+00", 2 ** 40]),
      byHand({}),
      byHand(["created", "desc"]),
    ];
    for (const after of places) {
      expect((await listApiKeys(permit, view({ after }))).rows.map(({ id }) => id)).toEqual(begin);
    }
    const nul = byHand(["name", "asc", "a\u0000b", 1]);
    expect(
      (await listApiKeys(permit, view({ after: nul, sort: "name", direction: "asc" }))).rows.length,
    ).toBeGreaterThan(0);
    expect((await listApiKeys(permit, view({ q: "zan\u0000zi" }))).rows).toHaveLength(1);
  });
});

describe("counts", () => {
  it("stop at 1,001", async () => {
    const { account, owner } = await makeAccountWithPeople({ kind: "partner" });
    await makeManyApiKeys(account, [owner], 1100);
    const reader = await permitFor("apiKeys.read", { user: owner, account });
    expect((await listApiKeys(reader, view())).counts).toMatchObject({ all: 1001, revoked: 1001 });
    expect(await countAllApiKeys(reader)).toBe(1001);
    const { active, expiring } = (await listApiKeys(reader, view())).counts;
    expect(active + expiring).toBe(20);
  });

  it("are exact at the stop", async () => {
    const { account, owner } = await makeAccountWithPeople({ kind: "partner" });
    await makeManyApiKeys(account, [owner], 1010);
    const reader = await permitFor("apiKeys.read", { user: owner, account });
    expect((await listApiKeys(reader, view())).counts).toMatchObject({ all: 1001, revoked: 990 });
  });
});

it("finds a page of very many by their last use, where it looks at the newest keys first", async () => {
  const { account, owner } = await makeAccountWithPeople({ kind: "partner" });
  await makeManyApiKeys(account, [owner], 1400);
  const reader = await permitFor("apiKeys.read", { user: owner, account });
  const { rows, counts, now } = await listApiKeys(reader, view({ used: "idle90d" }));
  expect(counts.all).toBe(1001);
  const idle = await db().apiKey.findMany({
    where: { accountId: account.id, use: { lastUsedAt: { lt: new Date(Date.parse(now) - 90 * DAY_MS) } } },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: rows.length,
  });
  expect(rows).toHaveLength(50);
  expect(rows.map(({ id }) => id)).toEqual(idle.map(({ id }) => id));
});

describe("listKeyCreators", () => {
  it("names who made keys of this account, each once", async () => {
    const { owner, administrator, member } = partner;
    const expected = [owner, administrator, member]
      .map(({ id, name }) => ({ id, name }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    expect(await listKeyCreators(permit)).toEqual(expected);
    const empty = await makeAccountWithPeople();
    expect(
      await listKeyCreators(await permitFor("apiKeys.read", { user: empty.owner, account: empty.account })),
    ).toEqual([]);
  });

  it("goes on naming somebody who has left", async () => {
    const { account, owner } = await makeAccountWithPeople({ kind: "partner" });
    const left = await makePerson(account, "administrator");
    await makeApiKey({ account, createdBy: left });
    expect(await listKeyCreators(await permitFor("apiKeys.read", { user: owner, account }))).toEqual([
      { id: left.id, name: left.name },
    ]);
  });
});

describe("statusCondition", () => {
  it("says what statusOf says, at every boundary", async () => {
    const offsets = [30, 90].flatMap((days) =>
      [0, days * DAY_MS].flatMap((at) => [-1, 0, 1].map((step) => ({ days, ms: at + step }))),
    );
    for (const isRevoked of [false, true]) {
      for (const { days, ms } of offsets) {
        const columns = KEY_STATUSES.map((status) => Prisma.sql`${statusCondition(status)} AS ${Prisma.raw(status)}`);
        const rows = await readSql<
          Record<KeyStatus, boolean> & { expires_at: Date; now: Date; revoked_at: Date | null }
        >(Prisma.sql`
          SELECT ${Prisma.join(columns)}, expires_at, statement_timestamp() AS now, revoked_at FROM (
            SELECT statement_timestamp() + ${ms}::int8 * interval '1 millisecond' AS expires_at, ${days}::int AS warn_days,
              CASE WHEN ${isRevoked} THEN statement_timestamp() END AS revoked_at) keys`);
        const [row] = rows;
        if (!row) throw new Error("no row came back");
        const facts = {
          revokedAt: row.revoked_at,
          revokedReason: isRevoked ? ("by_hand" as RevokedReason) : null,
          expiresAt: row.expires_at,
          warnDays: days,
        };
        expect(KEY_STATUSES.filter((status) => row[status])).toEqual([statusOf(facts, row.now)]);
      }
    }
  });
});
