import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;

beforeAll(async () => {
  api = await serveForTests(Object.values(endpoints));
  account = await makeAccount();
  ({ token } = await makeApiKey({
    account,
    createdBy: await makePerson(account, "member"),
    scopes: ["webhooks.read"],
  }));
});
afterAll(() => api.close());

const call = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  api.call(`/api/v1${path}`, { token, method, headers: { "account-token": account.token, ...headers } });
const PATHS = Object.values(endpoints).map(({ path }) => path);

it("are the sixteen of the contract", () => {
  expect([...PATHS].sort()).toEqual(
    `/expense_entries /faults /groups /inspection_forms /issues /labels /parts /places /purchase_orders /service_entries /service_reminders
     /submitted_inspection_forms /users /vehicle_renewal_reminders /vendors /work_orders`.split(/\s+/),
  );
});

describe.each(PATHS)("GET %s", (path) => {
  it.each(API_VERSIONS)("200: is empty in version %s, whatever scopes the key has", async (version) => {
    const { status, json, headers } = await call(path, { "x-api-version": version });
    expect(status).toBe(200);
    if (version === "2023-03-01") {
      expect(json).toEqual([]);
      expect(headers).toMatchObject({
        "x-pagination-total-count": "0",
        "x-pagination-current-page": "1",
        "x-pagination-limit": "50",
      });
    } else expect(json).toMatchObject({ next_cursor: null, estimated_remaining_count: 0, per_page: 50, records: [] });
  });
});

it("200: filters and sorts as a sync does; 400: what is not understood; 405: anything but GET; 404: one of them", async () => {
  expect((await call("/issues?filter[updated_at][gt]=2026-01-01&sort[updated_at]=asc&per_page=100")).status).toBe(200);
  expect(
    (await call("/work_orders?q[updated_at_gteq]=2026-01-01&q[s]=updated_at+asc", { "x-api-version": "2023-03-01" }))
      .status,
  ).toBe(200);
  expect((await call("/issues?filter[nope][eq]=1")).status).toBe(400);
  const posted = await call("/issues", {}, "POST");
  expect([posted.status, posted.headers.allow]).toEqual([405, "GET, HEAD"]);
  expect((await call("/issues/1")).status).toBe(404);
});
