import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { SCOPES } from "@/lib/auth/scopes";
import type { Account } from "@/generated/prisma/client";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { ENDPOINTS } from "@/server/api";
import { describeApi } from "./document/describe-api";
import { serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "./versions/api-versions";

const PER_PAGE = 3;
const COUNTS: Readonly<Record<string, number>> = {
  vehicles: 7,
  contacts: 9,
  vehicle_assignments: 5,
  meter_entries: 8,
  fuel_entries: 4,
  custom_fields: 4,
  accounts: 1,
};

let api: TestApi;
let account: Account;
const tokens = new Map<string, string>();
const document = describeApi(ENDPOINTS, "http://localhost:3000");
/** Every list that needs nothing but the account, as a generic client finds it. */
const LISTS = Object.entries(document.paths)
  .filter(([template, { get }]) => !template.includes("{") && get?.operationId.startsWith("list"))
  .map(([template]) => template);

beforeAll(async () => {
  api = await serveForTests(ENDPOINTS);
  account = await makeAccount({ plan: "premium" });
  const createdBy = await makePerson(account, "owner");
  for (const apiVersion of API_VERSIONS)
    tokens.set(apiVersion, (await makeApiKey({ account, createdBy, scopes: SCOPES, apiVersion })).token);
  await makeVehicleSettings(account);
  const vehicles = [];
  for (let number = 0; number < 7; number++)
    vehicles.push(await makeVehicle({ account, customFields: { depot: `No ${number}` } }));
  for (const [index, { id: vehicleId }] of vehicles.entries()) {
    if (index < 5) await makeAssignment({ account, vehicleId });
    if (index < 4) await makeMeterEntry({ account, vehicleId });
    if (index < 4) await makeFuelEntry({ account, vehicleId, meterValue: "2000.0" });
  }
  for (let number = 0; number < 4; number++) await makeContact({ account });
  for (const label of ["Depot", "Keys", "Crew", "Bay"]) await makeCustomField({ account, label });
}, 60_000);
afterAll(() => api.close());

const get = async (version: string, path: string) => {
  const answer = await api.call(`/api/v1${path}`, {
    token: tokens.get(version) ?? "",
    headers: { "account-token": account.token },
  });
  expect([answer.status, answer.headers["x-api-version"]], path).toEqual([200, version]);
  return answer.json;
};

/** As each version pages: by cursor, or by number until there is nothing more. */
async function walk(version: string, path: string): Promise<Json[]> {
  const records: Json[] = [];
  let query = `?per_page=${PER_PAGE}`;
  for (let page = 1; ; page++) {
    const answer = await get(version, path + query);
    const found = Array.isArray(answer) ? answer : (answer.records ?? []);
    records.push(...found);
    const isOver = Array.isArray(answer) ? found.length === 0 : (answer.next_cursor as unknown) === null;
    if (isOver) return records;
    query = Array.isArray(answer)
      ? `?per_page=${PER_PAGE}&page=${page + 1}`
      : `?per_page=${PER_PAGE}&start_cursor=${String(answer.next_cursor)}`;
  }
}

describe("a client that knows nothing but the document walks a whole account", () => {
  it.each(API_VERSIONS)(
    "in version %s: each record once, and alone as in its list",
    async (version) => {
      expect(LISTS.length).toBeGreaterThan(24);
      for (const list of LISTS) {
        const records = await walk(version, list);
        const ids = records.map(({ id }) => Number(id));
        expect(new Set(ids).size, list).toBe(ids.length);
        expect(ids, list).toEqual(ids.toSorted((left, right) => right - left));
        const wanted = COUNTS[list.slice(1)];
        if (wanted !== undefined) expect(ids, list).toHaveLength(wanted);
        if (!(`${list}/{id}` in document.paths)) continue;
        for (const record of records.slice(0, 4))
          expect(await get(version, `${list}/${String(record.id)}`), list).toEqual(record);
      }
      expect(await get(version, "/users/me")).toMatchObject({ account_id: account.id });
      expect(await get(version, "/api_key")).toMatchObject({ version });
    },
    60_000,
  );
});
