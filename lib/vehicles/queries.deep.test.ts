import { beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { conditionSql } from "@/lib/public-api/lists/conditions";
import { fieldsNamed } from "@/lib/public-api/lists/list-fields";
import type { Operator } from "@/lib/public-api/lists/list-definition";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { makeManyVehicles } from "@/prisma/bulk/vehicles";
import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { fillTables } from "@/testing/fill-tables";
import { archivedVehicleList, vehicleList, vehicleTables } from "./queries";

const COUNT = 100_000;
/** A page of 50 and what an index hands over besides. */
const MOST_ROWS_READ = 2000;
let account: Account;

beforeAll(async () => {
  account = await makeAccount();
  await fillTables(["vehicles"], () => makeManyVehicles(account, COUNT));
}, 300_000);

interface PlanNode {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows": number;
  readonly "Actual Loops": number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly PlanNode[];
}

const rowsReadBy = (node: PlanNode) =>
  (node["Actual Rows"] + (node["Rows Removed by Filter"] ?? 0) + (node["Rows Removed by Index Recheck"] ?? 0)) *
  node["Actual Loops"];
const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

/** What reads the vehicles, and how many of them it looks at: a figure that no busy machine changes. */
async function explain(
  where: Prisma.Sql,
  orderBy: Prisma.Sql,
): Promise<{ indexes: string[]; scansTable: boolean; rowsRead: number }> {
  const [row] = await readSql<{ "QUERY PLAN": [{ Plan: PlanNode }] }>(
    Prisma.sql`EXPLAIN (ANALYZE, FORMAT JSON) SELECT v.id, t.name, s.name FROM ${vehicleTables} WHERE v.account_id = ${account.id} AND ${where} ORDER BY ${orderBy} LIMIT 51`,
  );
  const plan = row?.["QUERY PLAN"][0];
  const nodes = plan ? nodesOf(plan.Plan) : [];
  return {
    indexes: nodes.flatMap((node) => node["Index Name"] ?? []).filter((name) => /^vehicles_/.test(name)),
    scansTable: nodes.some((node) => node["Node Type"] === "Seq Scan" && node["Relation Name"] === "vehicles"),
    rowsRead: Math.max(...nodes.map(rowsReadBy)),
  };
}

const newestFirst = Prisma.sql`v.id DESC`;
const kept = Prisma.sql`v.archived_at IS NULL`;

describe(`the list at ${COUNT} vehicles in one account`, () => {
  it.each([
    ["name", "eq", "Transit 500"],
    ["name", "like", "no such thing"],
    ["name", "include", "Transit 500,Tacoma 4"],
    ["vin", "eq", "absent"],
    ["vin", "like", "00500"],
    ["license_plate", "eq", "absent"],
    ["license_plate", "like", "-50000"],
    ["external_id", "eq", "absent"],
    ["external_id", "like", "qqqqq"],
    ["external_id", "include", "absent,none"],
    ["make", "eq", "absent"],
    ["make", "like", "absent"],
    ["make", "gte", "Zzz"],
    ["model", "include", "absent,none"],
    ["model", "matches", "Zeppelin%"],
    ["trim", "eq", "absent"],
    ["trim", "like", "absent"],
    ["year", "eq", "1950"],
    ["year", "gte", "2100"],
    ["group_name", "eq", "absent"],
    ["id", "in", "1,2,3"],
    ["created_at", "gt", "2999-01-01"],
    ["updated_at", "lte", "2000-01-01"],
    ["vehicle_type_id", "eq", "2147483647"],
    ["vehicle_status_id", "include", "2147483647,2147483646"],
  ] as const)("filters %s %s %s by an index", async (field, operator: Operator, value) => {
    const [definition] = fieldsNamed(vehicleList, field);
    if (definition === undefined) throw new Error(`no filter ${field}`);
    const plan = await explain(
      Prisma.sql`${conditionSql({ field, operator, value }, definition)} AND ${kept}`,
      newestFirst,
    );
    expect(plan.scansTable).toBe(false);
    // No vehicle has a group: none is looked for.
    expect(plan.indexes.length).toBeGreaterThan(field === "group_name" ? -1 : 0);
    expect(plan.rowsRead).toBeLessThan(MOST_ROWS_READ);
  });

  it.each(["id", "name", "year", "created_at", "updated_at"])(
    "sorts by %s from an index, the far end at the cost of the near one",
    async (sort) => {
      const column = sort === "id" ? Prisma.sql`v.id` : (vehicleList.sorts[sort]?.column ?? Prisma.empty);
      const orderBy = sort === "id" ? newestFirst : Prisma.sql`${column} DESC, v.id DESC`;
      const far = await readSql<{ value: string; id: number }>(
        Prisma.sql`SELECT (${column})::text AS value, v.id FROM vehicles v WHERE v.account_id = ${account.id} ORDER BY ${orderBy} OFFSET ${COUNT - 200} LIMIT 1`,
      );
      const castTo = Prisma.raw(sort === "name" ? "text" : sort === "id" || sort === "year" ? "bigint" : "timestamptz");
      const after =
        sort === "id"
          ? Prisma.sql`(v.id) < (${far[0]?.id}::bigint)`
          : Prisma.sql`(${column}, v.id) < (${far[0]?.value}::${castTo}, ${far[0]?.id}::bigint)`;
      for (const where of [kept, Prisma.sql`${after} AND ${kept}`]) {
        const plan = await explain(where, orderBy);
        expect(plan.scansTable).toBe(false);
        expect(plan.indexes.length).toBeGreaterThan(0);
        expect(plan.rowsRead).toBeLessThan(MOST_ROWS_READ);
      }
    },
  );

  it("finds the archived ones by their own index", async () => {
    expect(Object.keys(archivedVehicleList.filters)).toEqual(Object.keys(vehicleList.filters));
    const plan = await explain(Prisma.sql`v.archived_at IS NOT NULL`, newestFirst);
    expect(plan.indexes).toContain("vehicles_archived");
  });
});
