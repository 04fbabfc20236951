import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeVehicleStatus } from "@/prisma/factories/vehicles";
import { getVehicleStatus, getVehicleStatuses } from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;

beforeAll(async () => {
  api = await serveForTests([getVehicleStatuses, getVehicleStatus]);
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  ({ token } = await makeApiKey({
    account,
    createdBy: await makePerson(account, "member"),
    scopes: ["vehicles.read"],
  }));
});

const call = (path = "", headers: Record<string, string> = {}) =>
  api.call(`/api/v1/vehicle_statuses${path}`, { token, headers: { "account-token": account.token, ...headers } });

describe("GET /vehicle_statuses", () => {
  it("200: lists what the account has, newest first, with every field, and one by its id", async () => {
    const first = await makeVehicleStatus({ account, name: "In Shop", color: "orange", position: 3 });
    const second = await makeVehicleStatus({ account });
    const shown = {
      id: first.id,
      account_id: account.id,
      created_at: first.createdAt.toISOString(),
      updated_at: first.updatedAt.toISOString(),
      name: "In Shop",
      color: "orange",
      position: 3,
      default: false,
    };
    const { status, json } = await call();
    expect(status).toBe(200);
    expect((json.records as Json).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(json.records?.[1]).toEqual(shown);
    expect((await call(`/${first.id}`)).json).toEqual(shown);
  });

  it("200: pages, and lists an array in the oldest version", async () => {
    for (let count = 0; count < 3; count++) await makeVehicleStatus({ account });
    const first = await call("?per_page=2");
    const second = await call(`?start_cursor=${String(first.json.next_cursor)}`);
    expect([first.json.records?.length, second.json.records?.length, second.json.next_cursor]).toEqual([2, 1, null]);
    const since = await call("?filter[updated_at][gt]=2020-01-01&sort[created_at]=asc&per_page=2");
    expect(since.json.records?.[0]?.id).toBe(second.json.records?.[0]?.id);
    for (const version of API_VERSIONS) {
      expect(Array.isArray((await call("", { "x-api-version": version })).json)).toBe(version === "2023-03-01");
    }
  });

  it("404: for a foreign one and an unknown one, 400 for a filter that there is not, 403 without the scope, 401 without a key", async () => {
    const foreign = await makeVehicleStatus({ account: await makeAccount() });
    for (const id of [foreign.id, 2_147_483_647, 99_999_999_999, "x"]) expect((await call(`/${id}`)).status).toBe(404);
    expect((await call("?filter[color][eq]=x")).status).toBe(400);
    token = (await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: ["webhooks.read"] }))
      .token;
    const refused = await call();
    expect([refused.status, refused.text.includes("vehicles.read")]).toEqual([403, true]);
    token = "fah_nothing";
    expect((await call()).status).toBe(401);
  });
});
