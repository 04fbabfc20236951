import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { jsonCall, serveForTests, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact } from "@/prisma/factories/contacts-and-entries";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let owner: User;
let token: string;

beforeAll(async () => {
  api = await serveForTests(Object.values(endpoints));
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  owner = await makePerson(account, "owner");
  ({ token } = await makeApiKey({ account, createdBy: owner, scopes: SCOPES }));
});

const call = (path: string, method = "GET", body?: unknown, headers: Record<string, string> = {}) =>
  api.call(`/api/v1/contacts${path}`, jsonCall({ token, account, method, body, headers }));
const eventsOf = (id: number) =>
  bookkeepingDb().auditEntry.findMany({
    where: { accountId: account.id, recordType: "contact", recordId: id },
    orderBy: { sequence: "asc" },
  });
const namesIn = async (query: string, headers: Record<string, string> = {}) => {
  const { status, json } = await call(query, "GET", undefined, headers);
  expect(status).toBe(200);
  return (json.records ?? json).map(({ name }) => name);
};

describe("GET /contacts", () => {
  it("200: lists the account's contacts, newest first, the archived ones where they are asked for, and nobody else's", async () => {
    await makeContact({ account: await makeAccount(), archivedAt: new Date() });
    await makeContact({ account, firstName: "Ada", lastName: "One" });
    await makeContact({ account, firstName: "Bo", lastName: null, archivedAt: new Date() });
    for (const version of ["2025-05-05", "2023-03-01"]) {
      const headers = { "x-api-version": version };
      expect(await namesIn("", headers)).toEqual(["Ada One"]);
      expect(await namesIn("?include_archived=1", headers)).toEqual(["Bo", "Ada One"]);
      expect(await namesIn("/archived", headers)).toEqual(["Bo"]);
      expect(await namesIn("/archived?filter[name][eq]=Ada%20One", { "x-api-version": "2024-06-30" })).toEqual([]);
    }
  });

  it.each([
    ["filter[name][like]=aDA", ["Ada One"]],
    ["filter[email][eq]=bo@example.com", ["Bo Two"]],
    ["filter[employee_number][include]=7,9", ["Ada One"]],
    ["q[employee_number_null]=1", ["Bo Two"]],
    ["filter[created_at][gt]=2999-01-01", []],
    ["sort[name]=asc", ["Ada One", "Bo Two"]],
    ["sort[email]=desc", ["Bo Two", "Ada One"]],
    ["sort[employee_number]=asc", ["Bo Two", "Ada One"]],
    ["q[s]=name+desc", ["Bo Two", "Ada One"]],
    ["sort[updated_at]=asc&per_page=1", ["Ada One"]],
  ])("200: %s", async (query, names) => {
    await makeContact({ account, firstName: "Ada", lastName: "One", employeeNumber: "7" });
    await makeContact({ account, firstName: "Bo", lastName: "Two", email: "bo@example.com" });
    expect(await namesIn(`?${query}`)).toEqual(names);
  });

  it.each(API_VERSIONS)("200: as version %s lists", async (version) => {
    await makeContact({ account, firstName: "Ada", lastName: "One" });
    const { json, headers } = await call("", "GET", undefined, { "x-api-version": version });
    expect(Array.isArray(json)).toBe(version === "2023-03-01");
    expect(headers["x-pagination-total-count"]).toBe(version === "2023-03-01" ? "1" : undefined);
  });

  it("400: what it does not filter or sort by", async () => {
    for (const query of ["filter[city][eq]=Graz", "sort[city]=asc", "q[nope_eq]=1", "filter[created_at][like]=1"]) {
      expect((await call(`?${query}`)).status).toBe(400);
    }
  });
});

describe("POST /contacts", () => {
  it("201: makes one, with its address, and ignores what the server owns and what it does not know", async () => {
    const body = {
      first_name: " Ada ",
      last_name: "Lovelace",
      email: "ada@example.com",
      employee: "true",
      birth_date: "1990-05-01T00:00:00Z",
      employee_number: 7,
      id: 1,
      account_id: 1,
      name: "x",
      created_at: "2000-01-01",
      nope: 1,
    };
    const { status, json, headers } = await call("", "POST", body);
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/contacts/${String(json.id)}`);
    expect(json).toMatchObject({
      account_id: account.id,
      name: "Ada Lovelace",
      first_name: "Ada",
      middle_name: null,
      employee: true,
      technician: false,
      birth_date: "1990-05-01",
      employee_number: "7",
      archived_at: null,
      custom_fields: {},
      group_id: null,
      images_count: 0,
    });
    expect(Number(json.id)).not.toBe(1);
    expect((await call(`/${String(json.id)}`)).json).toEqual(json);
    const [event, ...more] = await eventsOf(Number(json.id));
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      action: "contact.created",
      recordName: "Ada Lovelace",
      actorKind: "apiKey",
      after: { firstName: "Ada", email: "ada@example.com" },
    });
  });

  it("takes the fields from behind the address where there is no body at all, as the oldest clients send them", async () => {
    await makeCustomField({ account, recordType: "contact", label: "Depot" });
    const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
      api.call(`/api/v1/contacts${path}`, {
        token,
        method,
        headers: { "account-token": account.token, "content-length": String(body?.length ?? 0), ...headers },
        ...(body !== undefined && { body }),
      });
    const fields =
      "first_name=Ada&employee=true&custom_fields[depot]=North&custom_fields%5Bdepot%5D=South&nope[a][b]=1";
    const once = { "idempotency-key": "old client" };
    const { status, json } = await send("POST", `/?${fields}`, once);
    expect([status, json]).toMatchObject([201, { name: "Ada", employee: true, custom_fields: { depot: "South" } }]);
    expect((await send("POST", `/?${fields}`, once)).json).toEqual(json);
    expect((await send("POST", "/?first_name=Bo", once)).status).toBe(422);
    const changed = await send("PATCH", `/${String(json.id)}/?last_name=One`);
    expect([changed.status, changed.json.name]).toEqual([200, "Ada One"]);
    expect((await send("POST", "/?last_name=One")).json.errors).toEqual({ first_name: ["can't be blank"] });
    expect((await send("POST", "/")).status).toBe(415);
    expect((await send("POST", `/?${fields}`, {}, "first_name=Ada")).status).toBe(415);
  });

  it("201: takes custom fields, and 422: refuses one that is not defined or lacks a value it must have", async () => {
    await makeCustomField({ account, recordType: "contact", label: "Shoe Size" });
    await makeCustomField({ account, recordType: "contact", label: "Badge", required: true });
    const made = await call("", "POST", { first_name: "Ada", custom_fields: { shoe_size: "38", badge: "B1" } });
    expect(made.json.custom_fields).toEqual({ shoe_size: "38", badge: "B1" });
    const merged = await call(`/${String(made.json.id)}`, "PATCH", { custom_fields: { shoe_size: "39" } });
    expect(merged.json.custom_fields).toEqual({ shoe_size: "39", badge: "B1" });
    const { status, json } = await call("", "POST", { first_name: "Bo", custom_fields: { nope: "1" } });
    expect([status, Object.keys(json.errors ?? {})]).toEqual([422, ["custom_fields.nope", "custom_fields.badge"]]);
  });

  it.each([
    [{}, ["first_name"]],
    [{ first_name: "  " }, ["first_name"]],
    [{ first_name: null }, ["first_name"]],
    [{ first_name: { a: 1 } }, ["first_name"]],
    [{ first_name: "x".repeat(256) }, ["first_name"]],
    [{ first_name: "Ada", email: "nobody" }, ["email"]],
    [{ first_name: "Ada", birth_date: "2026-02-30" }, ["birth_date"]],
    [{ first_name: "Ada", employee: "perhaps", city: [] }, ["city", "employee"]],
    [{ first_name: "Ada", custom_fields: "x" }, ["custom_fields"]],
    [[], ["base"]],
    ["text", ["base"]],
  ])("422: %j", async (body, fields) => {
    const { status, json } = await call("", "POST", body);
    expect(status).toBe(422);
    expect(Object.keys(json.errors ?? {}).sort()).toEqual(fields);
    for (const messages of Object.values(json.errors ?? {})) expect(messages).toEqual([expect.any(String)]);
  });

  it("422: an employee number that is taken, in this account alone", async () => {
    await makeContact({ account: await makeAccount(), employeeNumber: "7" });
    expect((await call("", "POST", { first_name: "Ada", employee_number: "7" })).status).toBe(201);
    const { status, json } = await call("", "POST", { first_name: "Bo", employee_number: "7" });
    expect([status, json]).toEqual([422, { errors: { employee_number: ["has already been taken"] } }]);
  });

  it("400, 415: no JSON", async () => {
    const headers = { "account-token": account.token, "content-type": "application/json" };
    expect((await api.call("/api/v1/contacts", { token, method: "POST", headers, body: "{" })).status).toBe(400);
    expect(
      (
        await api.call("/api/v1/contacts", {
          token,
          method: "POST",
          headers: { ...headers, "content-type": "text/plain" },
          body: "{}",
        })
      ).status,
    ).toBe(415);
  });
});

describe("PATCH /contacts/:id", () => {
  it("200: changes what is given, and leaves one event with what differs", async () => {
    const { id } = await makeContact({ account, firstName: "Ada", lastName: "One", city: "Graz", employeeNumber: "7" });
    const { status, json } = await call(`/${id}`, "PATCH", {
      last_name: "Two",
      city: null,
      job_title: "",
      employee_number: "7",
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ name: "Ada Two", last_name: "Two", city: null, employee_number: "7" });
    const events = await eventsOf(id);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({
      action: "contact.updated",
      before: { lastName: "One", name: "Ada One", city: "Graz" },
      after: { lastName: "Two", name: "Ada Two", city: null },
    });
    expect(Object.keys(events[0]?.after as object).sort()).toEqual(["city", "lastName", "name"]);
  });

  it("200: leaves no event and no trace when nothing differs", async () => {
    const contact = await makeContact({
      account,
      firstName: "Ada",
      lastName: "One",
      birthDate: new Date("1990-05-01"),
    });
    const { status, json } = await call(`/${contact.id}`, "PATCH", {
      first_name: "Ada",
      birth_date: "1990-05-01",
      custom_fields: {},
    });
    expect([status, json.updated_at]).toEqual([200, contact.updatedAt.toISOString()]);
    expect(await eventsOf(contact.id)).toEqual([]);
  });

  it("422: may not empty the first name", async () => {
    const { id } = await makeContact({ account });
    expect((await call(`/${id}`, "PATCH", { first_name: "" })).json).toEqual({
      errors: { first_name: ["can't be blank"] },
    });
  });

  it("archives and restores, each once", async () => {
    const { id } = await makeContact({ account });
    for (const deed of ["archive", "archive", "restore", "restore"]) {
      const answer = await call(`/${id}/${deed}`, "PATCH");
      expect([answer.status, answer.text]).toEqual([204, ""]);
      const { json } = await call(`/${id}`);
      expect(json.archived_at).toEqual(deed === "restore" ? null : expect.any(String));
    }
    expect((await eventsOf(id)).map(({ action }) => action)).toEqual(["contact.archived", "contact.restored"]);
  });
});

describe("DELETE /contacts/:id", () => {
  it("204: takes it away, and the event says what it was", async () => {
    const { id } = await makeContact({ account, firstName: "Ada", lastName: "One" });
    expect((await call(`/${id}`, "DELETE")).status).toBe(204);
    expect((await call(`/${id}`)).status).toBe(404);
    expect((await eventsOf(id)).map(({ action, recordName }) => [action, recordName])).toEqual([
      ["contact.deleted", "Ada One"],
    ]);
  });

  it("422: counts the assignments that keep it, and says to archive", async () => {
    const contact = await makeContact({ account });
    await makeAssignment({ account, contactId: contact.id });
    await makeAssignment({ account, contactId: contact.id });
    const { status, json } = await call(`/${contact.id}`, "DELETE");
    expect([status, json.errors?.base?.[0]]).toEqual([422, expect.stringMatching(/2 vehicle assignments.*Archive/)]);
    expect((await call(`/${contact.id}`)).status).toBe(200);
  });

  it("403: with the key of a member", async () => {
    const { id } = await makeContact({ account });
    ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "member"), scopes: SCOPES }));
    expect((await call(`/${id}`, "DELETE")).status).toBe(403);
    expect((await call(`/${id}`, "PATCH", { city: "Graz" })).status).toBe(200);
  });
});

describe("every endpoint", () => {
  const requests = [
    ["", "GET"],
    ["/1", "GET"],
    ["", "POST"],
    ["/1", "PATCH"],
    ["/1/archive", "PATCH"],
    ["/1/restore", "PATCH"],
    ["/1", "DELETE"],
  ] as const;

  it.each(requests)("401: %s %s without a key", async (path, method) => {
    expect(
      (await api.call(`/api/v1/contacts${path}`, { method, headers: { "account-token": account.token } })).status,
    ).toBe(401);
  });

  it.each(requests)("403: %s %s without the scope", async (path, method) => {
    ({ token } = await makeApiKey({ account, createdBy: owner, scopes: ["vehicles.read"] }));
    const { status, json } = await call(path, method);
    expect([status, json.code]).toEqual([403, "insufficient_scope"]);
    expect(json.detail).toContain(method === "GET" ? "contacts.read" : "contacts.write");
  });

  it("404: a foreign contact is like none", async () => {
    const foreign = await makeContact({ account: await makeAccount() });
    for (const [path, method] of requests.filter(([path]) => path !== "")) {
      const answers = [];
      for (const id of [foreign.id, 2_000_000_000, 2_147_483_648, "abc"]) {
        const { status, text } = await call(
          path.replace("1", String(id)),
          method,
          method === "PATCH" ? { city: "Graz" } : undefined,
          { "x-request-id": "same" },
        );
        answers.push(`${status} ${text}`);
      }
      expect(new Set(answers).size).toBe(1);
      expect(answers[0]).toMatch(/^404 /);
    }
  });
});
