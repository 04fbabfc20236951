import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { emptyCollections } from "./endpoints";

/** As the contract names them. */
const NAMES = `issues service_entries service_reminders expense_entries parts purchase_orders submitted_inspection_forms
  vendors places work_orders faults labels groups users inspection_forms vehicle_renewal_reminders acquisitions comments
  contact_renewal_reminders contact_renewal_types equipment equipment_statuses equipment_types expense_entry_types
  fault_rules location_entries inventory_adjustment_reasons part_locations purchase_details service_tasks
  vehicle_renewal_types work_order_statuses`.split(/\s+/);

let api: TestApi;
let account: Account;
let vehicle: number;
let token: string;

beforeAll(async () => {
  api = await serveForTests(emptyCollections);
  account = await makeAccount();
  vehicle = (await makeVehicle({ account, vin: "1FTFW1ET5DFC10312" })).id;
  const made = await makeApiKey({
    account,
    createdBy: await makePerson(account, "member"),
    scopes: ["webhooks.read"],
  });
  token = made.token;
  await bookkeepingDb().apiKey.update({ where: { id: made.key.id }, data: { rateLimitPerMinute: 100_000 } });
});
afterAll(() => api.close());

const call = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  api.call(`/api/v1${path}`, { token, method, headers: { "account-token": account.token, ...headers } });

it("are those of the contract, their archives, and those of one vehicle", () => {
  expect(emptyCollections.map(({ path }) => path).sort()).toEqual(
    NAMES.flatMap((name) => [`/${name}`, `/${name}/archived`, `/vehicles/:id/${name}`]).sort(),
  );
});

it.each(API_VERSIONS)("200: each is empty in version %s, whatever scopes the key has", async (version) => {
  for (const path of NAMES.flatMap((name) => [`/${name}`, `/${name}/archived`, `/vehicles/${vehicle}/${name}`])) {
    const { status, json, headers } = await call(path, { "x-api-version": version });
    expect([path, status]).toEqual([path, 200]);
    if (version === "2023-03-01") {
      expect(json).toEqual([]);
      expect(headers).toMatchObject({ "x-pagination-total-count": "0", "x-pagination-current-page": "1" });
    } else expect(json).toMatchObject({ next_cursor: null, estimated_remaining_count: 0, per_page: 50, records: [] });
  }
});

const NEW = "2025-05-05";
const OLD = "2023-03-01";

describe("what is asked of them", () => {
  it.each([
    [NEW, "filter[updated_at][gt]=2026-01-01&sort[updated_at]=asc&per_page=100"],
    [NEW, "filter[whatever_it_is][like]=x&filter[vendor_id][include]=4,5&sort[due_at]=desc&sort[id]=asc"],
    [NEW, "filter[id][in]=1,2,3"],
    [NEW, "filter%5Bissue_id%5D%5Beq%5D=7"],
    [NEW, "q[name_or_number_cont]=x&q[s]=due_date+desc"],
    [OLD, "q[updated_at_gteq]=2026-01-01&q[s]=updated_at+asc"],
    [OLD, "q[closed_true]=1&q[vendor_name_matches]=a%25&q[archived_at_null]=1"],
  ])("200: in version %s, %s", async (version, query) => {
    expect((await call(`/work_orders?${query}`, { "x-api-version": version })).status).toBe(200);
    expect((await call(`/vehicles/${vehicle}/issues?${query}`, { "x-api-version": version })).status).toBe(200);
  });

  it.each([
    [NEW, "filter[name]=x"],
    [NEW, "filter[name][regex]=x"],
    [NEW, "Filter[name][eq]=x"],
    [NEW, "filter[vehicle][name][eq]=x"],
    [NEW, "filter[updated_at][gt]=yesterday"],
    [NEW, "filter[name][eq]=%00"],
    [NEW, "filter[id][in]=x"],
    [NEW, `filter[id][in]=${Array.from({ length: 101 }, (_, index) => index + 1).join(",")}`],
    [NEW, "sort[name]=upwards"],
    [NEW, "sort=name"],
    [NEW, "q[name]=x"],
    [NEW, "q[_eq]=x"],
    [NEW, "q[s]=name+sideways"],
    [NEW, "start_cursor=x"],
    [OLD, "filter[name][eq]=x"],
  ])("400: in version %s, %s", async (version, query) => {
    const { status, json } = await call(`/parts?${query}`, { "x-api-version": version });
    expect(status).toBe(400);
    expect(Object.keys(json.errors ?? {})).toHaveLength(1);
  });

  it("200: the cursor that they gave, with what it carries", async () => {
    const { json } = await call("/vendors?filter[anything][eq]=1&sort[rank]=desc");
    const again = await call(`/vendors?start_cursor=${String(json.start_cursor)}`);
    expect(again.json).toMatchObject({ filtered_by: [{ anything: { eq: "1" } }], sorted_by: [{ rank: "desc" }] });
  });
});

it("404: any other name, one of them, and those of a vehicle that is not the account's; 405: anything but GET", async () => {
  const foreign = await makeVehicle({ account: await makeAccount() });
  for (const path of [
    "/issues/1",
    "/tires",
    "/tires/archived",
    `/vehicles/${vehicle}/tires`,
    `/vehicles/${foreign.id}/issues`,
    "/vehicles/x/issues",
  ])
    expect([path, (await call(path)).status]).toEqual([path, 404]);
  expect((await call("/vehicles/vin:1FTFW1ET5DFC10312/issues")).status).toBe(200);
  const posted = await call("/issues", {}, "POST");
  expect([posted.status, posted.headers.allow]).toEqual([405, "GET, HEAD"]);
});
