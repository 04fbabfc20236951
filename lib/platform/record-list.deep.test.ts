import { beforeAll, describe, expect, it } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { listContactRows } from "@/lib/contacts/queries";
import { contactListQuery } from "@/lib/contacts/schema";
import { listVehicleRows } from "@/lib/vehicles/list-vehicle-rows";
import { vehicleListQuery } from "@/lib/vehicles/schema";
import { makeManyVehicles } from "@/prisma/bulk/vehicles";
import { makeAccountWithPeople, permitFor } from "@/prisma/factories/accounts-and-keys";
import { viewCost } from "@/testing/view-cost";
import { bookkeepingDb } from "./database/write-db";

const RECORDS = 20_000;
/** A statement may take 5 seconds: these take a fraction of that, on a busy machine too. */
const CONTACTS_PER_STATEMENT = 1_000;
/** Pages of 8 kB that one statement of a view may touch; unlike time, it is the same on every machine. */
const MOST_BLOCKS = 1500;
/** A search or filter that leaves more than are counted, in an order that may run against it: those near in the order, then all that match. */
const MOST_BLOCKS_AGAINST_THE_ORDER = 2000 + RECORDS / 4;

let vehicleReader: Permit<"vehicles.read">;
let contactReader: Permit<"contacts.read">;
let typeId: number;
let statusId: number;

beforeAll(async () => {
  const { account, owner } = await makeAccountWithPeople();
  vehicleReader = await permitFor("vehicles.read", { user: owner, account });
  contactReader = await permitFor("contacts.read", { user: owner, account });
  await makeManyVehicles(account, RECORDS);
  for (let from = 1; from <= RECORDS; from += CONTACTS_PER_STATEMENT) {
    await bookkeepingDb().$executeRaw`
      INSERT INTO contacts (account_id, first_name, last_name, name, email, employee_number, vehicle_operator, technician, archived_at, created_at, updated_at)
      SELECT ${account.id}::int, 'Driver', n::text, 'Driver ' || n, 'driver' || n || '@example.com', 'E-' || n, n % 3 > 0, n % 100 = 0,
        CASE WHEN n % 40 = 0 THEN now() END, now() - make_interval(mins => n), now() - make_interval(mins => n % 500)
      FROM generate_series(${from}::int, ${from + CONTACTS_PER_STATEMENT - 1}::int) AS n`;
  }
  await bookkeepingDb().$executeRaw`ANALYZE contacts`;
  const where = { accountId: account.id };
  typeId = (await bookkeepingDb().vehicleType.findFirstOrThrow({ where, orderBy: { id: "asc" } })).id;
  statusId = (await bookkeepingDb().vehicleStatus.findFirstOrThrow({ where, orderBy: { position: "asc" } })).id;
}, 300_000);

async function expectByIndex(table: string, read: () => Promise<unknown>, most: number): Promise<void> {
  const { blocks, walked } = await viewCost(read);
  expect(blocks.length, "statements of a view").toBeGreaterThanOrEqual(2);
  expect(blocks.length, "statements of a view").toBeLessThanOrEqual(3);
  expect(walked, "tables read from one end to the other").not.toContain(table);
  expect(Math.max(...blocks)).toBeLessThan(most);
}

type View = Record<string, unknown>;
const ORDERS = ["name", "created", "updated"].flatMap((sort) =>
  ["asc", "desc"].map((direction) => ({ sort, direction })),
);
const label = (view: View) => (Object.keys(view).length === 0 ? "the whole list" : JSON.stringify(view));
const named = (views: readonly View[]) => views.map((view) => [label(view), view] as const);

const vehicles = (view: View) => listVehicleRows(vehicleReader, vehicleListQuery.parse(view));
const contacts = (view: View) => listContactRows(contactReader, contactListQuery.parse(view));

describe(`${RECORDS.toLocaleString("en")} vehicles and contacts in one account`, () => {
  it.each(
    named([
      {},
      ...ORDERS,
      { q: "no such thing" },
      { q: "Transit 500" },
      { q: "tr" },
      { q: "zq" },
      { q: "%" },
      { q: "-19999" },
      { type: "2147483647" },
      { status: "2147483647" },
      { show: "archived" },
      { show: "archived", sort: "created", direction: "desc" },
    ]),
  )("vehicles: %s", async (_, view) => {
    await expectByIndex("vehicles", () => vehicles(view), MOST_BLOCKS);
  });

  it.each(["name", "created"])("vehicles of a type or a status, by %s", async (sort) => {
    for (const view of [{ type: typeId }, { status: statusId }, { q: "transit" }])
      await expectByIndex("vehicles", () => vehicles({ ...view, sort }), MOST_BLOCKS_AGAINST_THE_ORDER);
  });

  it.each(
    named([{}, ...ORDERS, { q: "driver 77" }, { q: "absent" }, { q: "dr" }, { q: "E-19999" }, { show: "archived" }]),
  )("contacts: %s", async (_, view) => {
    await expectByIndex("contacts", () => contacts(view), MOST_BLOCKS_AGAINST_THE_ORDER);
  });

  it("counts stop at 1,001, and a page deep in costs what the first costs", async () => {
    const first = await vehicles({});
    expect(first.counts).toEqual({ current: 1001, archived: RECORDS / 40 });
    let page = first;
    for (let turned = 0; turned < 5; turned++) page = await vehicles({ after: page.next });
    await expectByIndex("vehicles", () => vehicles({ after: page.next }), MOST_BLOCKS);
    const back = await vehicles({ before: page.previous });
    expect(back.rows).toHaveLength(50);
    expect(back.rows.at(-1)?.name.toLowerCase() ?? "").toSatisfy(
      (name: string) => name < (page.rows[0]?.name.toLowerCase() ?? ""),
    );
  });
});
