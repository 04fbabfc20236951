import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField } from "@/prisma/factories/vehicles";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;

beforeAll(async () => {
  api = await serveForTests(Object.values(endpoints));
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  ({ token } = await makeApiKey({
    account,
    createdBy: await makePerson(account, "member"),
    scopes: ["custom_fields.read"],
  }));
});

const call = (path = "", headers: Record<string, string> = {}) =>
  api.call(`/api/v1/custom_fields${path}`, { token, headers: { "account-token": account.token, ...headers } });

describe("GET /custom_fields", () => {
  it("200: lists what the account has, newest first, with every field, and one by its id", async () => {
    const choices = ["North", "South"];
    const first = await makeCustomField({
      account,
      label: "Home Region",
      dataType: "drop_down",
      recordType: "vehicle_assignment",
      choices,
      required: true,
      position: 2,
    });
    const second = await makeCustomField({ account });
    const shown = {
      id: first.id,
      account_id: account.id,
      created_at: first.createdAt.toISOString(),
      updated_at: first.updatedAt.toISOString(),
      record_type: "VehicleAssignment",
      label: "Home Region",
      key: "home_region",
      data_type: "Drop-down",
      required: true,
      choices,
      position: 2,
    };
    const { status, json } = await call();
    expect(status).toBe(200);
    expect((json.records as Json).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(json.records?.[1]).toEqual(shown);
    expect((await call(`/${first.id}`)).json).toEqual(shown);
  });

  it("200: pages, and lists an array in the oldest version", async () => {
    for (let count = 0; count < 3; count++) await makeCustomField({ account });
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
    const foreign = await makeCustomField({ account: await makeAccount() });
    for (const id of [foreign.id, 2_147_483_647, 99_999_999_999, "x"]) expect((await call(`/${id}`)).status).toBe(404);
    expect((await call("?filter[name][eq]=x")).status).toBe(400);
    token = (await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: ["webhooks.read"] }))
      .token;
    const refused = await call();
    expect([refused.status, refused.text.includes("custom_fields.read")]).toEqual([403, true]);
    token = "fah_nothing";
    expect((await call()).status).toBe(401);
  });
});

describe("POST and PATCH /custom_fields", () => {
  let writer: string;

  beforeEach(async () => {
    const createdBy = await makePerson(account, "administrator");
    writer = (await makeApiKey({ account, createdBy, scopes: ["custom_fields.write"] })).token;
  });
  const write = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
    api.call(`/api/v1/custom_fields${path}`, jsonCall({ token: writer, account, method, body, headers }));
  const depot = { record_type: "Vehicle", label: "Home Depot", data_type: "Drop-down", choices: ["North", "South"] };

  it.each(API_VERSIONS)(
    "201, 200: makes one and changes it in version %s, each with its audit entry",
    async (version) => {
      const headers = { "x-api-version": version };
      const made = await write("POST", "", { ...depot, id: 7, key: "mine", position: 9, nobody: "knows" }, headers);
      const { id } = made.json;
      expect([made.status, made.headers.location]).toEqual([201, `/api/v1/custom_fields/${String(id)}`]);
      expect(made.json).toMatchObject({
        ...depot,
        key: "home_depot",
        required: false,
        position: 1,
        account_id: account.id,
      });
      expect((await call(`/${String(id)}`)).json).toEqual(made.json);
      const changed = await write(
        "PATCH",
        `/${String(id)}`,
        { choices: ["West"], required: "true", key: "x", data_type: "Text" },
        headers,
      );
      expect(changed.status).toBe(200);
      const wanted = { ...depot, choices: ["West"], required: true, key: "home_depot" };
      expect(changed.json).toMatchObject(wanted);
      expect((await write("PATCH", `/${String(id)}`, { label: "Depot" }, headers)).json).toMatchObject({
        ...wanted,
        label: "Depot",
      });
      const entries = await bookkeepingDb().auditEntry.findMany({
        where: { accountId: account.id, recordType: "customField" },
        orderBy: { sequence: "asc" },
      });
      expect(entries.map(({ action, actorKind }) => [action, actorKind])).toEqual([
        ["customField.created", "apiKey"],
        ["customField.updated", "apiKey"],
        ["customField.updated", "apiKey"],
      ]);
    },
  );

  it.each([
    ["vehicle_assignment", "checkbox", "VehicleAssignment", "Checkbox"],
    ["FuelEntry", "Date", "FuelEntry", "Date"],
    ["Contact", "Text", "Contact", "Text"],
  ])("201: takes %s and %s, our words and the API's", async (recordType, dataType, shownType, shownData) => {
    const { status, json } = await write("POST", "", {
      record_type: recordType,
      label: "One",
      data_type: dataType,
      choices: null,
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({ record_type: shownType, data_type: shownData, choices: [] });
  });

  it.each<[string, object, string]>([
    ["no label", { record_type: "Vehicle", data_type: "Text" }, "label"],
    ["no record type", { label: "A", data_type: "Text" }, "record_type"],
    ["a record type that there is not", { ...depot, record_type: "Webhook" }, "record_type"],
    ["a data type that there is not", { ...depot, data_type: "Number" }, "data_type"],
    ["a drop-down without choices", { ...depot, choices: [] }, "choices"],
    ["choices of a text", { ...depot, data_type: "Text" }, "choices"],
    ["a switch set to null", { ...depot, required: null }, "required"],
  ])("422: %s", async (_what, body, field) => {
    const { status, json } = await write("POST", "", body);
    expect([status, Object.keys(json.errors ?? {})]).toEqual([422, [field]]);
  });

  it("gives the first answer again under the same Idempotency-Key; 422, 404, 403: choices of a text, another account's, a lesser key", async () => {
    const once = { "idempotency-key": "once" };
    const [first, second] = [await write("POST", "", depot, once), await write("POST", "", depot, once)];
    expect([second.status, second.json]).toEqual([201, first.json]);
    expect(await bookkeepingDb().customField.count({ where: { accountId: account.id } })).toBe(1);
    const text = await makeCustomField({ account });
    expect((await write("PATCH", `/${text.id}`, { choices: ["A"] })).status).toBe(422);
    const foreign = await makeCustomField({ account: await makeAccount() });
    expect((await write("PATCH", `/${foreign.id}`, { label: "Mine" })).status).toBe(404);
    const member = await makePerson(account, "member");
    for (const [createdBy, scopes] of [
      [member, ["custom_fields.write"] as const],
      [await makePerson(account, "owner"), ["custom_fields.read"] as const],
    ] as const) {
      writer = (await makeApiKey({ account, createdBy, scopes })).token;
      expect((await write("POST", "", { ...depot, label: "Other" })).status).toBe(403);
      expect((await write("PATCH", `/${text.id}`, { label: "Other" })).status).toBe(403);
    }
  });
});
