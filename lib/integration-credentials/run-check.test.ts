import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { startRecordingHost, type HostAnswers, type RecordingHost } from "@/testing/recording-host";
import { runCheck } from "./run-check";

const MINE = "798819214b";
process.env.CONNECTOR_ALLOWED_PRIVATE_HOSTS = `${MINE}=127.0.0.1`;

const KEY = "a-key-that-nobody-knows-0123456789";
const THERE = "abc0000001";
const ACCOUNTS = { records: [{ token: "fff0000001" }, { token: THERE }], next_cursor: null };
const WORKS: HostAnswers = {
  "/accounts": [200, ACCOUNTS],
  "/vehicles": [200, { records: [], next_cursor: null }],
};

let host: RecordingHost;
beforeAll(async () => {
  host = await startRecordingHost();
});
afterAll(() => host.close());

const check = (answers: HostAnswers, askedFor = MINE) => {
  host.answer(answers);
  host.requests.length = 0;
  return runCheck({ baseUrl: host.baseUrl, accountToken: THERE, apiKey: KEY }, askedFor);
};
const problem = (code: string, detail = `no: ${KEY}`) => ({ code, detail });

describe("a check", () => {
  it("asks with the key alone whom it reaches, and with both for data and the key's facts", async () => {
    const end = "2027-03-01T10:00:00.000Z";
    const facts = { expires_at: end, scopes: ["vehicles.read", "contacts.read", "not a scope", 7] };
    expect(await check({ ...WORKS, "/api_key": [200, facts] })).toEqual({
      status: "valid",
      reason: "The key may not read vehicle assignments, meter entries, fuel entries.",
      expiresAt: new Date(end),
      scopes: ["vehicles.read", "contacts.read"],
    });
    const sent = host.requests.map(({ path, headers }) => [path, headers.authorization, headers["account-token"]]);
    expect(sent).toEqual([
      ["/api/v1/accounts?per_page=100", `Token ${KEY}`, undefined],
      ["/api/v1/vehicles?per_page=1", `Token ${KEY}`, THERE],
      ["/api/v1/api_key", `Token ${KEY}`, THERE],
    ]);
  });

  it.each([
    ["an array, and no facts of the key", { ...WORKS, "/accounts": [200, [{ token: THERE }]] }, "valid", null],
    ["accounts that it may not list", { ...WORKS, "/accounts": [403, problem("insufficient_scope")] }, "valid", null],
    ["a revoked key", { "/accounts": [401, problem("key_revoked")] }, "refused", /was revoked/],
    ["a mistyped key", { "/accounts": [401, problem("key_unknown")] }, "refused", /does not know this key/],
    ["an old token", { "/accounts": [401, problem("key_superseded")] }, "refused", /newer token/],
    ["no reason", { "/accounts": [401, "<h1>no</h1>"] }, "refused", "The host does not accept this key."],
    [
      "another address's key",
      { "/accounts": [403, problem("ip_not_allowed", "not from 10.0.0.9")] },
      "refused",
      /10\.0\.0\.9/,
    ],
    ["another account", { "/accounts": [200, { records: [{ token: "fff0000001" }] }] }, "wrong_account", /no account/],
    [
      "no account by both",
      { ...WORKS, "/vehicles": [401, problem("account_not_accessible")] },
      "wrong_account",
      /token/,
    ],
    [
      "a lacking scope",
      { ...WORKS, "/vehicles": [403, problem("insufficient_scope")] },
      "lacks_scope",
      /vehicles\.read/,
    ],
    ["a lacking plan", { ...WORKS, "/vehicles": [403, problem("plan_required")] }, "lacks_scope", /plan/],
    ["nothing there", {}, "unreachable", /404/],
    ["a page with 200", { "/accounts": [200, "<html>Sign in</html>"] }, "unreachable", /no API of this kind/],
    ["a redirect", { "/accounts": [302, {}] }, "unreachable", /status 302/],
    ["too many requests", { "/accounts": [429, {}] }, "unreachable", /429/],
    ["a fault", { ...WORKS, "/vehicles": [500, { message: `lost ${KEY}\u202e` }] }, "unreachable", /“lost •••”/],
  ] as [string, HostAnswers, string, RegExp | string | null][])("of %s", async (_what, answers, status, reason) => {
    const verdict = await check(answers);
    expect(verdict).toMatchObject({ status, reason: reason === null ? null : expect.stringMatching(reason) });
    expect(JSON.stringify(verdict)).not.toContain(KEY);
    expect(verdict.reason ?? "", "what else the key reaches is nobody's business").not.toContain("fff0000001");
  });

  it("goes on to the next page of accounts", async () => {
    const next = { records: [{ token: "fff0000001" }], next_cursor: "c&1" };
    expect(await check({ ...WORKS, "/accounts": [200, next] })).toMatchObject({ status: "valid" });
    expect(host.requests[1]?.path).toBe("/api/v1/accounts?per_page=100&start_cursor=c%261");
    expect(host.requests.length).toBe(22);
  });

  it("says that nobody answers, and keeps no account's exception for another", async () => {
    const gone = await startRecordingHost();
    await gone.close();
    const access = { baseUrl: gone.baseUrl, accountToken: THERE, apiKey: KEY };
    expect(await runCheck(access, MINE)).toMatchObject({
      status: "unreachable",
      reason: expect.stringContaining("no connection"),
    });
    expect(await check(WORKS, "bbbbbbbbbb")).toMatchObject({ status: "unreachable" });
    expect(host.requests).toEqual([]);
  });
});
