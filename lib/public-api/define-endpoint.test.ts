import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";

import type { Account } from "@/generated/prisma/client";
import { entryOf } from "@/lib/auth/entries";
import { DomainError } from "@/lib/platform/errors";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey, makePartnerWithPeople, makePerson } from "@/prisma/factories/accounts-and-keys";
import { defineEndpoint } from "./define-endpoint";
import { call, serveForTests, type TestApi } from "@/testing/serve-api";
import type { Addressing } from "./stages/authenticate";
import { readBody, readNothing } from "./stages/parse";

/** Says whom it was addressed to. */
const addressed = (path: string, account: Addressing) =>
  defineEndpoint({
    method: "GET",
    path,
    resource: "echoes",
    permission: "accounts.list",
    account,
    input: readNothing,
    run: (permit) => Promise.resolve(permit.account),
    present: ({ id }) => ({ id }),
    shape: z.strictObject({ id: z.int() }),
  });

const create = defineEndpoint({
  method: "POST",
  path: "/customer",
  resource: "named_echoes",
  permission: "accounts.list",
  account: "customer",
  input: readBody(z.object({ name: z.string().min(1) })),
  run: (_permit, input) => Promise.resolve({ id: 7, ...input }),
  present: (record) => record,
  shape: z.strictObject({ id: z.int(), name: z.string() }),
});

const forKeysNever = defineEndpoint({
  method: "GET",
  path: "/never",
  resource: "echoes",
  permission: "apiKeys.read",
  account: "ownAccount",
  input: readNothing,
  run: () => Promise.resolve({}),
  present: (record) => record,
});

const broken = defineEndpoint({
  method: "GET",
  path: "/broken",
  resource: "echoes",
  permission: "accounts.list",
  account: "ownAccount",
  input: readNothing,
  run: () => Promise.reject(new Error("SELECT secret FROM somewhere")),
  present: () => ({}),
});

const busy = defineEndpoint({
  method: "GET",
  path: "/busy",
  resource: "echoes",
  permission: "accounts.list",
  account: "ownAccount",
  input: readNothing,
  run: () => Promise.reject(new DomainError("too_many_requests", "Try again in a minute.")),
  present: () => ({}),
});

let api: TestApi;
let partner: Awaited<ReturnType<typeof makePartnerWithPeople>>;
let token: string;
const onUse = vi.fn();

beforeAll(async () => {
  api = await serveForTests(
    [addressed("/customer", "customer"), addressed("/either", "customerOrPartner"), create, forKeysNever, broken, busy],
    { ip: "203.0.113.7", onUse },
  );
  partner = await makePartnerWithPeople();
  ({ token } = await makeApiKey({ account: partner.account }));
});
afterAll(() => api.close());

const ask = (accountToken: string | undefined, path = "/api/v1/customer", key = token) =>
  api.call(path, {
    token: key,
    headers: { "x-request-id": "same", ...(accountToken === undefined ? {} : { "account-token": accountToken }) },
  });

describe("the account that a request names", () => {
  it("is one of the partner's customers, or the partner itself where that is offered", async () => {
    const [customer] = partner.customers;
    expect((await ask(customer.token)).json).toEqual({ id: customer.id });
    expect((await ask(customer.token, "/api/v1/either")).json).toEqual({ id: customer.id });
    expect((await ask(partner.account.token, "/api/v1/either")).json).toEqual({ id: partner.account.id });
  });

  it("is a customer's key's own, and no other", async () => {
    const account = partner.customers[0];
    const made = await makeApiKey({ account, createdBy: await makePerson(account, "member") });
    expect((await ask(account.token, undefined, made.token)).json).toEqual({ id: account.id });
    for (const other of [partner.account.token, partner.customers[1].token]) {
      expect((await ask(other, "/api/v1/either", made.token)).json.code).toBe("account_not_accessible");
    }
  });

  it.each([undefined, "", "   "])("is required (%j)", async (accountToken) => {
    const { status, json, headers } = await ask(accountToken);
    expect([status, json.code, headers["www-authenticate"]]).toEqual([
      401,
      "account_token_required",
      'Token realm="api"',
    ]);
  });

  it("is refused in the same words, unknown or out of reach", async () => {
    const foreign = await makeAccount({ partnerId: (await makeAccount({ kind: "partner" })).id });
    const gone: Account = await makeAccount({ partnerId: partner.account.id });
    await bookkeepingDb().account.update({ where: { id: gone.id }, data: { partnerId: null } });
    const limited = await makeApiKey({ account: partner.account, customers: [partner.customers[0]] });
    const answers = [
      await ask("ffffffffff"),
      await ask("no such thing"),
      await ask(`${partner.customers[0].token}0`),
      await ask(foreign.token),
      await ask(gone.token),
      await ask(partner.account.token),
      await ask(partner.customers[1].token, undefined, limited.token),
    ];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.json.code).toBe("account_not_accessible");
    expect((await ask(partner.customers[0].token, undefined, limited.token)).status).toBe(200);
  });

  it("brings its own plan and state", async () => {
    const starter = await makeAccount({ partnerId: partner.account.id, plan: "starter" });
    const suspended = await makeAccount({ partnerId: partner.account.id, status: "suspended" });
    expect((await ask(starter.token)).json.code).toBe("plan_required");
    expect((await ask(suspended.token)).json.code).toBe("account_inactive");
    const { token: cheap } = await makeApiKey({ account: await makeAccount({ kind: "partner", plan: "starter" }) });
    expect((await ask(undefined, "/api/v1/never", cheap)).json.code).toBe("plan_required");
  });
});

describe("when several refusals apply, the first of them is given", () => {
  const tooLong = "x".repeat(256 * 1024 + 1);

  it("path, method, repeated headers, size, key, address, account, plan, permission, version, body", async () => {
    const elsewhere = await makeApiKey({ account: partner.account, allowedIps: ["198.51.100.0/24"] });
    const starter = await makeAccount({ partnerId: partner.account.id, plan: "starter" });
    const twice = { authorization: ["Token a", "Token b"] };
    const wrongVersion = { "x-api-version": "1999-01-01" };
    const post = { method: "POST", body: "not json" };
    const codes = [
      await api.call("/api/v1/nowhere", { method: "PUT", headers: twice, body: tooLong }),
      await api.call("/api/v1/customer", { method: "PUT", headers: twice, body: tooLong }),
      await api.call("/api/v1/customer", { method: "POST", headers: twice, body: tooLong, chunked: true }),
      await api.call("/api/v1/customer", { method: "POST", body: tooLong, chunked: true }),
      await api.call("/api/v1/customer", { ...post, token: "unknown", headers: wrongVersion }),
      await api.call("/api/v1/customer", { ...post, token: elsewhere.token, headers: wrongVersion }),
      await api.call("/api/v1/customer", { ...post, token, headers: wrongVersion }),
      await api.call("/api/v1/customer", {
        ...post,
        token,
        headers: { ...wrongVersion, "account-token": starter.token },
      }),
      await api.call("/api/v1/never", { token, headers: wrongVersion }),
      await api.call("/api/v1/customer", {
        ...post,
        token,
        headers: { ...wrongVersion, "account-token": partner.customers[0].token },
      }),
      await api.call("/api/v1/customer", { ...post, token, headers: { "account-token": partner.customers[0].token } }),
    ].map(({ status, json }) =>
      json.code ? `${status} ${String(json.code)}` : `${status} ${Object.keys(json.errors ?? {}).join()}`,
    );
    expect(codes).toEqual([
      "404 not_found",
      "405 method_not_allowed",
      "400 bad_request",
      "413 body_too_large",
      "401 key_unknown",
      "403 ip_not_allowed",
      "401 account_token_required",
      "403 plan_required",
      "403 insufficient_scope",
      "400 X-Api-Version",
      "415 unsupported_media_type",
    ]);
  });
});

describe("bodies", () => {
  const post = (body: string | Buffer, contentType = "application/json") =>
    api.call("/api/v1/customer", {
      method: "POST",
      token,
      body,
      headers: { "account-token": partner.customers[0].token, "content-type": contentType },
    });

  it("make a record: 201, with its address", async () => {
    const { status, json, headers } = await post(
      '{"name": "Été", "id": 99, "account_id": 1}',
      "application/json; charset=UTF-8",
    );
    expect([status, json, headers.location]).toEqual([201, { id: 7, name: "Été" }, "/api/v1/customer/7"]);
  });

  it.each(["null", "[]", '"Van"', "1"])("of %s are no object: 422", async (body) => {
    const { status, json } = await post(body);
    expect([status, json]).toEqual([422, { errors: { base: ["must be a JSON object"] } }]);
  });

  it("that are wrong are named field by field: 422", async () => {
    const { status, json } = await post('{"name": 5}');
    expect(status).toBe(422);
    expect(json).toEqual({ errors: { name: [expect.any(String)] } });
  });

  it.each([
    ["no JSON", "{name"],
    ["nothing", ""],
    ["deeper than 20", "[".repeat(21) + "]".repeat(21)],
    ["very deep", "[".repeat(200_000)],
    ["U+0000", '{"name": "a\\u0000b"}'],
    ["not UTF-8", Buffer.from([0x22, 0xff, 0x22])],
  ])("of %s: 400", async (_case, body) => {
    const { status, json } = await post(body);
    expect([status, json.code]).toEqual([400, "bad_request"]);
  });

  it("20 deep, and an escaped backslash before u0000, are fine", async () => {
    const { status } = await post(`{"name": "\\\\u0000 ]]]", "x": ${"[".repeat(19)}${"]".repeat(19)}}`);
    expect(status).toBe(201);
  });

  it.each([
    "application/json;charset=utf8",
    'Application/JSON; Charset="UTF-8"; profile=x',
    "application/json; odata=verbose",
    "application/json; charset=us-ascii",
    "application/vnd.api+json;",
  ])("as %j are read", async (contentType) => {
    expect((await post('{"name": "Van"}', contentType)).status).toBe(201);
  });

  it.each([
    "text/plain",
    "application/x-www-form-urlencoded",
    "application/json; charset=latin1",
    "application/json; odata=verbose; charset=utf-16",
    "application/json, application/json",
    "",
  ])("as %j: 415", async (contentType) => {
    expect((await post("{}", contentType)).status).toBe(415);
  });

  it("packed: 415, which says so", async () => {
    const send = (encoding: string) =>
      api.call("/api/v1/customer", {
        token,
        method: "POST",
        headers: {
          "account-token": partner.customers[0].token,
          "content-type": "application/json",
          "content-encoding": encoding,
        },
        body: encoding === "gzip" ? gzipSync('{"name": "Été"}') : '{"name": "Été"}',
      });
    const { status, json } = await send("gzip");
    expect([status, json.detail]).toEqual([415, expect.stringContaining("Content-Encoding")]);
    expect((await send("identity")).status).toBe(201);
  });
});

describe("the version that an answer speaks", () => {
  const speak = (version: string | undefined, body: string, headers: Record<string, string> = {}) =>
    api.call("/api/v1/customer", {
      method: "POST",
      token,
      body,
      headers: {
        "account-token": partner.customers[0].token,
        "content-type": "application/json",
        ...(version === undefined ? {} : { "x-api-version": version }),
        ...headers,
      },
    });

  it("is named by it, be it 201, 400 or 422, once it is chosen", async () => {
    const answers = [
      await speak(undefined, '{"name": "Van"}'),
      await speak("2024-01-01", "{name"),
      await speak("2024-01-01", "{}"),
    ];
    expect(answers.map(({ status, headers }) => [status, headers["x-api-version"]])).toEqual([
      [201, "2025-05-05"],
      [400, "2024-01-01"],
      [422, "2024-01-01"],
    ]);
    expect((await speak("1999-01-01", "{}")).headers).not.toHaveProperty("x-api-version");
  });

  it("is the key's own where the header has no value", async () => {
    const { status, headers } = await speak("", '{"name": "Van"}');
    expect([status, headers["x-api-version"]]).toEqual([201, "2025-05-05"]);
  });

  it("is that of the first answer where one is given again", async () => {
    const once = { "idempotency-key": "one version" };
    await speak("2024-01-01", '{"name": "Van"}', once);
    expect((await speak("2025-05-05", '{"name": "Van"}', once)).headers["x-api-version"]).toBe("2024-01-01");
  });
});

describe("what went wrong inside", () => {
  it("is a 500 that tells nothing but the request id", async () => {
    // Past the document, which promises no fault.
    const { status, json } = await call(api.port, "/api/v1/broken", { token, headers: { "x-request-id": "same" } });
    expect(status).toBe(500);
    expect(json).toMatchObject({ code: "unexpected", instance: "same" });
    expect(JSON.stringify(json)).not.toMatch(/SELECT|secret|\.ts/);
  });

  it("has its own body for 429", async () => {
    const { status, json, headers } = await ask(undefined, "/api/v1/busy");
    expect([status, json]).toEqual([429, { error: "Try again in a minute." }]);
    expect(headers["retry-after"]).toMatch(/^\d+$/);
  });
});

describe("an endpoint", () => {
  it("has come through its definition", () => {
    expect(entryOf(create)).toEqual({ kind: "endpoint", permission: "accounts.list" });
  });

  it("tells of each use of a valid key from an allowed address, and of no other", async () => {
    onUse.mockClear();
    const elsewhere = await makeApiKey({ account: partner.account, allowedIps: ["198.51.100.0/24"] });
    await ask(undefined, "/api/v1/never");
    await ask(undefined, "/api/v1/never", elsewhere.token);
    await ask(undefined, "/api/v1/never", "unknown");
    expect(onUse).toHaveBeenCalledTimes(1);
  });
});
