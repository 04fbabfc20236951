import { Client } from "pg";
import { beforeAll, describe, expect, it } from "vitest";

import { contactList } from "@/lib/contacts/api-queries";
import { contactSource } from "@/lib/contacts/queries";
import { fuelEntryList } from "@/lib/fuel-entries/api-queries";
import { fuelEntrySource } from "@/lib/fuel-entries/queries";
import { meterEntryList } from "@/lib/meter-entries/api-queries";
import { meterEntrySource } from "@/lib/meter-entries/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { vehicleAssignmentList } from "@/lib/vehicle-assignments/api-queries";
import { vehicleAssignmentSource } from "@/lib/vehicle-assignments/queries";
import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { fillTables } from "@/testing/fill-tables";
import { viewCost } from "@/testing/view-cost";
import { conditionSql } from "./conditions";
import type { ListDefinition, Operator, Order } from "./list-definition";
import { readList, type ListSource } from "./read-list";

const ROWS = 100_000;
/** A page of 50 and what an index hands over besides. */
const MOST_ROWS_READ = 2000;
/** Of 8 kB, of a page and the count of what remains. */
const MOST_BLOCKS = 1500;

let accountId: number;
let vehicleId: number;

beforeAll(async () => {
  const account = await makeAccount();
  const first = await makeVehicle({ account, name: "Vehicle 0" });
  [accountId, vehicleId] = [account.id, first.id];
  const all = [
    `INSERT INTO vehicles (account_id, name, vehicle_type_id, vehicle_status_id, fuel_volume_units, system_of_measurement, primary_meter_unit)
      SELECT ${accountId}, 'Vehicle ' || i, ${first.vehicleTypeId}, ${first.vehicleStatusId}, 'liters', 'metric', 'km' FROM generate_series(1, 1999) i`,
    `INSERT INTO contacts (account_id, first_name, name, email, employee_number, created_at, updated_at)
      SELECT ${accountId}, 'P' || i, 'P' || i || ' ' || md5(i::text), 'p' || i || '@example.com', 'E' || i, now() - i * interval '1 minute', now() - (i % 5000) * interval '1 minute' FROM generate_series(1, ${ROWS}) i`,
    `INSERT INTO vehicle_assignments (account_id, vehicle_id, contact_id, started_at, ended_at, created_at, updated_at)
      SELECT ${accountId}, v.id, c.id, t, t + interval '1 day', t, t FROM (SELECT i, timestamptz '2010-01-01' + (i / 2000) * interval '2 days' + (i % 1000) * interval '1 minute' AS t FROM generate_series(1, ${ROWS}) i) s
      JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM vehicles WHERE account_id = ${accountId}) v ON v.n = s.i % 2000
      JOIN (SELECT id, row_number() OVER (ORDER BY id) AS n FROM contacts WHERE account_id = ${accountId}) c ON c.n = s.i`,
    `INSERT INTO meter_entries (account_id, vehicle_id, value, date, created_at, updated_at)
      SELECT ${accountId}, ${vehicleId}, i, date '1800-01-01' + i, now() - i * interval '1 minute', now() - i * interval '1 minute' FROM generate_series(1, ${ROWS / 2}) i`,
    `INSERT INTO meter_entries (account_id, vehicle_id, value, date, created_at, updated_at)
      SELECT ${accountId}, v.id, 1, date '1800-01-01' + v.n::int, now(), now() FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM vehicles WHERE account_id = ${accountId}) v, generate_series(1, ${ROWS / 4000})`,
    `INSERT INTO fuel_entries (account_id, vehicle_id, date, volume, volume_units, created_at, updated_at)
      SELECT ${accountId}, v.id, timestamptz '2010-01-01' + s.i * interval '1 hour', 10, 'liters', now() - s.i * interval '1 minute', now() - s.i * interval '1 minute' FROM generate_series(1, ${ROWS}) s(i)
      JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM vehicles WHERE account_id = ${accountId}) v ON v.n = s.i % 2000`,
  ];
  // A connection of its own: the pools' have time-outs, which so many rows at once outlast.
  const client = new Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  await fillTables(["vehicles", ...CASES.map(({ table }) => table)], async () => {
    for (const sql of all) await client.query(sql);
  });
  await client.end();
}, 240_000);

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Plan Rows": number;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly PlanNode[];
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

async function planOf(query: Prisma.Sql): Promise<PlanNode[]> {
  const [row] = await readSql<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
    Prisma.sql`EXPLAIN (ANALYZE, FORMAT JSON) ${query}`,
  );
  return row ? nodesOf(row["QUERY PLAN"][0].Plan) : [];
}

interface Case {
  readonly list: ListDefinition;
  readonly source: (accountId: number) => ListSource;
  readonly table: string;
  readonly filters: Readonly<Record<string, readonly [Operator, () => string]>>;
}

/** Few rows: of a range that holds many, the planner may rather walk down the ids until the page is full. */
const AT_THE_BEGINNING = () => "2010-01-01T00:05:00Z";
const LONG_AGO = () => "2010-01-02T00:00:00Z";
const JUST_NOW = () => new Date(Date.now() - 600_000).toISOString();

const CASES: readonly Case[] = [
  {
    list: contactList,
    source: contactSource,
    table: "contacts",
    filters: {
      name: ["like", () => "P777 "],
      email: ["eq", () => "p777@example.com"],
      employee_number: ["eq", () => "E777"],
      vehicle_operator: ["true", () => "1"],
      employee: ["true", () => "1"],
      technician: ["eq", () => "true"],
      created_at: ["gt", JUST_NOW],
      updated_at: ["gt", JUST_NOW],
    },
  },
  {
    list: vehicleAssignmentList,
    source: vehicleAssignmentSource,
    table: "vehicle_assignments",
    filters: {
      vehicle_id: ["eq", () => String(vehicleId)],
      contact_id: ["eq", () => "1"],
      started_at: ["lt", AT_THE_BEGINNING],
      ended_at: ["lt", LONG_AGO],
      created_at: ["lt", AT_THE_BEGINNING],
      updated_at: ["lt", AT_THE_BEGINNING],
    },
  },
  {
    list: meterEntryList,
    source: meterEntrySource,
    table: "meter_entries",
    filters: {
      vehicle_id: ["eq", () => String(vehicleId + 1)],
      date: ["lt", () => "1800-01-03"],
      created_at: ["lt", () => new Date(Date.now() - 49_990 * 60_000).toISOString()],
      updated_at: ["lt", () => new Date(Date.now() - 49_990 * 60_000).toISOString()],
    },
  },
  {
    list: fuelEntryList,
    source: fuelEntrySource,
    table: "fuel_entries",
    filters: {
      vehicle_id: ["eq", () => String(vehicleId)],
      date: ["lt", LONG_AGO],
      created_at: ["gt", JUST_NOW],
      updated_at: ["gt", JUST_NOW],
    },
  },
];

/** Each order before each other one, up and then down, and down and then up. */
function mixedOrders(list: ListDefinition): [Order, Order][] {
  const fields = Object.keys(list.sorts);
  return fields.flatMap((first) =>
    fields.flatMap((second): [Order, Order][] =>
      first === second
        ? []
        : [
            [
              { field: first, direction: "asc" },
              { field: second, direction: "desc" },
            ],
            [
              { field: first, direction: "desc" },
              { field: second, direction: "asc" },
            ],
          ],
    ),
  );
}

const summary = (nodes: readonly PlanNode[]) =>
  nodes
    .map((node) => [
      node["Node Type"],
      node["Index Name"],
      `${node["Plan Rows"]} expected`,
      `${node["Actual Rows"]} found`,
    ])
    .map((words) => words.join(" "))
    .join("; ");

/** No node of the plan reads the whole table, or much that the page does not hold. */
function expectIndexed(nodes: readonly PlanNode[], table: string): void {
  const ofTable = nodes.filter((node) => node["Relation Name"] === table);
  expect(ofTable.length).toBeGreaterThan(0);
  for (const node of ofTable) {
    expect(node["Node Type"]).not.toBe("Seq Scan");
    const read = (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0)) * node["Actual Loops"];
    expect(read, summary(nodes)).toBeLessThan(MOST_ROWS_READ);
  }
}

describe.each(CASES.map((each) => [each.list.resource, each] as const))(
  `%s among ${ROWS} rows`,
  (_resource, { list, source, table, filters }) => {
    it("has a case for each filter", () => {
      expect(Object.keys(filters)).toEqual(Object.keys(list.filters));
    });

    it.each(Object.keys(list.filters))("filters by %s through an index", async (field) => {
      const [operator, value] = filters[field] ?? ["eq", () => ""];
      const definition = list.filters[field];
      if (!definition) throw new Error(`no filter ${field}`);
      const { select, from, where } = source(accountId);
      const condition = conditionSql({ field, operator, value: value() }, definition);
      const nodes = await planOf(
        Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND ${condition} ORDER BY ${list.id} DESC LIMIT 51`,
      );
      expectIndexed(nodes, table);
    });

    it.each(
      Object.keys(list.sorts).flatMap(
        (field) =>
          [
            [field, "ASC"],
            [field, "DESC"],
          ] as const,
      ),
    )("sorts by %s %s through an index, from the middle on", async (field, way) => {
      const column = list.sorts[field]?.column ?? Prisma.empty;
      const { select, from, where } = source(accountId);
      const [middle] = await readSql<{ value: string; id: number }>(
        Prisma.sql`SELECT (${column})::text AS value, ${list.id} AS id FROM ${from} WHERE ${where} ORDER BY ${column}, ${list.id} OFFSET ${ROWS / 2} LIMIT 1`,
      );
      const type = Prisma.raw(
        {
          text: "text",
          orderedText: "text",
          integer: "bigint",
          timestamp: "timestamptz",
          fixedText: "bpchar",
          boolean: "boolean",
          textInObject: "text",
          textList: "text",
        }[list.sorts[field]?.type ?? "text"],
      );
      const after = Prisma.sql`(${column}, ${list.id}) ${Prisma.raw(way === "ASC" ? ">" : "<")} (${middle?.value ?? ""}::${type}, ${middle?.id ?? 0}::bigint)`;
      const nodes = await planOf(
        Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND ${after} ORDER BY ${column} ${Prisma.raw(way)}, ${list.id} ${Prisma.raw(way)} LIMIT 51`,
      );
      expectIndexed(nodes, table);
    });

    it.each(mixedOrders(list))("sorts by %s and %s, each its own way, from the middle on", async (...sort) => {
      const columns = [...sort.map(({ field }) => list.sorts[field]?.column ?? Prisma.empty), list.id];
      const ways = [...sort, ...sort.slice(-1)].map(({ direction }) => Prisma.raw(direction));
      const { from, where } = source(accountId);
      const [middle] = await readSql<{ values: string[] }>(
        Prisma.sql`SELECT ARRAY[${Prisma.join(columns.map((column) => Prisma.sql`(${column})::text`))}] AS values FROM ${from}
          WHERE ${where} ORDER BY ${Prisma.join(columns.map((column, index) => Prisma.sql`${column} ${ways[index] ?? Prisma.empty}`))}
          OFFSET ${ROWS / 2} LIMIT 1`,
      );
      const place = { by: "cursor", after: middle?.values ?? [] } as const;
      const request = { conditions: [], flags: [], sort, perPage: 50, place };
      const { blocks, walked } = await viewCost(() => readList(list, request, source(accountId)));
      expect(walked).toEqual([]);
      // One vehicle has half of all meter entries, the others' were made at one time: what is alike is sorted for each page.
      const most = table === "meter_entries" ? 8 * MOST_BLOCKS : MOST_BLOCKS;
      expect(blocks.reduce((sum, each) => sum + each, 0)).toBeLessThan(most);
    });
  },
);
