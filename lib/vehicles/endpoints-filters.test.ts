import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import * as contacts from "@/lib/contacts/endpoints";
import * as fuelTypes from "@/lib/fuel-types/endpoints";
import * as vehicleStatuses from "@/lib/vehicle-statuses/endpoints";
import * as vehicleTypes from "@/lib/vehicle-types/endpoints";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { makeFuelType, makeVehicle, makeVehicleStatus, makeVehicleType } from "@/prisma/factories/vehicles";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;
const ids = new Map<string, number>();

beforeAll(async () => {
  const all = [endpoints, contacts, fuelTypes, vehicleStatuses, vehicleTypes].flatMap((each) => Object.values(each));
  api = await serveForTests(all);
  account = await makeAccount({ plan: "premium" });
  const createdBy = await makePerson(account, "owner");
  ({ token } = await makeApiKey({
    account,
    createdBy,
    scopes: ["vehicles.read", "vehicles.write", "contacts.read"],
  }));
  const [van, bus] = [await makeVehicleType({ account, name: "Van" }), await makeVehicleType({ account, name: "Bus" })];
  const [active, sold] = [
    await makeVehicleStatus({ account, name: "Active" }),
    await makeVehicleStatus({ account, name: "Sold" }),
  ];
  const common = { account, vehicleTypeId: van.id, vehicleStatusId: active.id };
  const made = [
    await makeVehicle({
      ...common,
      name: "A",
      vin: "1FTBW2CM0JF000001",
      licensePlate: "K-1",
      make: "Ford",
      model: "Transit",
      trim: "XL",
      year: 2019,
      labels: ["north", "reefer"],
    }),
    await makeVehicle({
      ...common,
      name: "B",
      vin: "1FTBW2CM0JF000002",
      licensePlate: "Transit",
      make: "Ford",
      model: "E-Transit",
      trim: "XLT",
      year: 2022,
      labels: ["south"],
    }),
    await makeVehicle({
      ...common,
      name: "Transit",
      vin: null,
      licensePlate: null,
      make: null,
      model: null,
      trim: null,
      year: null,
      vehicleTypeId: bus.id,
      vehicleStatusId: sold.id,
    }),
    await makeVehicle({ ...common, name: "Old", vin: null, make: "Ford", year: 2019, archivedAt: new Date() }),
  ];
  for (const { name, id } of made) ids.set(name, id);
  // What is another's is in no answer.
  await makeVehicle({
    account: await makeAccount(),
    name: "Foreign",
    make: "Ford",
    model: "Transit",
    year: 2019,
    labels: ["north"],
  });
  await makeContact({
    account,
    name: "Dana",
    firstName: "Dana",
    vehicleOperator: true,
    employee: true,
    technician: false,
  });
  await makeContact({
    account,
    name: "Eve",
    firstName: "Eve",
    vehicleOperator: false,
    employee: true,
    technician: true,
  });
  await makeFuelType({ account, name: "Diesel" });
});
afterAll(() => api.close());

const call = (path: string, version = "2025-05-05") =>
  api.call(`/api/v1/${path}`, { token, headers: { "account-token": account.token, "x-api-version": version } });
const withIds = (query: string) => query.replace(/#([\w ]+)/g, (_, name: string) => String(ids.get(name)));

describe("GET /vehicles", () => {
  it.each([
    ["q[name_or_vin_or_license_plate_cont]=transit", ["Transit", "B"]],
    ["q[name_or_vin_or_license_plate_cont]=000001", ["A"]],
    ["q[make_or_vehicle_type_name_eq]=Bus", ["Transit"]],
    ["q[model_or_year_matches]=20%25", ["B", "A"]],
    ["q[name_or_vehicle_status_name_or_group_name_cont]=sold", ["Transit"]],
    ["q[make_eq]=Ford", ["B", "A"]],
    ["q[make_matches]=for_", ["B", "A"]],
    ["q[model_cont]=TRANSIT", ["B", "A"]],
    ["q[model_gteq]=F", ["A"]],
    ["q[model_in_s]=Transit,Sprinter", ["A"]],
    ["q[trim_eq]=XLT", ["B"]],
    ["q[trim_cont]=xl", ["B", "A"]],
    ["q[trim_gteq]=XL", ["B", "A"]],
    ["q[year_eq]=2019", ["A"]],
    ["q[year_gteq]=2020", ["B"]],
    ["q[year_lteq]=2019", ["A"]],
    ["q[year_in_s]=2019,2022", ["B", "A"]],
    ["q[year_cont]=02", ["B"]],
    ["q[year_matches]=2%25", ["B", "A"]],
    ["q[group_name_eq]=North", []],
    ["q[group_name_cont]=N", []],
    ["q[group_id_eq]=3", []],
    ["q[vehicle_type_name_eq]=Van", ["B", "A"]],
    ["q[vehicle_type_name_cont]=US", ["Transit"]],
    ["q[vehicle_type_name_in_s]=Van,Bus", ["Transit", "B", "A"]],
    ["q[vehicle_type_name_gteq]=C", ["B", "A"]],
    ["q[vehicle_type_name_matches]=va%25", ["B", "A"]],
    ["q[vehicle_status_name_eq]=Sold", ["Transit"]],
    ["q[vehicle_status_name_matches]=act%25", ["B", "A"]],
    ["q[s]=year+desc", ["B", "A", "Transit"]],
    ["q[s]=year+asc", ["Transit", "A", "B"]],
  ])("200: %s, in the oldest version and the newest", async (query, names) => {
    const old = await call(`vehicles?${query}`, "2023-03-01");
    const newest = await call(`vehicles?${query}`);
    expect([old.status, newest.status]).toEqual([200, 200]);
    expect(old.json.map(({ name }) => name)).toEqual(names);
    expect((newest.json.records as Json).map(({ name }) => name)).toEqual(names);
  });

  it.each([
    ["filter[labels][include]=north", ["A"]],
    ["filter[labels][include]=south,reefer", ["B", "A"]],
    ["filter[labels][include]=north&filter[year][gte]=2020", []],
    ["filter[make][eq]=Ford&sort[year]=asc", ["A", "B"]],
    ["filter[vehicle_type_name][like]=van&include_archived=1", ["Old", "B", "A"]],
    ["filter[id][in]=#A,#Old", ["Old", "A"]],
    ["filter[id][in]=#A,#Old&filter[make][eq]=Ford&sort[id]=asc", ["A", "Old"]],
    ["q[id_in_s]=#B,2147483647", ["B"]],
    ["q[id_in]=#B", ["B"]],
    ["q[id_eq]=#Old", ["Old"]],
  ])("200: %s", async (query, names) => {
    const { status, json } = await call(`vehicles?${withIds(query)}&per_page=1`);
    expect(status).toBe(200);
    const rest = json.next_cursor ? await call(`vehicles?start_cursor=${String(json.next_cursor)}&per_page=100`) : null;
    expect([...(json.records as Json), ...((rest?.json.records ?? []) as Json)].map(({ name }) => name)).toEqual(names);
  });

  it("200: of the archived ones, those that are named", async () => {
    const { json } = await call(`vehicles/archived?${withIds("filter[id][in]=#A,#Old")}`);
    expect((json.records as Json).map(({ name }) => name)).toEqual(["Old"]);
  });

  it.each([
    "filter[id][in]=",
    "filter[id][in]=1,x",
    "filter[id][gt]=1",
    "filter[name][in]=A",
    `filter[id][in]=${Array.from({ length: 101 }, (_, index) => index + 1).join(",")}`,
    "q[name_or_color_cont]=x",
    "q[name_or_created_at_cont]=x",
    "q[name_or_cont]=x",
    "filter[labels][like]=x",
    "q[name_gteq]=x",
    "q[s]=make+desc",
  ])("400: %s", async (query) => {
    expect((await call(`vehicles?${query}`)).status).toBe(400);
  });
});

describe("other lists", () => {
  it.each([
    ["vehicle_types?q[name_cont]=VA", ["Van"]],
    ["vehicle_statuses?q[name_cont]=ol", ["Sold"]],
    ["fuel_types?q[name_cont]=dies", ["Diesel"]],
    ["fuel_types?filter[created_at][gt]=2020-01-01&sort[updated_at]=asc", ["Diesel"]],
    ["contacts?q[vehicle_operator_true]=1", ["Dana"]],
    ["contacts?q[vehicle_operator_false]=true", ["Eve"]],
    ["contacts?q[employee_true]=1&q[technician_true]=1", ["Eve"]],
    ["contacts?q[name_or_email_cont]=dan", ["Dana"]],
  ])("200: %s", async (path, names) => {
    const { status, json } = await call(path);
    expect(status).toBe(200);
    expect((json.records as Json).map(({ name }) => name)).toEqual(names);
  });
});

describe("fuel types", () => {
  const write = (method: string, path: string, body: unknown) =>
    api.call(`/api/v1/${path}`, jsonCall({ token, account, method, body }));

  it("are what vehicles name: by number, by name in whatever case, and new ones by being named", async () => {
    const [diesel] = (await call("fuel_types?q[name_cont]=Diesel")).json.records as Json;
    const path = `vehicles/${String(ids.get("B"))}`;
    const shown = async (body: unknown) => {
      const { status, json } = await write("PATCH", path, body);
      return [status, json.fuel_type_id, json.fuel_type_name];
    };
    expect(await shown({ fuel_type_id: diesel?.id })).toEqual([200, diesel?.id, "Diesel"]);
    expect(await shown({ fuel_type_id: null })).toEqual([200, null, null]);
    expect(await shown({ fuel_type_name: "DIESEL" })).toEqual([200, diesel?.id, "Diesel"]);
    const [, madeId] = await shown({ fuel_type_id: diesel?.id, fuel_type_name: "Rapeseed" });
    expect((await call(`fuel_types/${String(madeId)}`)).json).toMatchObject({ id: madeId, name: "Rapeseed" });
    expect(await shown({ name: "B" })).toEqual([200, madeId, "Rapeseed"]);
    const { id: foreign } = await makeFuelType({ account: await makeAccount() });
    const refused = await write("PATCH", path, { fuel_type_id: foreign });
    expect([refused.status, Object.keys(refused.json.errors ?? {})]).toEqual([422, ["fuel_type_id"]]);
    expect((await call(`fuel_types/${foreign}`)).status).toBe(404);
  });
});
