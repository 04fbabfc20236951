import { Client } from "pg";
import { beforeAll, describe, expect, it } from "vitest";

import type { Vehicle } from "@/generated/prisma/client";
import { archivedContactList, contactList } from "@/lib/contacts/api-queries";
import { contactSource } from "@/lib/contacts/queries";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { archivedVehicleList, nameVehicle, vehicleList, vehiclesOf } from "@/lib/vehicles/queries";
import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle, makeVehicleStatus, makeVehicleType } from "@/prisma/factories/vehicles";
import { fillTables } from "@/testing/fill-tables";
import { viewCost } from "@/testing/view-cost";
import type { ListDefinition } from "./list-definition";
import { readListRequest } from "./list-input";
import { readList, type ListSource } from "./read-list";

const OWN = 100_000;
const OTHERS = 8;
const OF_EACH_OTHER = 25_000;
/** Of 8 kB. A walk over all that the account has touches some 2,000; what a page holds, a few hundred. */
const MOST_BLOCKS = 1500;
const MOST_BLOCKS_WALKED = 4000;

let accountId: number;
let rare: Vehicle;

/**
 * One account of many vehicles, all of them old and alike, among others where everything is new and every name, type
 * and plate is what the one lacks: the planner knows of all accounts together.
 */
beforeAll(async () => {
  const account = await makeAccount();
  accountId = account.id;
  const [type, status] = [await makeVehicleType({ account }), await makeVehicleStatus({ account })];
  rare = await makeVehicle({ account, name: "Zeppelin", vehicleTypeId: type.id, vehicleStatusId: status.id });
  const usual = await makeVehicleType({ account });
  const common = await makeVehicle({ account, name: "Common", vin: null, vehicleTypeId: usual.id });
  const columns = `account_id, make, model, trim, year, labels, name, license_plate, external_ids, vehicle_type_id, vehicle_status_id, fuel_volume_units,
    system_of_measurement, primary_meter_unit, archived_at, created_at, updated_at`;
  const all = [
    `INSERT INTO vehicles (${columns}) SELECT ${accountId}, 'Ford', 'Transit', 'XL', 2018, '{north}'::text[], 'Van ' || i, 'OLD' || i, jsonb_build_object('a', 'own' || i, 'fleet', 'north'), ${common.vehicleTypeId},
      ${common.vehicleStatusId}, 'liters', 'metric', 'km', NULL, timestamptz '2020-01-01' + i * interval '1 minute', timestamptz '2020-01-01' + i * interval '1 minute'
      FROM generate_series(1, ${OWN}) i`,
    `INSERT INTO contacts (account_id, vehicle_operator, first_name, name, email, created_at, updated_at)
      SELECT ${accountId}, TRUE, 'P' || i, 'P' || i, 'p' || i || '@example.com', timestamptz '2020-01-01' + i * interval '1 minute', timestamptz '2020-01-01' + i * interval '1 minute'
      FROM generate_series(1, ${OWN}) i`,
    `UPDATE vehicles SET created_at = '2010-01-01', updated_at = '2020-07-01', vin = NULL, license_plate = 'RARE', external_ids = '{"a": "shared"}',
      make = 'Zeppelin', model = 'Hindenburg', trim = 'Luxury', year = 2024, labels = '{rare}' WHERE id = ${rare.id}`,
    `UPDATE vehicle_types SET name = 'Airship' WHERE id = ${type.id}`,
    `UPDATE vehicles SET created_at = '2020-01-01', updated_at = '2020-01-01' WHERE id = ${common.id}`,
  ];
  for (let count = 0; count < OTHERS; count++) {
    const other = await makeAccount();
    const first = await makeVehicle({ account: other });
    all.push(
      `INSERT INTO vehicles (${columns}) SELECT ${other.id}, 'Zeppelin', 'Hindenburg', 'Luxury', 2024, '{rare}'::text[], 'Zeppelin ' || i, 'RARE', '{"a": "shared"}', ${first.vehicleTypeId}, ${first.vehicleStatusId}, 'liters',
        'metric', 'km', CASE WHEN i % 2 = 0 THEN now() END, CASE WHEN i % 2 = 0 THEN timestamptz '2010-01-01' ELSE now() END, now() FROM generate_series(1, ${OF_EACH_OTHER}) i`,
      `INSERT INTO contacts (account_id, first_name, name, email, archived_at, created_at, updated_at)
        SELECT ${other.id}, 'Zara', 'Zara ' || i, 'zara' || i || '@example.com', CASE WHEN i % 2 = 0 THEN now() END, now(), now() FROM generate_series(1, ${OF_EACH_OTHER}) i`,
    );
  }
  const client = new Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  await fillTables(["vehicles", "contacts"], async () => {
    for (const sql of all) await client.query(sql);
  });
  await client.end();
}, 240_000);

interface Asked {
  readonly list: ListDefinition;
  readonly source: () => ListSource;
}

const VEHICLES: Asked = {
  list: vehicleList,
  source: () => vehiclesOf(accountId, Prisma.sql`v.archived_at IS NULL`),
};
const ARCHIVED_VEHICLES: Asked = {
  list: archivedVehicleList,
  source: () => vehiclesOf(accountId, Prisma.sql`v.archived_at IS NOT NULL`),
};
const contactsWhere = (which: Prisma.Sql): ListSource => {
  const { where, ...source } = contactSource(accountId);
  return { ...source, where: Prisma.sql`${where} AND ${which}` };
};
const CONTACTS: Asked = { list: contactList, source: () => contactsWhere(Prisma.sql`c.archived_at IS NULL`) };
const ARCHIVED_CONTACTS: Asked = {
  list: archivedContactList,
  source: () => contactsWhere(Prisma.sql`c.archived_at IS NOT NULL`),
};

async function costOf({ list, source }: Asked, query: string): Promise<{ found: number; blocks: number }> {
  const request = readListRequest(list, new URLSearchParams(query), { accountId, version: "2025-05-05" });
  const page = await readList<object>(list, request, source());
  const { blocks } = await viewCost(() => readList(list, request, source()));
  return { found: page.rows.length, blocks: blocks.reduce((sum, each) => sum + each, 0) };
}

describe(`a rare filter among ${OWN} records, where other accounts hold what it asks for`, () => {
  it.each<[Asked, string, number]>([
    [VEHICLES, "filter[updated_at][gt]=2025-01-01", 0],
    [VEHICLES, "filter[updated_at][gt]=2025-01-01&sort[id]=asc", 0],
    [VEHICLES, "filter[updated_at][gt]=2025-01-01&sort[name]=asc", 0],
    [VEHICLES, "filter[updated_at][gt]=2020-06-15", 1],
    [VEHICLES, "filter[created_at][lt]=2012-01-01", 1],
    [VEHICLES, "filter[name][like]=submarine", 0],
    [VEHICLES, "q[license_plate_matches]=lost%25&q[s]=created_at+asc", 0],
    [VEHICLES, "filter[license_plate][eq]=RARE", 1],
    [VEHICLES, "filter[license_plate][include]=RARE,OLD7", 2],
    [VEHICLES, "filter[external_id][eq]=shared", 1],
    [VEHICLES, "filter[external_id][like]=share", 1],
    [VEHICLES, "filter[vehicle_type_id][eq]=TYPE", 1],
    [VEHICLES, "filter[vehicle_type_id][eq]=TYPE&sort[updated_at]=desc", 1],
    [VEHICLES, "filter[make][eq]=Zeppelin", 1],
    [VEHICLES, "filter[make][eq]=Submarine&sort[name]=asc", 0],
    [VEHICLES, "q[make_gteq]=Z", 1],
    [VEHICLES, "q[year_gteq]=2024", 1],
    [VEHICLES, "q[year_cont]=2024", 1],
    [VEHICLES, "q[year_cont]=195", 0],
    [VEHICLES, "q[s]=year+desc&filter[year][lt]=2000", 0],
    [VEHICLES, "sort[year]=desc", 50],
    [VEHICLES, "filter[labels][include]=north", 50],
    [VEHICLES, "q[vehicle_type_name_matches]=air%25", 1],
    [VEHICLES, "q[vehicle_type_name_gteq]=B", 50],
    [VEHICLES, "q[vehicle_type_name_eq]=Submarine", 0],
    [VEHICLES, "q[vehicle_status_name_cont]=submarine", 0],
    [VEHICLES, "q[group_name_cont]=north", 0],
    [VEHICLES, "q[name_or_vin_or_license_plate_cont]=submarine", 0],
    [VEHICLES, "q[name_or_model_cont]=van", 50],
    [VEHICLES, "q[model_matches]=submarine%25", 0],
    [VEHICLES, "q[trim_cont]=submarine", 0],
    [VEHICLES, "filter[labels][include]=submarine,none", 0],
    [VEHICLES, "filter[id][in]=ID,2147483646,2147483647", 1],
    [VEHICLES, "filter[updated_at][gt]=2025-01-01&filter[name][like]=van", 0],
    [VEHICLES, "q[vin_present]=1", 0],
    [VEHICLES, "filter[name][like]=van", 50],
    [VEHICLES, "filter[created_at][gt]=2020-01-01&filter[name][like]=van", 50],
    [ARCHIVED_VEHICLES, "", 0],
    [ARCHIVED_VEHICLES, "q[make_eq]=Ford", 0],
    [CONTACTS, "q[vehicle_operator_false]=1", 0],
    [CONTACTS, "q[vehicle_operator_true]=1", 50],
    [CONTACTS, "q[technician_true]=1&sort[name]=asc", 0],
    [CONTACTS, "filter[id][in]=2147483645,2147483646,2147483647", 0],
    [CONTACTS, "filter[updated_at][gt]=2025-01-01", 0],
    [CONTACTS, "filter[email][like]=submarine", 0],
    [ARCHIVED_CONTACTS, "", 0],
    [ARCHIVED_CONTACTS, "filter[updated_at][gt]=2010-01-01", 0],
  ])("%o asked %s", async (asked, query, found) => {
    const cost = await costOf(asked, query.replace("TYPE", String(rare.vehicleTypeId)).replace("ID", String(rare.id)));
    expect(cost.found).toBe(found);
    expect(cost.blocks).toBeLessThan(MOST_BLOCKS);
  });

  it.each([
    // As below: the planner hopes to meet it soon on a walk over the account.
    ["a", "shared", "the one that has it here", MOST_BLOCKS_WALKED],
    ["a", "own77777", "the one that has it anywhere", 50],
    ["a", "none", "not_found", 50],
    // All of them, of whom three are read.
    ["fleet", "north", "conflict", MOST_BLOCKS],
  ])("a vehicle called %s:%s is %s", async (key, value, found, most) => {
    const find = () =>
      nameVehicle(accountId, { externalId: { key, value } }, (statement) => readSql<{ id: number }>(statement));
    const outcome = await find().then(
      () => "the one",
      (error: unknown) => (error as { code: string }).code,
    );
    expect(found).toContain(outcome);
    const { blocks, walked } = await viewCost(() => find().catch(() => undefined));
    expect(walked).toEqual([]);
    expect(blocks.reduce((sum, each) => sum + each, 0)).toBeLessThan(most);
  });

  // docs/decisions/0040: no index has what is rare in one account alone, so the account's records may be walked, once.
  it.each<[Asked, string, number]>([
    [VEHICLES, "q[model_matches]=hinden%25", 1],
    [VEHICLES, "q[trim_cont]=lux", 1],
    [VEHICLES, "filter[labels][include]=rare,none", 1],
    [VEHICLES, "q[name_or_vin_or_license_plate_cont]=zeppelin", 1],
    [VEHICLES, "q[make_or_vehicle_type_name_or_year_cont]=zeppelin", 1],
    [VEHICLES, "q[make_or_vehicle_type_name_eq]=Airship", 1],
  ])("%o asked %s: no more than a walk over the account", async (asked, query, found) => {
    const cost = await costOf(asked, query);
    expect(cost.found).toBe(found);
    expect(cost.blocks).toBeLessThan(MOST_BLOCKS_WALKED);
  });
});
