import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { getAccount, listAccounts } from "./endpoints";

let api: TestApi;
let partner: Account;
let token: string;

beforeAll(async () => {
  api = await serveForTests([listAccounts, getAccount]);
});
afterAll(() => api.close());
beforeEach(async () => {
  partner = await makeAccount({ kind: "partner" });
  ({ token } = await makeApiKey({ account: partner }));
});

const list = (query = "", headers: Record<string, string> = {}) =>
  api.call(`/api/v1/accounts${query}`, { token, headers });
const makeCustomers = async (names: readonly string[]) => {
  const made: Account[] = [];
  for (const name of names) made.push(await makeAccount({ partnerId: partner.id, name }));
  return made;
};
const namesOf = (records: Json) => records.map(({ name }) => name);

describe("GET /api/v1/accounts", () => {
  describe("200", () => {
    it("lists a partner's customers of every state, newest first, in the cursor envelope, and nobody else's", async () => {
      const [first, second] = await makeCustomers(["Acme", "Bolt"]);
      await bookkeepingDb().account.update({
        where: { id: second?.id },
        data: { status: "canceled", plan: "starter", city: "Graz" },
      });
      await makeAccount({ partnerId: (await makeAccount({ kind: "partner" })).id });
      const { status, json } = await list();
      expect(status).toBe(200);
      expect(json).toMatchObject({
        next_cursor: null,
        per_page: 50,
        estimated_remaining_count: 2,
        filtered_by: [],
        sorted_by: [{ id: "desc" }],
      });
      expect(json.start_cursor).toBe(json.current_cursor);
      expect(json.records?.[1]).toEqual({
        id: first?.id,
        created_at: first?.createdAt.toISOString(),
        updated_at: first?.updatedAt.toISOString(),
        name: "Acme",
        token: first?.token,
        plan: "professional",
        state: "active",
        user_type: "admin",
        account_membership_id: null,
        city: null,
        country: null,
        currency_symbol: "$",
        default_meter_unit: "mi",
        default_fuel_volume_unit: "us_gallons",
        default_fuel_volume_units: "us_gallons",
        default_system_of_measurement: "imperial",
        system_of_measurement: "imperial",
      });
      expect(json.records?.[0]).toMatchObject({ name: "Bolt", state: "canceled", plan: "starter", city: "Graz" });
      expect(json.records).toHaveLength(2);
    });

    it("keeps to a key's chosen customers", async () => {
      const [, chosen] = await makeCustomers(["Acme", "Bolt"]);
      const made = await makeApiKey({ account: partner, customers: chosen ? [chosen] : [] });
      const { json } = await api.call("/api/v1/accounts", { token: made.token });
      expect(namesOf(json.records as Json)).toEqual(["Bolt"]);
    });

    it.each([
      ["owner", "owner"],
      ["administrator", "admin"],
      ["member", "regular"],
    ] as const)("lists a customer's key its own account, as the %s it acts for", async (role, userType) => {
      const account = await makeAccount({ partnerId: partner.id });
      const person = await makePerson(account, role);
      const made = await makeApiKey({ account, createdBy: person });
      const membership = await bookkeepingDb().membership.findFirstOrThrow({ where: { userId: person.id } });
      const { json } = await api.call("/api/v1/accounts", { token: made.token });
      expect(json.records).toHaveLength(1);
      expect(json.records?.[0]).toMatchObject({
        id: account.id,
        user_type: userType,
        account_membership_id: membership.id,
      });
    });

    it("walks every page by cursor, whatever per_page does meanwhile, and no row twice when one is added", async () => {
      const names = Array.from({ length: 7 }, (_, index) => `Customer ${index}`);
      await makeCustomers(names);
      const first = await list("?per_page=3");
      expect(first.json).toMatchObject({ per_page: 3, estimated_remaining_count: 7 });
      await makeCustomers(["Late"]);
      const second = await list(`?per_page=2&start_cursor=${String(first.json.next_cursor)}`);
      expect(second.json).toMatchObject({ per_page: 2, estimated_remaining_count: 4 });
      const third = await list(`?next_cursor=${String(second.json.next_cursor)}`);
      const seen = [first, second, third].flatMap(({ json }) => namesOf(json.records as Json));
      expect(seen).toEqual([...names].reverse());
      expect(third.json.next_cursor).toBeNull();
      const again = await list(`?per_page=2&start_cursor=${String(second.json.current_cursor)}`);
      expect(again.json.records).toEqual(second.json.records);
    });

    it("carries filters and order in the cursor", async () => {
      await makeCustomers(["Acme 1", "Bolt", "Acme 2", "Acme 3"]);
      const first = await list("?per_page=2&filter[account_name][like]=acme&sort[created_at]=asc");
      expect(first.json).toMatchObject({
        filtered_by: [{ account_name: { like: "acme" } }],
        sorted_by: [{ created_at: "asc" }],
      });
      const cursor = String(first.json.next_cursor);
      for (const query of [
        `?start_cursor=${cursor}`,
        `?start_cursor=${cursor}&filter[account_name][like]=acme&sort[created_at]=asc`,
      ]) {
        const { json } = await list(query);
        expect(namesOf(json.records as Json)).toEqual(["Acme 3"]);
        expect(json.sorted_by).toEqual([{ created_at: "asc" }]);
      }
    });

    it.each([
      ["filter[account_name][eq]=Acme", ["Acme"]],
      ["filter%5Baccount_name%5D%5Beq%5D=Acme", ["Acme"]],
      ["filter[account_name][like]=aCm", ["Acme"]],
      ["filter[account_name][like]=%25", ["50%_off"]],
      ["filter[account_name][like]=_", ["50%_off"]],
      ["filter[account_name][include]=Acme,Bolt", ["Acme", "Bolt"]],
      ["filter[created_at][gt]=2999-01-01", []],
      ["filter[created_at][lte]=2999-01-01T00:00:00%2B02:00&filter[account_name][eq]=Bolt", ["Bolt"]],
      ["filter[created_at][lte]=2999-01-01T00:00:00+02:00", ["50%_off", "Acme", "Bolt"]],
      ["q[account_name_cont]=olt", ["Bolt"]],
      ["q[account_name_matches]=a%25", ["Acme"]],
      ["q[account_name_in_s]=Acme,Nobody", ["Acme"]],
      ["q[account_name_present]=1&q[account_name_eq]=Acme", ["Acme"]],
      ["q[account_name_null]=1", []],
      ["per=7&expand=1&unknown[x]=1", ["50%_off", "Acme", "Bolt"]],
    ])("%s", async (query, names) => {
      await makeCustomers(["Acme", "Bolt", "50%_off"]);
      const { status, json } = await list(`?${query}`);
      expect(status).toBe(200);
      expect([...namesOf(json.records as Json)].sort()).toEqual(names);
    });

    it("finds an account by its token", async () => {
      const [, bolt] = await makeCustomers(["Acme", "Bolt"]);
      for (const query of [
        `filter[account_url_token][eq]=${bolt?.token ?? ""}`,
        `q[account_url_token_eq]=${bolt?.token ?? ""}`,
      ]) {
        expect(namesOf((await list(`?${query}`)).json.records as Json)).toEqual(["Bolt"]);
      }
      expect((await list(`?filter[account_url_token][eq]=${bolt?.token ?? ""}x`)).json.records).toEqual([]);
    });

    it.each([
      "sort[created_at]=desc",
      "sort[id]=desc",
      "sort[created_at]=desc&sort[id]=desc",
      "sort[updated_at]=DESC",
      "q[s]=created_at+desc",
      "q[s]=id%2Bdesc",
    ])("%s", async (query) => {
      await makeCustomers(["Acme", "Bolt"]);
      expect(namesOf((await list(`?${query}`)).json.records as Json)).toEqual(["Bolt", "Acme"]);
    });

    it.each([
      ["0", 1],
      ["-5", 1],
      ["1000", 100],
      ["", 50],
    ])("clamps per_page=%s to %i", async (given, used) => {
      expect((await list(`?per_page=${given}`)).json.per_page).toBe(used);
    });

    it.each(API_VERSIONS)("pages as version %s does, and names it", async (version) => {
      await makeCustomers(["Acme", "Bolt", "Coil"]);
      const { status, json, headers } = await list("?per_page=2", { "x-api-version": version });
      expect(status).toBe(200);
      expect(headers["x-api-version"]).toBe(version);
      const isArray = version < "2024-06-30";
      expect(Array.isArray(json)).toBe(isArray);
      if (isArray) {
        expect(headers).toMatchObject({
          "x-pagination-limit": "2",
          "x-pagination-current-page": "1",
          "x-pagination-total-pages": "2",
          "x-pagination-total-count": "3",
        });
        expect(namesOf((await list("?per_page=2&page=2", { "x-api-version": version })).json)).toEqual(["Acme"]);
        expect((await list("?per_page=2&page=99999999999999999999", { "x-api-version": version })).json).toEqual([]);
      }
    });

    it("follows the version that the key is pinned to", async () => {
      const pinned = await makeApiKey({ account: partner, apiVersion: "2023-03-01" });
      const { json, headers } = await api.call("/api/v1/accounts", { token: pinned.token });
      expect(json).toEqual([]);
      expect(headers["x-api-version"]).toBe("2023-03-01");
    });
  });

  describe("400", () => {
    it.each([
      ["filter[nope][eq]=1", "filter[nope][eq]"],
      ["filter[account_name]=1", "filter[account_name]"],
      ["filter[account_name][gt]=1", "filter[account_name][gt]"],
      ["filter[account_name][frob]=1", "filter[account_name][frob]"],
      ["filter[constructor][eq]=1", "filter[constructor][eq]"],
      ["filter=1", "filter"],
      ["filter[created_at][gt]=yesterday", "filter[created_at][gt]"],
      ["filter[created_at][gt]=2026-02-30", "filter[created_at][gt]"],
      ["filter[account_name][eq]=%00", "filter[account_name][eq]"],
      ["sort[name]=asc", "sort[name]"],
      ["sort[id]=up", "sort[id]"],
      ["sort=id", "sort"],
      ["q[account_name]=1", "q[account_name]"],
      ["q[nope_eq]=1", "q[nope_eq]"],
      ["q[account_name_present]=maybe", "q[account_name_present]"],
      ["q[s]=nope+desc", "q[s]"],
      ["q=1", "q"],
      ["start_cursor=nonsense", "start_cursor"],
      ["next_cursor=a.b", "next_cursor"],
      ["per_page=many", "per_page"],
    ])("%s", async (query, parameter) => {
      const { status, json } = await list(`?${query}`);
      expect(status).toBe(400);
      expect(json).toEqual({ errors: { [parameter]: [expect.any(String)] } });
    });

    it("filter and sort in version 2023-03-01, which does not know them", async () => {
      for (const query of ["filter[account_name][eq]=Acme", "sort[id]=asc"]) {
        expect((await list(`?${query}`, { "x-api-version": "2023-03-01" })).status).toBe(400);
      }
    });

    it("a cursor that was changed, or that other filters contradict", async () => {
      await makeCustomers(["Acme", "Bolt"]);
      const { json } = await list("?per_page=1&filter[account_name][like]=o");
      const cursor = String(json.current_cursor);
      const forged = `${cursor.slice(0, 3)}${cursor[3] === "A" ? "B" : "A"}${cursor.slice(4)}`;
      expect((await list(`?start_cursor=${forged}`)).status).toBe(400);
      expect((await list(`?start_cursor=${cursor}&filter[account_name][like]=x`)).status).toBe(400);
      expect((await list(`?start_cursor=${cursor}&sort[id]=asc`)).status).toBe(400);
      expect((await list(`?start_cursor=${cursor}&next_cursor=${forged}`)).status).toBe(400);
    });
  });

  describe("401", () => {
    it("without a key", async () => {
      expect((await api.call("/api/v1/accounts")).json.code).toBe("key_missing");
    });
  });

  describe("403", () => {
    it("on a plan without API access", async () => {
      await bookkeepingDb().account.update({ where: { id: partner.id }, data: { plan: "starter" } });
      expect((await list()).json.code).toBe("plan_required");
    });
  });
});

describe("GET /api/v1/accounts/:id", () => {
  it("200: gives one account", async () => {
    const [acme] = await makeCustomers(["Acme"]);
    const { status, json } = await api.call(`/api/v1/accounts/${acme?.id ?? 0}`, { token });
    expect([status, json.name]).toEqual([200, "Acme"]);
  });

  it("404: another partner's customer, an unknown id and what is no id are the same, but for the request id", async () => {
    const foreign = await makeAccount({ partnerId: (await makeAccount({ kind: "partner" })).id });
    const bodies = [];
    for (const id of [
      foreign.id,
      partner.id,
      2_147_483_647,
      2_147_483_648,
      "99999999999999999999",
      "0",
      "-1",
      "1.5",
      "abc",
      "1e3",
      "%00",
      "%2e%2e",
    ]) {
      const { status, json } = await api.call(`/api/v1/accounts/${id}`, { token, headers: { "x-request-id": "same" } });
      expect(status).toBe(404);
      bodies.push(JSON.stringify(json));
    }
    expect(new Set(bodies).size).toBe(1);
  });

  it("401: without a key, whether the account is there or not", async () => {
    const [acme] = await makeCustomers(["Acme"]);
    for (const id of [acme?.id ?? 0, 1_999_999_999])
      expect((await api.call(`/api/v1/accounts/${id}`)).status).toBe(401);
  });
});
