import { afterAll, beforeAll, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { READ_SCOPES, type Scope } from "@/lib/auth/scopes";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { ENDPOINTS } from "@/server/api";
import { serveForTests, type TestApi } from "@/testing/serve-api";

let api: TestApi;
let account: Account;
let vehicleId: number;

beforeAll(async () => {
  api = await serveForTests(ENDPOINTS);
  account = await makeAccount({ plan: "premium" });
  ({ id: vehicleId } = await makeVehicle({ account }));
});
afterAll(() => api.close());

const LISTS = ENDPOINTS.filter(({ contract }) => contract.list !== null);

/** What every list answers a key with these scopes, as a connector's first sync asks them. */
async function refused(scopes: readonly Scope[]): Promise<string[]> {
  const { token } = await makeApiKey({ account, createdBy: await makePerson(account, "administrator"), scopes });
  const refusals: string[] = [];
  for (const { path } of LISTS) {
    const address = path.replace(":id", String(vehicleId));
    const { status } = await api.call(`/api/v1${address}`, { token, headers: { "account-token": account.token } });
    if (status !== 200) refusals.push(`${status} ${path}`);
  }
  return refusals;
}

it("passes every list with the scopes of the preset Data connector", async () => {
  expect(await refused(READ_SCOPES)).toEqual([]);
});

it("is refused with the scope that the dialog begins with, at what that does not read", async () => {
  const lists = await refused(["vehicles.read"]);
  expect(lists).toEqual(expect.arrayContaining(["403 /contacts", "403 /fuel_entries", "403 /meter_entries"]));
  expect(lists).not.toContain("403 /vehicles");
});
