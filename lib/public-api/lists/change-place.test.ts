import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { API_VERSIONS, LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { ENDPOINTS } from "@/server/api";
import { call as plainCall, jsonCall, serveForTests, type TestApi } from "@/testing/serve-api";

const LISTS = ENDPOINTS.filter(({ contract, path }) => contract.list !== null && !path.includes(":"));

let api: TestApi;
let account: Account;
let token: string;

beforeAll(async () => {
  api = await serveForTests(ENDPOINTS);
  account = await makeAccount();
  ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES }));
});
afterAll(() => api.close());

const call = (path: string, headers: Record<string, string> = {}, body?: unknown) =>
  api.call(`/api/v1${path}`, jsonCall({ token, account, method: body ? "POST" : "GET", body, headers }));
const placeIn = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await call(path, headers);
  expect(answer.status).toBe(200);
  return String(answer.headers["x-change-sequence"]);
};

describe("how far the changes had come", () => {
  it("is said by every list, empty as it is, in the oldest and the newest version", async () => {
    const ask = async (path: string, version: string) => {
      const named = { "x-api-version": version, "account-token": account.token };
      const { status, headers } = await plainCall(api.port, `/api/v1${path}`, { token, headers: named });
      return [path, version, status, headers["x-change-sequence"]];
    };
    const place = await placeIn("/contacts");
    expect(place).toMatch(/^[0-9a-f]{12}\.\d+$/);
    const versions = [API_VERSIONS[0], LATEST_API_VERSION];
    const asked = LISTS.flatMap(({ path }) => versions.map((version) => [path, version] as const));
    expect(asked.length).toBeGreaterThan(50);
    const said = await Promise.all(asked.map((one) => ask(...one)));
    expect(said).toEqual(asked.map((one) => [...one, 200, place]));
  });

  it("goes on by one with each entry, whatever list says it, filtered or not, with rows or without", async () => {
    const before = await placeIn("/contacts");
    const { json } = await call("/contacts", {}, { first_name: "Ada" });
    const [epoch = "", sequence] = before.split(".");
    const after = `${epoch}.${Number(sequence) + 1}`;
    for (const query of ["", "?filter[name][like]=ada", "?filter[name][like]=nobody", "?sort[name]=asc"])
      expect(await placeIn(`/contacts${query}`)).toBe(after);
    for (const query of ["", "?page=7", "?q[name_cont]=nobody"])
      expect(await placeIn(`/contacts${query}`, { "x-api-version": "2023-03-01" })).toBe(after);
    expect(json.name).toBe("Ada");
  });

  it("has no epoch that is another account's", async () => {
    const other = await makeAccount();
    const key = await makeApiKey({ account: other, createdBy: await makePerson(other, "owner"), scopes: SCOPES });
    const answer = await api.call(
      "/api/v1/contacts",
      jsonCall({ token: key.token, account: other, method: "GET", body: undefined }),
    );
    const epochOf = (place: unknown) => String(place).split(".")[0];
    expect(epochOf(await placeIn("/contacts"))).not.toBe(epochOf(answer.headers["x-change-sequence"]));
  });
});
