import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { findCredential } from "@/lib/auth/credentials";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import { makeAccount, makeApiKey, makePartnerWithPeople, makePerson } from "@/prisma/factories/accounts-and-keys";
import { getCallingApiKey } from "./endpoints";

let api: TestApi;
let partner: Awaited<ReturnType<typeof makePartnerWithPeople>>;

beforeAll(async () => {
  api = await serveForTests([getCallingApiKey], { ip: "203.0.113.7" });
  partner = await makePartnerWithPeople();
});
afterAll(() => api.close());

const minutesFromNow = (minutes: number) => new Date(Date.now() + minutes * 60_000);

describe("GET /api/v1/api_key", () => {
  describe("200", () => {
    it("says what a partner's key is, and never its token", async () => {
      const { key, token } = await makeApiKey({
        account: partner.account,
        name: "Keycafe",
        scopes: ["vehicles.read", "contacts.read"],
      });
      const { status, json, text, headers } = await api.call("/api/v1/api_key", { token });
      expect(status).toBe(200);
      expect(json).toEqual({
        id: key.id,
        name: "Keycafe",
        prefix: token.slice(0, 10),
        version: "2025-05-05",
        scopes: ["vehicles.read", "contacts.read"],
        expires_at: key.expiresAt.toISOString(),
        account: { id: partner.account.id, name: partner.account.name, token: partner.account.token },
        all_accounts: true,
        accounts: null,
      });
      expect(text).not.toContain(token);
      expect(headers).toMatchObject({
        "content-type": "application/json; charset=utf-8",
        "cache-control": "no-store",
        "x-api-version": "2025-05-05",
      });
    });

    it("names the chosen customers, without one that left the partner", async () => {
      const left = await makeAccount({ partnerId: partner.account.id });
      const { token } = await makeApiKey({ account: partner.account, customers: [partner.customers[1], left] });
      await bookkeepingDb().account.update({ where: { id: left.id }, data: { partnerId: null } });
      const { json } = await api.call("/api/v1/api_key", { token });
      const { id, name, token: accountToken } = partner.customers[1];
      expect(json).toMatchObject({ all_accounts: false, accounts: [{ id, name, token: accountToken }] });
    });

    it("names a customer's own account", async () => {
      const account = await makeAccount();
      const { token } = await makeApiKey({ account, createdBy: await makePerson(account, "member") });
      const { status, json } = await api.call("/api/v1/api_key", { token });
      expect(status).toBe(200);
      expect(json).toMatchObject({
        all_accounts: false,
        accounts: [{ id: account.id, name: account.name, token: account.token }],
      });
    });

    it.each(["Token KEY", 'Token token="KEY"', "Token token=KEY", "Bearer KEY", "tOKEN KEY", "BEARER  KEY"])(
      "takes the key as %s",
      async (spelling) => {
        const { token } = await makeApiKey({ account: partner.account });
        const { status } = await api.call("/api/v1/api_key", {
          headers: { authorization: spelling.replace("KEY", token) },
        });
        expect(status).toBe(200);
      },
    );

    it.each(["/api/v1/api_key", "/api/v2/api_key", "/api/api_key", "/api/v1/api_key/", "/api/api_key/?per=5"])(
      "is found at %s",
      async (path) => {
        const { token } = await makeApiKey({ account: partner.account });
        expect((await api.call(path, { token })).status).toBe(200);
      },
    );

    it("ignores an account token, and a body", async () => {
      const { token } = await makeApiKey({ account: partner.account });
      const { status } = await api.call("/api/v1/api_key", {
        token,
        headers: { "account-token": "ffffffffff" },
        body: "null",
      });
      expect(status).toBe(200);
    });

    it("answers HEAD with the same headers and no body", async () => {
      const { token } = await makeApiKey({ account: partner.account });
      const { status, text } = await api.call("/api/v1/api_key", { token, method: "HEAD" });
      expect([status, text]).toEqual([200, ""]);
    });

    it("takes the old token for as long as it overlaps", async () => {
      const { token, oldToken } = await makeApiKey({ account: partner.account, oldTokenUntil: minutesFromNow(5) });
      expect((await api.call("/api/v1/api_key", { token })).status).toBe(200);
      expect((await api.call("/api/v1/api_key", { token: oldToken ?? "" })).status).toBe(200);
    });

    it("works from the addresses of its allow-list, IPv4-mapped ones too", async () => {
      const { token } = await makeApiKey({ account: partner.account, allowedIps: ["2001:db8::/32", "203.0.113.0/24"] });
      expect((await api.call("/api/v1/api_key", { token })).status).toBe(200);
    });
  });

  describe("401", () => {
    const refusal = (code: string) => ({
      type: "about:blank",
      title: "Unauthorized",
      status: 401,
      detail: expect.any(String),
      code,
      instance: "my-id",
    });
    const withId = (headers: Record<string, string> = {}) => ({ headers: { ...headers, "x-request-id": "my-id" } });

    it.each([
      ["no header", {}, "key_missing"],
      ["an empty header", { authorization: "" }, "key_missing"],
      ["a scheme alone", { authorization: "Token" }, "key_missing"],
      ["an empty token", { authorization: 'Token token=""' }, "key_missing"],
      ["another scheme", { authorization: "Basic Zm9vOmJhcg==" }, "key_unknown"],
      ["nonsense", { authorization: "Token nonsense" }, "key_unknown"],
      ["a mistyped token", { authorization: "Token fah_0000000000000000000000000000002C8GjT" }, "key_unknown"],
      ["an unknown token", { authorization: "Token fah_0000000000000000000000000000002C8GjS" }, "key_unknown"],
    ])("%s", async (_case, headers, code) => {
      const answer = await api.call("/api/v1/api_key", withId(headers));
      expect(answer.status).toBe(401);
      expect(answer.json).toEqual(refusal(code));
      expect(answer.headers).toMatchObject({
        "www-authenticate": 'Token realm="api"',
        "content-type": "application/problem+json; charset=utf-8",
        "cache-control": "no-store",
        "x-request-id": "my-id",
      });
    });

    it("a revoked key, from the very next request on", async () => {
      const { key, token } = await makeApiKey({ account: partner.account });
      expect((await api.call("/api/v1/api_key", { token })).status).toBe(200);
      await bookkeepingDb().apiKey.update({
        where: { id: key.id },
        data: { revokedAt: new Date(), revokedReason: "by_hand" },
      });
      const { status, json } = await api.call("/api/v1/api_key", { token, ...withId() });
      expect([status, json.code]).toEqual([401, "key_revoked"]);
    });

    it("an expired key, with no job running", async () => {
      const { key, token } = await makeApiKey({ account: partner.account });
      await bookkeepingDb()
        .$executeRaw`UPDATE api_keys SET expires_at = clock_timestamp() + interval '300 milliseconds' WHERE id = ${key.id}`;
      expect((await api.call("/api/v1/api_key", { token })).status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 320));
      const { status, json } = await api.call("/api/v1/api_key", { token });
      expect([status, json.code]).toEqual([401, "key_expired"]);
    });

    it("a token whose overlap has ended", async () => {
      const { oldToken } = await makeApiKey({ account: partner.account, oldTokenUntil: minutesFromNow(-1) });
      const { status, json } = await api.call("/api/v1/api_key", { token: oldToken ?? "" });
      expect([status, json.code]).toEqual([401, "key_superseded"]);
    });

    it("a customer's key whose creator has left", async () => {
      const account = await makeAccount();
      const creator = await makePerson(account, "owner");
      const { token } = await makeApiKey({ account, createdBy: creator });
      await bookkeepingDb().membership.deleteMany({ where: { userId: creator.id } });
      const { status, json } = await api.call("/api/v1/api_key", { token });
      expect([status, json.code]).toEqual([401, "key_revoked"]);
    });

    it.each(["api_key", "token", "access_token", "Authorization", "anything"])(
      "a key in the query string, as %s, though the header has it too",
      async (name) => {
        const { token } = await makeApiKey({ account: partner.account });
        const { status, json } = await api.call(`/api/v1/api_key?${name}=${token}`, { token });
        expect([status, json.code]).toEqual([401, "key_missing"]);
        expect(JSON.stringify(json)).not.toContain(token);
      },
    );
  });

  describe("400", () => {
    it.each([["authorization"], ["account-token"]])("%s sent twice", async (name) => {
      const { token } = await makeApiKey({ account: partner.account });
      const headers = { authorization: `Token ${token}`, [name]: [`Token ${token}`, `Token ${token}`] };
      const { status, json } = await api.call("/api/v1/api_key", { headers });
      expect([status, json.code]).toEqual([400, "bad_request"]);
    });

    it("an unknown version, which is named", async () => {
      const { token } = await makeApiKey({ account: partner.account });
      const { status, json } = await api.call("/api/v1/api_key", { token, headers: { "x-api-version": "2019-01-01" } });
      expect(status).toBe(400);
      expect(json).toEqual({ errors: { "X-Api-Version": [expect.stringContaining("2025-05-05")] } });
    });
  });

  describe("403", () => {
    it("from an address outside of the allow-list", async () => {
      const { token } = await makeApiKey({ account: partner.account, allowedIps: ["203.0.113.8/32", "::/0"] });
      const { status, json } = await api.call("/api/v1/api_key", { token });
      expect([status, json.code]).toEqual([403, "ip_not_allowed"]);
    });

    it.each([
      ["plan_required", { plan: "starter" }],
      ["plan_required", { plan: "starter", status: "suspended" }],
      ["account_inactive", { status: "suspended" }],
      ["account_inactive", { status: "canceled" }],
    ] as const)("%s on %o", async (code, choice) => {
      const { token } = await makeApiKey({ account: await makeAccount({ kind: "partner", ...choice }) });
      const { status, json } = await api.call("/api/v1/api_key", { token });
      expect([status, json.code]).toEqual([403, code]);
    });

    it("but not for an account on trial or past due", async () => {
      for (const status of ["trial", "past_due"] as const) {
        const { token } = await makeApiKey({ account: await makeAccount({ kind: "partner", status }) });
        expect((await api.call("/api/v1/api_key", { token })).status).toBe(200);
      }
    });
  });

  describe("404", () => {
    it.each(["/api/v1", "/api/v3/api_key", "/api/v1/api_keys", "/api/v1//api_key", "/api/v1/API_KEY", "/api"])(
      "at %s, before any key is asked for",
      async (path) => {
        const { status, json } = await api.call(path);
        expect([status, json.code]).toEqual([404, "not_found"]);
        expect(json.instance).not.toContain("/");
      },
    );
  });

  describe("405", () => {
    it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])(
      "%s, before any key is asked for",
      async (method) => {
        const { status, json, headers } = await api.call("/api/v1/api_key", { method });
        expect([status, json.code, headers.allow]).toEqual([405, "method_not_allowed", "GET, HEAD"]);
      },
    );
  });

  describe("413", () => {
    it("a body beyond 256 KiB that says so, before the key is looked at", async () => {
      const { status, headers } = await api.call("/api/v1/api_key", {
        headers: { "content-length": String(256 * 1024 + 1), expect: "100-continue" },
      });
      expect([status, headers.connection]).toEqual([413, "close"]);
    });
  });
});

describe("findCredential", () => {
  it("gives each of many simultaneous questions its own answer", async () => {
    const made = [];
    for (let count = 0; count < 20; count++) made.push(await makeApiKey({ account: partner.account }));
    const answers = await Promise.all(made.map(({ token }) => findCredential(token, null)));
    expect(answers.map((answer) => answer?.key.apiKeyId)).toEqual(made.map(({ key }) => key.id));
  });
});
