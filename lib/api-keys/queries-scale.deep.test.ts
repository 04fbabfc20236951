import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { readPool } from "@/lib/platform/database/pool";
import { makeManyApiKeys } from "@/prisma/bulk/api-keys";
import {
  makeAccount,
  makeApiKey,
  makeMembership,
  makePartnerWithPeople,
  makeUser,
  permitFor,
} from "@/prisma/factories/accounts-and-keys";
import { vacuumAnalyze } from "@/testing/long-transaction";
import { listApiKeys } from "./queries";
import { apiKeyListQuery, type ApiKeyListQuery } from "./schema";

const KEYS = 100_000;
const RUNS = 3;
/** Pages of 8 kB that one view may touch, counts included; the whole table has thousands. Unlike time, it is the same on every machine. */
const MOST_BLOCKS = 1500;
/**
 * A search or filter that leaves more than 1,000 keys, in an order that may run against it: 2,000 keys of the order, and
 * where the page is not among them all that match (here a tenth), each in a block of its own at worst.
 */
const MOST_BLOCKS_AGAINST_THE_ORDER = 12_000;
/** Several filters at once: one of them has its index, the others are looked up in the keys that it leaves. */
const MOST_BLOCKS_COMBINED = KEYS / 4;
/** Of somebody limited: as much as lies within his reach, which is looked through with whatever else is asked. */
const MOST_BLOCKS_WITHIN = { "a quarter": 12_000, "a few": 3000, none: 100 };

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

interface Explained {
  readonly Plan: PlanNode;
  readonly "Execution Time": number;
}

type Reach = "a quarter" | "a few" | "none";

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

let permit: Permit<"apiKeys.read">;
/** Of people limited to one customer each, by how many keys are within their reach. */
let limited: Readonly<Record<Reach, Permit<"apiKeys.read">>>;
let creatorId: number;
let deep: string;
let tableBlocks: number;

beforeAll(async () => {
  const { account, owner, administrator, customers } = await makePartnerWithPeople();
  const [many, few, other] = customers;
  await makeManyApiKeys(account, [owner, administrator], KEYS, [[], [many], [many, other], [other]]);
  await makeManyApiKeys(account, [owner, administrator], 250, [[few]]);
  await makeApiKey({ account, createdBy: owner, name: "Zanzibar quirk" });
  // As autovacuum would, which comes by or not while a test runs: what the uses' UPDATE left behind is read as well.
  await vacuumAnalyze();
  permit = await permitFor("apiKeys.read", { user: owner, account });
  const limitedTo = async (customer: (typeof customers)[number]) => {
    const user = await makeUser();
    await makeMembership({ user, account, role: "administrator", limitedTo: [customer] });
    return permitFor("apiKeys.read", { user, account });
  };
  const [quarter, some] = [await limitedTo(many), await limitedTo(few)];
  limited = { "a quarter": quarter, "a few": some, none: await limitedTo(await makeAccount()) };
  creatorId = owner.id;
  const { rows } = await readPool().query<{ place: string; blocks: number }>(
    `SELECT created_at::text || '|' || id AS place, pg_relation_size('api_keys') / 8192 AS blocks
     FROM api_keys WHERE account_id = $1 ORDER BY created_at DESC, id DESC OFFSET 95000 LIMIT 1`,
    [account.id],
  );
  const [value, id] = rows[0]?.place.split("|") ?? [];
  tableBlocks = Number(rows[0]?.blocks);
  deep = Buffer.from(JSON.stringify(["created", "desc", value, Number(id)])).toString("base64url");
}, 300_000);

afterEach(() => vi.restoreAllMocks());

/** The statements that a view runs, as they reach the database. */
async function statementsOf(viewer: Permit<"apiKeys.read">, query: ApiKeyListQuery): Promise<Statement[]> {
  const spy = vi.spyOn(readPool(), "query");
  await listApiKeys(viewer, query);
  const calls = spy.mock.calls as unknown as [
    asked: string | { text: string; values?: unknown[] },
    values?: unknown[],
  ][];
  spy.mockRestore();
  return calls.map(([asked, values = []]) =>
    typeof asked === "string" ? { text: asked, values } : { text: asked.text, values: asked.values ?? values },
  );
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

interface Cost {
  readonly nodes: readonly PlanNode[];
  /** The best of some runs: the machine does other things too. */
  readonly ms: number;
  readonly blocks: number;
}

async function explain({ text, values }: Statement): Promise<Cost> {
  const runs: Explained[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { rows } = await readPool().query<{ "QUERY PLAN": Explained[] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
      values,
    );
    runs.push(...(rows[0]?.["QUERY PLAN"] ?? []));
  }
  const last = runs.at(-1);
  if (!last) throw new Error("no plan came back");
  const blocks = last.Plan["Shared Hit Blocks"] + last.Plan["Shared Read Blocks"];
  return { nodes: nodesOf(last.Plan), ms: Math.min(...runs.map((run) => run["Execution Time"])), blocks };
}

async function costOf(given: Record<string, unknown>, viewer = permit): Promise<Cost> {
  const statements = await statementsOf(viewer, apiKeyListQuery.parse({ q: "", ...given }));
  expect([2, 3], "statements of a view").toContain(statements.length);
  const costs: Cost[] = [];
  for (const statement of statements) costs.push(await explain(statement));
  return {
    nodes: costs.flatMap(({ nodes }) => nodes),
    ms: Math.max(...costs.map(({ ms }) => ms)),
    blocks: Math.max(...costs.map(({ blocks }) => blocks)),
  };
}

const SORTS = ["name", "created", "expires", "last_used"].flatMap((sort) =>
  ["asc", "desc"].map((direction) => ({ sort, direction })),
);

const VIEWS: readonly [string, () => Record<string, unknown>][] = [
  ["the first page", () => ({})],
  ["page 1,900", () => ({ after: deep })],
  ["a rare word", () => ({ q: "zanzibar" })],
  ["a common word", () => ({ q: "sync" })],
  ["an absent word", () => ({ q: "qqxyzzy" })],
  ["one letter", () => ({ q: "w" })],
  ["two letters", () => ({ q: "te" })],
  ["two absent letters", () => ({ q: "zq" })],
  ["a number", () => ({ q: "48213" })],
  ["the beginning of a prefix", () => ({ q: "fah_aB" })],
  ["what every prefix begins with", () => ({ q: "fah_" })],
  ["a percent sign", () => ({ q: "%" })],
  ...["active", "expiring", "revoked"].map(
    (status) => [`status ${status}`, () => ({ status })] as [string, () => Record<string, unknown>],
  ),
  // The oldest, which one key in a hundred has, stands below: about as many match as are counted.
  ...["2024-06-30", "2025-05-05"].map(
    (version) => [`version ${version}`, () => ({ version })] as [string, () => Record<string, unknown>],
  ),
  ...["vehicles.read", "webhooks.write", "webhooks.read"].map(
    (scope) => [`scope ${scope}`, () => ({ scope })] as [string, () => Record<string, unknown>],
  ),
  ["a creator", () => ({ creator: String(creatorId) })],
  ["somebody who made none", () => ({ creator: "2147483647" })],
  ...["7d", "30d", "90d", "365d"].map(
    (expires) => [`expires ${expires}`, () => ({ expires })] as [string, () => Record<string, unknown>],
  ),
  ...["1d", "7d", "30d", "idle90d", "never"].map(
    (used) => [`used ${used}`, () => ({ used })] as [string, () => Record<string, unknown>],
  ),
  ...SORTS.map(
    (order) => [`by ${order.sort} ${order.direction}`, () => order] as [string, () => Record<string, unknown>],
  ),
  ["two letters in the order of names", () => ({ q: "te", sort: "name" })],
  ["the last that are never used", () => ({ used: "never", sort: "last_used" })],
  ["the next to expire", () => ({ expires: "365d", sort: "expires", direction: "asc" })],
  ...SORTS.map(
    (order) =>
      [`a rare word by ${order.sort} ${order.direction}`, () => ({ ...order, q: "zanzibar" })] as [
        string,
        () => Record<string, unknown>,
      ],
  ),
];

/** What the order's own index cannot narrow; where it can, `VIEWS` has it. */
const AGAINST_THE_ORDER: readonly [string, () => Record<string, unknown>][] = SORTS.flatMap((order) =>
  [
    ["two common words", { q: "warehouse sync" }],
    ["a common word", { q: "sync" }],
    ["two letters", { q: "te" }],
    ["an old version", { version: "2023-03-01" }],
    ["never used", { used: "never" }],
  ].map(
    ([label, given]) =>
      [`${label as string} by ${order.sort} ${order.direction}`, () => ({ ...order, ...(given as object) })] as [
        string,
        () => Record<string, unknown>,
      ],
  ),
);

type View = Record<string, unknown> | (() => Record<string, unknown>);

/** What somebody limited looks at: what is beyond his reach stands between what is within, in every order. */
const OF_LIMITED = (["a quarter", "a few", "none"] as const).flatMap((reach) =>
  [
    ["the first page", {}],
    ["by name", { sort: "name", direction: "asc" }],
    ["by last use", { sort: "last_used" }],
    ["the next to expire", { status: "expiring", sort: "expires", direction: "asc" }],
    ["status revoked", { status: "revoked" }],
    ["status active", { status: "active" }],
    ["a common word", { q: "sync" }],
    ["an absent word", { q: "qqxyzzy" }],
    ["two letters", { q: "te" }],
    ["the creator of none of them", () => ({ creator: String(creatorId) })],
    ["an old version", { version: "2023-03-01" }],
    ["never used", { used: "never" }],
    ["idle90d", { used: "idle90d" }],
    ["never used by name", { used: "never", sort: "name" }],
    ["scope", { scope: "fuel_entries.write" }],
    ["expires 90d", { expires: "90d" }],
  ].map(([label, given]) => ({ reach, label: label as string, given: given as View })),
);

const COMBINATIONS: readonly [string, () => Record<string, unknown>][] = [
  [
    "everything at once",
    () => ({
      status: "revoked",
      version: "2024-06-30",
      scope: "fuel_entries.write",
      used: "idle90d",
      q: "sync",
      sort: "name",
    }),
  ],
];

describe(`${KEYS.toLocaleString("en")} keys in one account`, () => {
  const table: string[] = [];

  async function read(label: string, given: Record<string, unknown>, viewer = permit): Promise<Cost> {
    const cost = await costOf(given, viewer);
    table.push(`${label.padEnd(34)} ${cost.ms.toFixed(2).padStart(7)} ms ${String(cost.blocks).padStart(6)} blocks`);
    const scanned = cost.nodes.filter(
      (node) => node["Node Type"].includes("Seq Scan") && node["Relation Name"] === "api_keys",
    );
    expect(scanned.length, "sequential scans of the keys").toBe(0);
    return cost;
  }

  it.each(VIEWS)("%s", async (label, given) => {
    expect((await read(label, given())).blocks).toBeLessThan(MOST_BLOCKS);
  });

  it.each(AGAINST_THE_ORDER)("%s", async (label, given) => {
    expect((await read(label, given())).blocks).toBeLessThan(MOST_BLOCKS_AGAINST_THE_ORDER);
  });

  it.each(COMBINATIONS)("%s", async (label, given) => {
    expect((await read(label, given())).blocks).toBeLessThan(MOST_BLOCKS_COMBINED);
  });

  it.each(OF_LIMITED)("within reach of somebody limited to $reach: $label", async ({ reach, label, given }) => {
    const view = typeof given === "function" ? given() : given;
    const { blocks } = await read(`${reach}: ${label}`, view, limited[reach]);
    expect(blocks).toBeLessThan(MOST_BLOCKS_WITHIN[reach]);
  });

  it("costs a page deep in what the first costs", async () => {
    const [first, later] = [await costOf({}), await costOf({ after: deep })];
    expect(later.blocks).toBeLessThan(first.blocks * 1.5 + 20);
    expect(tableBlocks).toBeGreaterThan(MOST_BLOCKS);
    console.log(["In the database, the dearest of a view's statements:", ...table].join("\n"));
  });
});
