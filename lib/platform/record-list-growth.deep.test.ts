import { beforeAll, describe, expect, it } from "vitest";

import type { Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { listCustomers } from "@/lib/accounts/list-customers";
import { customerListQuery } from "@/lib/accounts/schema";
import { listContactRows } from "@/lib/contacts/queries";
import { contactListQuery } from "@/lib/contacts/schema";
import { listFuelEntryRows } from "@/lib/fuel-entries/list-fuel-entry-rows";
import { fuelEntryListQuery } from "@/lib/fuel-entries/schema";
import { listMembers } from "@/lib/members/queries";
import { memberListQuery } from "@/lib/members/schema";
import { listMeterEntryRows } from "@/lib/meter-entries/queries";
import { meterEntryListQuery } from "@/lib/meter-entries/schema";
import { listAssignmentRows } from "@/lib/vehicle-assignments/list-assignment-rows";
import { assignmentListQuery } from "@/lib/vehicle-assignments/schema";
import { downloadVehicles } from "@/lib/vehicles/downloads";
import { vehicleListQuery } from "@/lib/vehicles/schema";
import { listVehicleRows } from "@/lib/vehicles/list-vehicle-rows";
import { makeManyVehicles } from "@/prisma/bulk/vehicles";
import {
  makeAccountWithPeople,
  makeSession,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { fillTables } from "@/testing/fill-tables";
import { longTransaction, vacuumAnalyze } from "@/testing/long-transaction";
import { viewCost } from "@/testing/view-cost";
import { Prisma } from "./database/db";
import type { Tx } from "./database/write-db";

const [FEW, MANY] = [100, 100_000];
/** Other processes want the processor too: the best of so many, by turns. */
const RUNS = 15;
/** Pages of 8 kB that one statement may touch: counts that stop at 1,001 rows, each in a page of its own at worst. */
const MOST_BLOCKS = 6 * 1001;
const MIB = 1024 * 1024;
/** A statement may take a minute: so many rows take a few seconds of it. */
const BATCH_SIZE = 5_000;
const FILLED = ["vehicles", "contacts", "vehicle_assignments", "meter_entries", "fuel_entries", "accounts", "users"];

/** The record with a name of its own, at either scale: a search for it finds one. */
const ONLY_ONE = 50;
const nameOf = Prisma.sql`CASE WHEN n = ${ONLY_ONE}::int THEN 'Quixote' ELSE n::text END`;

interface Scale {
  readonly space: AccountWithPeople;
  readonly hub: AccountWithPeople;
}

let small: Scale;
let large: Scale;

/** So many of everything that a customer's space lists, one of each kind for each vehicle. */
async function fillSpace({ id: account }: { id: number }, count: number): Promise<void> {
  await makeManyVehicles({ id: account }, count);
  await longTransaction(
    (tx) => tx.$executeRaw`
    UPDATE vehicles SET name = 'Transit Quixote'
    WHERE id = (SELECT id FROM vehicles WHERE account_id = ${account}::int ORDER BY id OFFSET ${ONLY_ONE - 1}::int LIMIT 1)`,
  );
  for (let from = 1; from <= count; from += BATCH_SIZE)
    await longTransaction((tx) => fillPart(tx, account, from, Math.min(count, from + BATCH_SIZE - 1)));
}

/** People, and for the vehicle of each an assignment, a reading and a fuelling. */
async function fillPart(tx: Tx, account: number, from: number, to: number): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO contacts (account_id, first_name, last_name, name, email, employee_number, vehicle_operator, archived_at, created_at, updated_at)
    SELECT ${account}::int, 'Driver', ${nameOf}, 'Driver ' || ${nameOf}, 'driver' || n || '@example.com', 'E-' || n, n % 3 > 0,
      CASE WHEN n % 40 = 0 THEN now() END, now() - make_interval(mins => n), now() - make_interval(mins => n % 500)
    FROM generate_series(${from}::int, ${to}::int) AS n`;
  const ofPart = Prisma.sql`(SELECT id, account_id, row_number() OVER (ORDER BY id)::int + ${from}::int - 1 AS n FROM (
    SELECT id, account_id FROM vehicles WHERE account_id = ${account}::int ORDER BY id OFFSET ${from - 1}::int LIMIT ${to - from + 1}::int) part) v`;
  await tx.$executeRaw`
    INSERT INTO vehicle_assignments (account_id, vehicle_id, contact_id, started_at, ended_at)
    SELECT v.account_id, v.id, c.id, now() + make_interval(hours => v.n % 300 - 200, secs => v.n),
      CASE WHEN v.n % 4 > 0 THEN now() + make_interval(hours => v.n % 300 - 100, secs => v.n) END
    FROM ${ofPart} JOIN contacts c ON c.account_id = v.account_id AND c.employee_number = 'E-' || v.n`;
  await tx.$executeRaw`
    INSERT INTO meter_entries (account_id, vehicle_id, value, date)
    SELECT v.account_id, v.id, v.id % 5000, (now() - make_interval(days => v.n % 400))::date FROM ${ofPart}`;
  await tx.$executeRaw`
    INSERT INTO fuel_entries (account_id, vehicle_id, meter_entry_id, date, volume, volume_units, total_amount)
    SELECT m.account_id, m.vehicle_id, m.id, m.date, 10 + m.id % 7, 'us_gallons', 40
    FROM ${ofPart} JOIN meter_entries m ON m.account_id = v.account_id AND m.vehicle_id = v.id`;
}

async function fillHub({ id: account }: { id: number }, count: number): Promise<void> {
  await longTransaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO accounts (kind, token, name, plan, status, partner_id)
      SELECT 'customer', lpad(to_hex(${account}::bigint * 1000000 + n), 10, '0'), 'Customer ' || ${nameOf}, 'professional',
        (CASE WHEN n % 50 = 0 THEN 'canceled' ELSE 'active' END)::account_status, ${account}::int FROM generate_series(1, ${count}::int) AS n`;
    await tx.$executeRaw`
      WITH made AS (
        INSERT INTO users (email, name) SELECT 'person-' || ${account}::int || '-' || n || '@example.com', 'Person ' || n
        FROM generate_series(1, ${count}::int) AS n RETURNING id
      )
      INSERT INTO memberships (user_id, account_id, role) SELECT id, ${account}::int, 'member' FROM made`;
  });
}

async function makeScale(count: number): Promise<Scale> {
  const scale = { space: await makeAccountWithPeople(), hub: await makeAccountWithPeople({ kind: "partner" }) };
  await fillSpace(scale.space.account, count);
  await fillHub(scale.hub.account, count);
  return scale;
}

beforeAll(async () => {
  await fillTables(FILLED, async () => {
    [small, large] = [await makeScale(FEW), await makeScale(MANY)];
  });
  await vacuumAnalyze();
}, 600_000);

type Reading = (scale: Scale) => Promise<() => Promise<unknown>>;

/** A view of a list, as its page reads it, in either account. */
function view<P extends Permission, Query>(
  permission: P,
  list: (permit: Permit<P>, query: Query) => Promise<unknown>,
  query: Query,
  where: keyof Scale = "space",
): Reading {
  return async (scale) => {
    const { owner: user, account } = scale[where];
    const permit = await permitFor(permission, { user, account });
    return () => list(permit, query);
  };
}

const vehicles = (given: object) => view("vehicles.read", listVehicleRows, vehicleListQuery.parse(given));
const contacts = (given: object) => view("contacts.read", listContactRows, contactListQuery.parse(given));
const assignments = (given: object) =>
  view("vehicleAssignments.read", listAssignmentRows, assignmentListQuery.parse(given));
const meter = (given: object) => view("meterEntries.read", listMeterEntryRows, meterEntryListQuery.parse(given));
const fuel = (given: object) => view("fuelEntries.read", listFuelEntryRows, fuelEntryListQuery.parse(given));
const customers = (given: object) => view("customers.read", listCustomers, customerListQuery.parse(given), "hub");

const VIEWS: readonly (readonly [string, Reading])[] = [
  ["vehicles", vehicles({})],
  ["vehicles, last changed first", vehicles({ sort: "updated", direction: "desc" })],
  ["vehicles, a rare word", vehicles({ q: "transit 55555" })],
  ["vehicles, a word of one record", vehicles({ q: "transit quixote" })],
  ["vehicles, an absent word", vehicles({ q: "qqxyzzy" })],
  ["contacts", contacts({})],
  ["contacts, newest first", contacts({ sort: "created", direction: "desc" })],
  ["contacts, a rare word", contacts({ q: "driver 77777" })],
  ["contacts, a word of one record", contacts({ q: "driver quixote" })],
  ["assignments", assignments({})],
  ["assignments, current", assignments({ state: "current" })],
  ["assignments, an absent word", assignments({ q: "qqxyzzy" })],
  ["meter entries", meter({})],
  ["meter entries of 30 days", meter({ period: "30d" })],
  ["fuel entries", fuel({})],
  ["fuel entries of 30 days", fuel({ period: "30d" })],
  ["customers", customers({})],
  ["customers, newest first", customers({ sort: "created", direction: "desc" })],
  ["customers, a rare word", customers({ q: "customer 77777" })],
  ["customers, a word of one record", customers({ q: "customer quixote" })],
  ["members", view("members.read", listMembers, memberListQuery.parse({}), "hub")],
];

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

describe(`every list at ${MANY.toLocaleString("en")} records against ${FEW}`, () => {
  it.each(VIEWS)("%s", async (name, reading) => {
    const [few, many] = [await reading(small), await reading(large)];
    const best = { few: Infinity, many: Infinity };
    for (let run = 0; run < RUNS; run++) {
      best.few = Math.min(best.few, await timeOf(few));
      best.many = Math.min(best.many, await timeOf(many));
    }
    const growth = best.many / best.few;
    const blocks = Math.max(...(await viewCost(many)).blocks);
    console.log(
      `${name}: ${best.few.toFixed(1)} ms, ${best.many.toFixed(1)} ms, ${growth.toFixed(2)} ×, ${blocks} blocks`,
    );
    expect(blocks).toBeLessThanOrEqual(MOST_BLOCKS);
  });
});

describe(`an export of ${MANY.toLocaleString("en")} vehicles`, () => {
  it("holds a batch of them in memory", async () => {
    const { owner: user, account } = large.space;
    const identity = { sessionToken: await makeSession(user), requestedFrom: null, ip: null, requestId: "growth" };
    const { body } = await downloadVehicles.invoke(identity, account.token, {});
    if (body === null) throw new Error("the file has no body");
    const parts = body.pipeThrough(new TextDecoderStream()) as unknown as AsyncIterable<string>;
    const times: number[] = [];
    let [lines, last] = [0, performance.now()];
    let peak = 0;
    for await (const part of parts) {
      lines += part.split("\n").length - 1;
      times.push(performance.now() - last);
      last = performance.now();
      peak = Math.max(peak, process.memoryUsage().rss / MIB);
    }
    console.log(
      `${lines} lines in ${(times.reduce((sum, time) => sum + time, 0) / 1000).toFixed(1)} s, at most ${peak.toFixed(0)} MiB`,
    );
    expect(lines).toBe((MANY * 39) / 40 + 1);
    expect(peak).toBeLessThan(512);
  });
});
