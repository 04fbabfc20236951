import { afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { listFuelEntryRows } from "@/lib/fuel-entries/fuel-entry-rows";
import { fuelEntryListQuery } from "@/lib/fuel-entries/schema";
import { listMeterEntryRows } from "@/lib/meter-entries/meter-entry-rows";
import { meterEntryListQuery } from "@/lib/meter-entries/schema";
import { readPool } from "@/lib/platform/pool";
import { searchContacts } from "@/lib/contacts/queries";
import { searchVehicles } from "@/lib/vehicles/queries";
import { makeManyRecords } from "@/prisma/bulk-records";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories";
import { listAssignmentRows } from "./assignment-rows";
import { assignmentListQuery } from "./schema";

const VEHICLES = 2000;
/**
 * Pages of 8 kB that one statement may touch, each row in one of its own at worst: three counts that stop at 1,001 rows,
 * one of which may pass by what every vehicle has now; or a page of 51, each with what it names. A walk through all
 * 20,000 assignments would be far more. Unlike time, it is the same on every machine.
 */
const MOST_BLOCKS = 3 * 1001 + VEHICLES + 500;

interface PlanNode {
  readonly "Node Type": string;
  readonly "Shared Hit Blocks": number;
  readonly "Shared Read Blocks": number;
  readonly Plans?: readonly PlanNode[];
}

let people: AccountWithPeople;
let vehicle: number;

beforeAll(async () => {
  people = await makeAccountWithPeople();
  ({ vehicle } = await makeManyRecords(people.account, VEHICLES));
}, 120_000);

afterEach(() => vi.restoreAllMocks());

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)];
}

/** The blocks that each statement of a view touches, and the kinds of its steps. */
async function costOf(view: () => Promise<unknown>): Promise<{ blocks: number[]; steps: string[] }> {
  const spy = vi.spyOn(readPool(), "query");
  await view();
  const calls = spy.mock.calls as unknown as [string | { text: string; values?: unknown[] }, unknown[] | undefined][];
  spy.mockRestore();
  const plans: PlanNode[] = [];
  for (const [asked, values] of calls) {
    const [text, given] = typeof asked === "string" ? [asked, values] : [asked.text, asked.values ?? values];
    const { rows } = await readPool().query<{ "QUERY PLAN": { Plan: PlanNode }[] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
      given,
    );
    for (const { Plan } of rows[0]?.["QUERY PLAN"] ?? []) plans.push(Plan);
  }
  return {
    blocks: plans.map((plan) => plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]),
    steps: plans.flatMap(nodesOf).map((node) => node["Node Type"]),
  };
}

type View = readonly [string, () => Promise<unknown>];

const assignments = async (given: Record<string, unknown>) =>
  listAssignmentRows(
    await permitFor("vehicleAssignments.read", { user: people.owner, account: people.account }),
    assignmentListQuery.parse(given),
  );
const ASSIGNMENTS: readonly View[] = [
  ...["started", "ended"].flatMap((sort) =>
    ["asc", "desc"].map((direction): View => [
      `assignments by ${sort} ${direction}`,
      () => assignments({ sort, direction }),
    ]),
  ),
  ...["current", "future", "past"].map((state): View => [
    `assignments that are ${state}`,
    () => assignments({ state }),
  ]),
  ["assignments of a vehicle", () => assignments({ vehicle })],
  ["a common word", () => assignments({ q: "truck" })],
  ["a rare word", () => assignments({ q: "zanzibar" })],
  ["an absent word", () => assignments({ q: "qqxyzzy" })],
  ["two letters", () => assignments({ q: "za" })],
];
const meter = async (given: Record<string, unknown>) =>
  listMeterEntryRows(
    await permitFor("meterEntries.read", { user: people.owner, account: people.account }),
    meterEntryListQuery.parse(given),
  );
const fuel = async (given: Record<string, unknown>) =>
  listFuelEntryRows(
    await permitFor("fuelEntries.read", { user: people.owner, account: people.account }),
    fuelEntryListQuery.parse(given),
  );
const ENTRIES: readonly View[] = [{}, { direction: "asc" }, { period: "7d" }].flatMap((given): View[] => [
  [`meter entries with ${JSON.stringify(given)}`, () => meter(given)],
  [`fuel entries with ${JSON.stringify(given)}`, () => fuel(given)],
  [`meter entries of a vehicle with ${JSON.stringify(given)}`, () => meter({ ...given, vehicle })],
  [`fuel entries of a vehicle with ${JSON.stringify(given)}`, () => fuel({ ...given, vehicle })],
]);
const PICKERS: readonly View[] = ["", "tr", "truck", "zanzibar", "qqxyzzy"].flatMap((q): View[] => [
  [
    `vehicles picked by “${q}”`,
    async () =>
      searchVehicles(await permitFor("vehicles.read", { user: people.owner, account: people.account }), { q }),
  ],
  [
    `contacts picked by “${q}”`,
    async () =>
      searchContacts(await permitFor("contacts.read", { user: people.owner, account: people.account }), { q }),
  ],
]);

describe("with many records in the account", () => {
  it.each([...ASSIGNMENTS, ...ENTRIES, ...PICKERS])("%s: by index, few blocks", async (_, view) => {
    const { blocks, steps } = await costOf(view);
    expect(Math.max(...blocks)).toBeLessThanOrEqual(MOST_BLOCKS);
    expect(steps).not.toContain("Seq Scan");
  });
});
