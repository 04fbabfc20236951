import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

import { DomainError } from "@/lib/platform/errors";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeApiKey, makePartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import { defineEndpoint } from "./define-endpoint";
import { purgeOldAnswers } from "./idempotency";
import { serveForTests, type TestApi } from "@/testing/serve-api";
import { readBody } from "./stages/parse";

let made = 0;
let gate: Promise<void> = Promise.resolve();
let atGate: () => void = () => undefined;

/** Makes a thing each time it really runs. */
const makeThing = defineEndpoint({
  method: "POST",
  path: "/things",
  resource: "things",
  permission: "apiKeys.self",
  account: "ownAccount",
  input: readBody(z.object({ name: z.string() })),
  run: async (_permit, { name }) => {
    atGate();
    await gate;
    if (name === "refused") throw new DomainError("conflict", "Not now.");
    made += 1;
    return { id: made, name, secret: "a canary in the answer" };
  },
  present: (thing) => thing,
  shape: z.strictObject({ id: z.int(), name: z.string(), secret: z.string() }),
});

let api: TestApi;
let token: string;
let apiKeyId: number;

beforeAll(async () => {
  api = await serveForTests([makeThing]);
  const { account } = await makePartnerWithPeople();
  const minted = await makeApiKey({ account });
  token = minted.token;
  apiKeyId = minted.key.id;
});
afterAll(() => api.close());
beforeEach(() => {
  made = 0;
  gate = Promise.resolve();
  atGate = () => undefined;
});

function post(name: string, key?: string) {
  const headers = { "content-type": "application/json", ...(key !== undefined && { "idempotency-key": key }) };
  return api.call("/api/v1/things", { token, method: "POST", headers, body: JSON.stringify({ name }) });
}

describe("Idempotency-Key", () => {
  it("gives the first answer again, and does nothing again", async () => {
    const key = randomUUID();
    const first = await post("one", key);
    const second = await post("one", key);
    expect(first.status).toBe(201);
    expect([second.status, second.text, second.headers.location]).toEqual([201, first.text, first.headers.location]);
    expect(made).toBe(1);
  });

  it("does it each time without the header", async () => {
    await post("one");
    await post("one");
    expect(made).toBe(2);
  });

  it("refuses another request under the same key", async () => {
    const key = randomUUID();
    await post("one", key);
    const { status, json } = await post("two", key);
    expect(status).toBe(422);
    expect(json).toHaveProperty("errors.Idempotency-Key");
    expect(made).toBe(1);
  });

  it("refuses the same while the first is still running", async () => {
    const key = randomUUID();
    let open: () => void = () => undefined;
    gate = new Promise((resolve) => (open = resolve));
    const begun = new Promise<void>((resolve) => (atGate = resolve));
    const first = post("one", key);
    await begun;
    expect((await post("one", key)).status).toBe(409);
    open();
    expect((await first).status).toBe(201);
    expect((await post("one", key)).status).toBe(201);
    expect(made).toBe(1);
  });

  it("does it once, however many come at once", async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post("one", key)));
    expect(made).toBe(1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });

  it("keeps no refusal: a mended request goes through under the same key", async () => {
    const key = randomUUID();
    expect((await post("refused", key)).status).toBe(409);
    expect((await post("mended", key)).status).toBe(201);
  });

  it("begins anew after 24 hours", async () => {
    const key = randomUUID();
    await post("one", key);
    await bookkeepingDb()
      .$executeRaw`UPDATE idempotent_answers SET created_at = created_at - interval '25 hours' WHERE api_key_id = ${apiKeyId}`;
    expect((await post("two", key)).status).toBe(201);
    expect(made).toBe(2);
  });

  it("forgets what is older than that, however much it is, and nothing else", async () => {
    const key = randomUUID();
    await post("one", key);
    await bookkeepingDb().$executeRaw`
      INSERT INTO idempotent_answers (api_key_id, account_id, key_hash, request_hash, created_at)
      SELECT api_key_id, account_id, sha256(n::text::bytea), request_hash, created_at - interval '26 hours'
      FROM (SELECT * FROM idempotent_answers WHERE api_key_id = ${apiKeyId} ORDER BY created_at DESC LIMIT 1) one,
        generate_series(1, 5001) n`;
    await purgeOldAnswers();
    const old = await bookkeepingDb().$queryRaw<{ old: number }[]>`
      SELECT count(*)::int AS old FROM idempotent_answers WHERE created_at < clock_timestamp() - interval '25 hours'`;
    expect(old).toEqual([{ old: 0 }]);
    expect((await post("one", key)).json).toMatchObject({ id: 1 });
    expect(made).toBe(1);
  });

  it("stores answers encrypted", async () => {
    await post("one", randomUUID());
    const rows = await bookkeepingDb().idempotentAnswer.findMany({ where: { apiKeyId } });
    expect(rows.length).toBeGreaterThan(0);
    for (const { answer } of rows) expect(Buffer.from(answer ?? []).toString("latin1")).not.toContain("canary");
  });

  it.each(["", "x".repeat(256)])("says what is wrong with the key “%s”", async (key) => {
    const { status, json } = await post("one", key);
    expect(status).toBe(400);
    expect(json).toHaveProperty("errors.Idempotency-Key");
  });
});
