import { generateKeyPairSync, hash, sign, type KeyObject } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import type * as platformEnv from "@/lib/platform/env";
import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import { makeApiKey, makePartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import { getCallingApiKey, receiveSecretScan, revokeLeakedApiKey } from "./endpoints";

const partnerKeys = generateKeyPairSync("ec", { namedCurve: "P-256" });
const IDENTIFIER = "partner-key-1";

const environment = vi.hoisted(() => ({ keys: undefined as Record<string, string> | undefined }));
vi.mock("@/lib/platform/env", async (original) => {
  const real = await original<typeof platformEnv>();
  return { ...real, env: () => ({ ...real.env(), SECRET_SCANNING_KEYS: environment.keys }) };
});

let api: TestApi;
let partner: Awaited<ReturnType<typeof makePartnerWithPeople>>;

beforeAll(async () => {
  environment.keys = { [IDENTIFIER]: String(partnerKeys.publicKey.export({ type: "spki", format: "pem" })) };
  api = await serveForTests([getCallingApiKey, revokeLeakedApiKey, receiveSecretScan]);
  partner = await makePartnerWithPeople();
});
afterAll(() => api.close());

function report(token: unknown) {
  const headers = { "content-type": "application/json" };
  return api.call("/api/v1/api_keys/revoke_leaked", { method: "POST", headers, body: JSON.stringify({ token }) });
}

interface Signing {
  readonly key?: KeyObject;
  readonly identifier?: string;
  readonly tampered?: boolean;
  /** In place of the one that fits. */
  readonly signature?: string;
}

function scan(
  findings: unknown,
  { key = partnerKeys.privateKey, identifier = IDENTIFIER, tampered = false, signature: given }: Signing = {},
) {
  const body = JSON.stringify(findings);
  const signature = given ?? sign("sha256", Buffer.from(body), key).toString("base64");
  const headers = {
    "content-type": "application/json",
    "github-public-key-identifier": identifier,
    "github-public-key-signature": signature,
  };
  return api.call("/api/secret-scanning", { method: "POST", headers, body: tampered ? `${body} ` : body });
}

async function statusOfKey(id: number) {
  return bookkeepingDb().apiKey.findUniqueOrThrow({ where: { id }, select: { revokedReason: true, revokedAt: true } });
}

describe("POST /api/v1/api_keys/revoke_leaked", () => {
  it("ends the key at once and says so in the audit log", async () => {
    const { key, token } = await makeApiKey({ account: partner.account });
    expect((await api.call("/api/v1/api_key", { token })).status).toBe(200);
    const { status, text } = await report(token);
    expect([status, text]).toEqual([204, ""]);
    const after = await api.call("/api/v1/api_key", { token });
    expect([after.status, after.json.code]).toEqual([401, "key_revoked"]);
    expect((await statusOfKey(key.id)).revokedReason).toBe("reported_leaked");
    const entry = await bookkeepingDb().auditEntry.findFirstOrThrow({
      where: { accountId: partner.account.id, recordType: "apiKey", recordId: key.id, action: "apiKey.revoked" },
    });
    expect(entry.after).toEqual({ reason: "reported_leaked" });
    expect(JSON.stringify(entry)).not.toContain(token);
  });

  it("429: more than 60 reports in a minute from one network, however many tokens each names; of others none the less", async () => {
    const [loud, nearby, elsewhere] = await Promise.all(
      ["2001:db8:7:1::1", "2001:db8:7:2::2", "2001:db8:8::1"].map((ip) => serveForTests([revokeLeakedApiKey], { ip })),
    );
    if (loud === undefined || nearby === undefined || elsewhere === undefined) throw new Error("no API");
    const { key, token } = await makeApiKey({ account: partner.account });
    const from = (one: TestApi, ...tokens: string[]) =>
      one.call("/api/v1/api_keys/revoke_leaked", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ tokens }),
      });
    const thousand = Array.from({ length: 1000 }, () => mintApiKeyToken().token);
    expect((await from(loud, ...thousand)).status).toBe(204);
    const answers = await Promise.all(Array.from({ length: 69 }, (_, nth) => from(nth % 2 ? loud : nearby)));
    expect(answers.map(({ status }) => status).filter((status) => status === 429)).toHaveLength(10);
    const refused = await from(nearby, token);
    expect([refused.status, Object.keys(refused.json)]).toEqual([429, ["error"]]);
    expect(Number(refused.headers["retry-after"])).toBeGreaterThan(0);
    expect((await statusOfKey(key.id)).revokedAt).toBeNull();
    expect((await from(elsewhere, token)).status).toBe(204);
    expect((await statusOfKey(key.id)).revokedReason).toBe("reported_leaked");
    await Promise.all([loud, nearby, elsewhere].map((one) => one.close()));
  });

  it("takes no token out of the address, where logs keep it", async () => {
    const { token } = await makeApiKey({ account: partner.account });
    const { status } = await api.call(`/api/v1/api_keys/revoke_leaked?token=${token}`, { method: "POST" });
    expect(status).toBe(415);
    expect((await api.call("/api/v1/api_key", { token })).status).toBe(200);
  });

  it("answers the same for a token that never existed, is malformed, or is revoked already", async () => {
    const revoked = await makeApiKey({ account: partner.account, state: "revoked" });
    const before = await statusOfKey(revoked.key.id);
    for (const token of [mintApiKeyToken().token, "nonsense", revoked.token])
      expect((await report(token)).status).toBe(204);
    expect(await statusOfKey(revoked.key.id)).toEqual(before);
  });

  it("counts an old token that still overlaps, and leaves one that has stopped", async () => {
    const soon = new Date(Date.now() + 3_600_000);
    const overlapping = await makeApiKey({ account: partner.account, oldTokenUntil: soon });
    const stopped = await makeApiKey({ account: partner.account, oldTokenUntil: new Date(Date.now() - 60_000) });
    await report(overlapping.oldToken);
    await report(stopped.oldToken);
    expect((await statusOfKey(overlapping.key.id)).revokedReason).toBe("reported_leaked");
    expect((await statusOfKey(stopped.key.id)).revokedReason).toBeNull();
  });

  it("says what is missing", async () => {
    expect((await report(undefined)).status).toBe(422);
  });

  const reportAll = (body: unknown) =>
    api.call("/api/v1/api_keys/revoke_leaked", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  it("204: takes up to a thousand, of several accounts, and ends those that open something with an entry each", async () => {
    const other = await makePartnerWithPeople();
    const keys = [];
    for (let count = 0; count < 26; count++) keys.push(await makeApiKey({ account: partner.account }));
    keys.push(await makeApiKey({ account: other.account }));
    const revoked = await makeApiKey({ account: other.account, state: "revoked" });
    const bystander = await makeApiKey({ account: other.account });
    const before = await statusOfKey(revoked.key.id);
    const tokens = [...keys.map(({ token }) => token), "nonsense", revoked.token, keys[0]?.token];
    const unknown = Array.from({ length: 1000 - tokens.length }, () => mintApiKeyToken().token);
    const { status, text } = await reportAll({ tokens: [...unknown, ...tokens] });
    expect([status, text]).toEqual([204, ""]);
    for (const { key } of keys) expect((await statusOfKey(key.id)).revokedReason).toBe("reported_leaked");
    expect(await statusOfKey(revoked.key.id)).toEqual(before);
    expect((await statusOfKey(bystander.key.id)).revokedAt).toBeNull();
    const recordId = { in: keys.map(({ key }) => key.id) };
    const entries = await bookkeepingDb().auditEntry.count({ where: { recordId, action: "apiKey.revoked" } });
    expect(entries).toBe(keys.length);
  });

  it("204: one and several at once, and none; two reports of the same ones at the same moment do it once", async () => {
    const [one, two] = [await makeApiKey({ account: partner.account }), await makeApiKey({ account: partner.account })];
    const both = [{ tokens: [one.token, two.token] }, { token: one.token, tokens: [two.token] }];
    expect((await Promise.all(both.map(reportAll))).map(({ status }) => status)).toEqual([204, 204]);
    const recordId = { in: [one.key.id, two.key.id] };
    expect(await bookkeepingDb().auditEntry.count({ where: { recordId, action: "apiKey.revoked" } })).toBe(2);
    expect((await reportAll({ tokens: [] })).status).toBe(204);
  });

  it.each([
    ["more than a thousand", { tokens: Array.from({ length: 1001 }, () => "fah_x") }],
    ["what is no text", { tokens: [7] }],
    ["no list", { tokens: "fah_x" }],
  ])("422: %s", async (_what, body) => {
    expect((await reportAll(body)).status).toBe(422);
  });
});

describe("POST /api/secret-scanning", () => {
  it("ends what it finds, and answers by hash", async () => {
    const { key, token } = await makeApiKey({ account: partner.account });
    const unknown = mintApiKeyToken().token;
    const findings = [token, unknown].map((found) => ({
      token: found,
      type: "fleet_advisor_hub_key",
      url: "https://example.com/x",
      source: "content",
    }));
    const { status, json, text } = await scan(findings);
    expect(status).toBe(200);
    expect(json).toEqual([
      { token_hash: hash("sha256", token, "base64"), token_type: "fleet_advisor_hub_key", label: "true_positive" },
      { token_hash: hash("sha256", unknown, "base64"), token_type: "fleet_advisor_hub_key", label: "false_positive" },
    ]);
    expect(text).not.toContain(token);
    expect((await statusOfKey(key.id)).revokedReason).toBe("reported_leaked");
    // Whose answer was lost asks again.
    expect((await scan(findings)).json).toEqual(json);
  });

  it.each([
    ["a body that was changed", { tampered: true }],
    ["another key", { key: generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey }],
    ["a key that is not known", { identifier: "other" }],
    ["a key named like what every object has", { identifier: "constructor" }],
    ["a key named like the parent of every object", { identifier: "__proto__" }],
    ["no signature", { signature: "" }],
    ["a signature that is none", { signature: "MEUCIQ==" }],
    ["a signature without end", { signature: "A".repeat(8000) }],
    ["a signature in another alphabet", { signature: "%%% no base64 %%%" }],
  ] satisfies [string, Signing][])("refuses %s, and ends nothing", async (_what, how) => {
    const { key, token } = await makeApiKey({ account: partner.account });
    expect((await scan([{ token, type: "x" }], how)).status).toBe(403);
    expect((await statusOfKey(key.id)).revokedAt).toBeNull();
  });

  it("says what is wrong with a body that is no list of findings", async () => {
    expect((await scan({ not: "a list" })).status).toBe(400);
  });

  it("is not there where no partner is configured", async () => {
    environment.keys = undefined;
    expect((await scan([])).status).toBe(404);
  });
});
