import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account, VehicleType } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;
let type: VehicleType;

beforeAll(async () => {
  api = await serveForTests(Object.values(endpoints));
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  ({ token } = await makeApiKey({
    account,
    createdBy: await makePerson(account, "member"),
    scopes: ["vehicles.read", "vehicles.write"],
  }));
  type = (await makeVehicleSettings(account)).types[0] as VehicleType;
});

const call = (path: string, headers: Record<string, string> = {}) =>
  api.call(`/api/v1/vehicles${path}`, { token, headers: { "account-token": account.token, ...headers } });
const namesIn = async (query: string) => {
  const { status: code, json } = await call(query);
  expect(code).toBe(200);
  return (json.records as Json).map(({ name }) => name);
};

/** `sort[name]=asc` as the envelope says it. */
function sorted(part: string): Record<string, string> {
  const [, field = "", direction = ""] = /^sort\[(\w+)\]=(\w+)$/.exec(part) ?? [];
  return { [field]: direction };
}

describe("GET /vehicles", () => {
  it("200: lists the account's vehicles, newest first, without the archived ones and nobody else's", async () => {
    await makeVehicle({ account: await makeAccount(), name: "Foreign" });
    await makeVehicle({ account, name: "A" });
    await makeVehicle({ account, name: "B" });
    await makeVehicle({ account, name: "Old", archivedAt: new Date() });
    expect(await namesIn("")).toEqual(["B", "A"]);
    expect(await namesIn("?include_archived=0")).toEqual(["B", "A"]);
    expect(await namesIn("?include_archived=1")).toEqual(["Old", "B", "A"]);
    expect(await namesIn("/archived")).toEqual(["Old"]);
  });

  it("400: for a page by number, which would be the first one for ever; page 1, and any beside a cursor, is fine", async () => {
    for (const name of ["A", "B", "C"]) await makeVehicle({ account, name });
    expect((await call("?page=2")).status).toBe(400);
    const { json } = await call("?page=1&per_page=2");
    expect(await namesIn(`?start_cursor=${String(json.next_cursor)}&page=2`)).toEqual(["A"]);
    expect((await call("?page=2&per_page=2", { "x-api-version": "2023-03-01" })).status).toBe(200);
  });

  it("carries include_archived in the cursor", async () => {
    for (const name of ["A", "B", "C"]) await makeVehicle({ account, name, archivedAt: new Date() });
    const first = await call("?per_page=2&include_archived=1");
    const cursor = String(first.json.next_cursor);
    expect(await namesIn(`?start_cursor=${cursor}`)).toEqual(["A"]);
    expect(await namesIn(`?start_cursor=${cursor}&include_archived=true`)).toEqual(["A"]);
    for (const query of [
      `?start_cursor=${cursor}&include_archived=0`,
      "?include_archived=maybe",
      `/archived?start_cursor=${cursor}`,
    ]) {
      expect((await call(query)).status).toBe(400);
    }
  });

  it("filters and sorts by everything that the contract names", async () => {
    const other = await bookkeepingDb().vehicleStatus.findFirstOrThrow({
      where: { accountId: account.id, name: "Sold" },
    });
    await makeVehicle({
      account,
      name: "Alpha",
      vin: "1M8GDM9AXKP042788",
      licensePlate: "ABC-1",
      externalIds: { geotab: "b1", 'x"y': 'O\'Neil "q" 50%' },
    });
    await makeVehicle({ account, name: "Beta", vehicleStatusId: other.id, externalIds: { samsara: "B1" } });
    const expected: [string, string[]][] = [
      ["?filter[name][eq]=Alpha", ["Alpha"]],
      ["?filter[name][like]=ET", ["Beta"]],
      ["?filter[vin][eq]=1M8GDM9AXKP042788", ["Alpha"]],
      ["?filter[license_plate][like]=bc-", ["Alpha"]],
      ["?filter[external_id][eq]=b1", ["Alpha"]],
      ["?filter[external_id][include]=b1,B1", ["Beta", "Alpha"]],
      ["?filter[external_id][like]=b1", ["Beta", "Alpha"]],
      [`?filter[external_id][like]=${encodeURIComponent('neil "Q" 50%')}`, ["Alpha"]],
      ["?filter[external_id][like]=b1%22,", []],
      ["?filter[external_id][eq]=nothing", []],
      [`?filter[vehicle_type_id][eq]=${type.id}`, ["Beta", "Alpha"]],
      [`?filter[vehicle_status_id][eq]=${other.id}`, ["Beta"]],
      ["?filter[created_at][gt]=2020-01-01&sort[name]=asc", ["Alpha", "Beta"]],
      ["?filter[updated_at][lt]=2020-01-01", []],
      ["?q[vin_eq]=1M8GDM9AXKP042788", ["Alpha"]],
      ["?q[name_cont]=a&q[s]=name+desc", ["Beta", "Alpha"]],
      ["?sort[updated_at]=asc", ["Alpha", "Beta"]],
      ["?sort[created_at]=desc", ["Beta", "Alpha"]],
    ];
    for (const [query, names] of expected) expect([query, await namesIn(query)]).toEqual([query, names]);
    for (const query of ["?filter[color][eq]=red", "?sort[vin]=asc", "?filter[external_id][gt]=1", "?q[nonsense]=1"])
      expect((await call(query)).status).toBe(400);
  });

  it.each([
    ["sort[created_at]=desc&sort[name]=asc", ["C", "D", "A", "B", "E"]],
    ["sort[created_at]=asc&sort[name]=desc", ["E", "B", "A", "D", "C"]],
    ["sort[created_at]=desc&sort[id]=asc", ["D", "C", "B", "A", "E"]],
    ["sort[created_at]=asc&sort[name]=asc", ["E", "A", "B", "C", "D"]],
  ])("200: each order runs its own way, page by page: %s", async (order, names) => {
    const made = { B: 2, A: 2, D: 3, C: 3, E: 1 };
    for (const [name, day] of Object.entries(made))
      await makeVehicle({ account, name, createdAt: new Date(Date.UTC(2026, 0, day)) });
    for (const size of [1, 2, 5]) {
      const seen: unknown[] = [];
      let query = `?${order}&per_page=${size}`;
      for (let page = 0; page < 5 && query !== ""; page++) {
        const { json } = await call(query);
        seen.push(...(json.records as Json).map(({ name }) => name));
        const next: unknown = json.next_cursor;
        query = typeof next === "string" ? `?start_cursor=${next}&per_page=${size}` : "";
        expect(json.sorted_by).toEqual(order.split("&").map((part) => sorted(part)));
      }
      expect([size, seen]).toEqual([size, names]);
    }
  });

  it.each([
    ["filter[created_at][gt]=yesterday", "filter[created_at][gt]"],
    ["filter[vehicle_type_id][include]=1,x", "filter[vehicle_type_id][include]"],
    ["q[name_present]=0", "q[name_present]"],
    ["filter[name][include][]=A", "filter[name][include][]"],
    ["filter%255Bname%255D%255Beq%255D=A", "filter%5Bname%5D%5Beq%5D"],
    ["Filter[name][eq]=A", "Filter[name][eq]"],
    ["filter.name.eq=A", "filter.name.eq"],
    ["%20filter[name][eq]=A", " filter[name][eq]"],
    ["sort%255Bname%255D=asc", "sort%5Bname%5D"],
    ["Q[name_eq]=A", "Q[name_eq]"],
  ])("400: names the parameter of ?%s, which is not understood", async (query, parameter) => {
    const { status: code, json } = await call(`?${query}`);
    expect([code, Object.keys(json.errors as Json)]).toEqual([400, [parameter]]);
  });

  it("200: other parameters are ignored, whatever they look like", async () => {
    await makeVehicle({ account, name: "A" });
    expect(await namesIn("?per=1&expand=x&order_by=name&sort_by=name&filters[name][eq]=B&query=B")).toEqual(["A"]);
  });

  it.each(API_VERSIONS)("in %s takes both names of a meter's unit", async (version) => {
    const { id } = await makeVehicle({ account });
    const patch = async (body: object) => {
      const headers = { "x-api-version": version };
      const { json } = await api.call(
        `/api/v1/vehicles/${id}`,
        jsonCall({ token, account, method: "PATCH", body, headers }),
      );
      return [json.primary_meter_unit, json.meter_unit];
    };
    expect(await patch({ meter_unit: "km" })).toEqual(["km", "km"]);
    expect(await patch({ primary_meter_unit: "hr" })).toEqual(["hr", "hr"]);
    expect(await patch({ primary_meter_unit: "hr", meter_unit: "mi" })).toEqual(["mi", "mi"]);
  });

  it.each(API_VERSIONS)("in %s holds as many a page as then, unless it is said", async (version) => {
    const headers = { "x-api-version": version };
    const isOldest = version === "2023-03-01";
    const limitOf = ({ json, headers: given }: Awaited<ReturnType<typeof call>>) =>
      isOldest ? Number(given["x-pagination-limit"]) : Number(json.per_page);
    expect(limitOf(await call("", headers))).toBe(isOldest ? 100 : 50);
    expect(limitOf(await call("?per_page=7", headers))).toBe(7);
  });

  it.each(API_VERSIONS)("in %s has the list's envelope as then, and both names of a meter", async (version) => {
    await makeVehicle({ account, name: "A" });
    const { json, headers } = await call("", { "x-api-version": version });
    const isArray = version === "2023-03-01";
    const record = (isArray ? json[0] : json.records?.[0]) as Json;
    expect(Array.isArray(json)).toBe(isArray);
    expect(headers["x-pagination-total-count"]).toBe(isArray ? "1" : undefined);
    expect([record.primary_meter_unit, record.meter_unit]).toEqual(["mi", "mi"]);
    expect([record.primary_meter_value, record.current_meter_value]).toEqual(["0.0", null]);
  });
});
