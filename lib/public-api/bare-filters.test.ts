import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { ENDPOINTS } from "@/server/api";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "./versions/api-versions";

let api: TestApi;
let account: Account;
let token: string;
let vehicleId: number;

beforeAll(async () => {
  api = await serveForTests(ENDPOINTS);
  account = await makeAccount({ plan: "premium" });
  const createdBy = await makePerson(account, "owner");
  ({ token } = await makeApiKey({ account, createdBy, scopes: SCOPES }));
  ({ id: vehicleId } = await makeVehicle({ account }));
});
afterAll(() => api.close());

const LISTS = ENDPOINTS.flatMap(({ path, contract: { list } }) =>
  list === null || list.isAlwaysEmpty ? [] : [{ path, filters: Object.keys(list.filters) }],
);
const ask = (path: string, version: string) =>
  api.call(`/api/v1${path.replace(":id", String(vehicleId))}`, {
    token,
    headers: { "account-token": account.token, "x-api-version": version },
  });

describe.each(LISTS)("the bare name of a filter, at $path", ({ path, filters }) => {
  it("400: is refused in every version, with what would do", async () => {
    const [first = ""] = filters;
    for (const version of API_VERSIONS) {
      const { status, json } = await ask(`${path}?${first}=74`, version);
      expect([status, Object.keys(json.errors ?? {})]).toEqual([400, [first]]);
      expect(json.errors?.[first]?.[0]).toContain(`filter[${first}][`);
      if (version === "2023-03-01") expect(json.errors?.[first]?.[0]).toContain(`q[${first}_`);
    }
  });

  it("400: each of them is, and the id's", async () => {
    for (const name of [...filters, "id"])
      expect((await ask(`${path}?per=1&${name}=`, "2025-05-05")).status, name).toBe(400);
  });
});

it("400: also with a comparison or a list behind it; 200: any other name is ignored", async () => {
  for (const name of ["vehicle_id[eq]", "vehicle_id[]", "Vehicle_Id", "vehicle_id%5Beq%5D"]) {
    const { status, text } = await ask(`/meter_entries?${name}=74`, "2025-05-05");
    expect([status, text]).toEqual([400, expect.stringContaining("filter[vehicle_id][eq]")]);
  }
  expect((await ask("/meter_entries?expand=vehicle_id&per=1&vehicle=74&colour=red", "2025-05-05")).status).toBe(200);
});
