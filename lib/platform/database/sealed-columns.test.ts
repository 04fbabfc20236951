import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { useOwnDatabase } from "@/testing/own-database";
import type { KeyRing } from "../key-ring";

const dropDatabase = await useOwnDatabase("sealed");
const { makeAccount } = await import("@/prisma/factories/accounts-and-keys");
const { makeWebhook } = await import("@/prisma/factories/webhooks");
const { SEALED } = await import("@/scripts/sealed-columns");
const { decrypt, encrypt } = await import("../cipher");
const { env } = await import("../env");
const { keyRing } = await import("../key-ring");
const { db } = await import("./db");
const { MissingKeyError, refuseMissingKeys } = await import("./key-canaries");
const { endPools, readPool, writePool } = await import("./pool");
const { sealForWebhook } = await import("@/lib/webhooks/secrets");
const { bookkeepingDb } = await import("./write-db");
const { reencryptAll } = await import("./sealed-columns");

afterAll(async () => {
  await endPools();
  await dropDatabase();
});

const secret = () => randomBytes(36).toString("base64");
const { AUTH_SECRET } = env();
const given = { AUTH_SECRET, AUTH_SECRET_PREVIOUS: [], DATA_SECRET: undefined, DATA_SECRET_PREVIOUS: [] };
const [data, next] = [secret(), secret()];
/** By AUTH_SECRET, as everything the factories make is. */
const first = keyRing(given);
const second = keyRing({ ...given, DATA_SECRET: data });
const third = keyRing({ ...given, DATA_SECRET: next, DATA_SECRET_PREVIOUS: [data] });

let account: Account;
beforeAll(async () => {
  account = await makeAccount();
});

beforeEach(async () => {
  await writePool().query("DELETE FROM key_canaries");
});

const canaries = async () =>
  (await db().keyCanary.findMany({ orderBy: { createdAt: "asc" } })).map(({ keyId }) => Buffer.from(keyId));
/** As many as are read in two batches, in one statement. */
async function makeWebhooks(count: number) {
  const { webhook, secret: plain } = await makeWebhook({ account, authorization: "Bearer x" });
  const data = Array.from({ length: count - 1 }, (_, index) => {
    const id = webhook.id + 1000 + index;
    const sealed = {
      secret: sealForWebhook(id, "secret", plain),
      authorization: sealForWebhook(id, "authorization", "Bearer x"),
    };
    return { ...webhook, submissionId: null, id, ...sealed };
  });
  await bookkeepingDb().webhook.createMany({ data });
  return { ids: [webhook.id, ...data.map(({ id }) => id)], plain };
}

const silently = () => undefined;
const read = async (id: number, ring: KeyRing) => {
  const { secret: sealed } = await db().webhook.findUniqueOrThrow({ where: { id } });
  return decrypt(sealed ?? new Uint8Array(), { purpose: "webhook-secret", context: `webhook:${id}` }, ring);
};

describe("the start", () => {
  it("notes each key that encrypts, once, and refuses where one is missing, in a sentence that names it and no secret", async () => {
    for (const ring of [first, first, second]) await refuseMissingKeys(writePool(), ring);
    expect(await canaries()).toEqual([first.current.id, second.current.id]);
    const changed = keyRing({ ...given, DATA_SECRET: next });
    const refusal = await refuseMissingKeys(writePool(), changed).catch((error: unknown) => error as Error);
    expect(refusal).toBeInstanceOf(MissingKeyError);
    const name = second.current.id.toString("hex");
    expect(String(refusal)).toContain(`encrypted with a key (${name}) which this Hub was not given.`);
    expect(String(refusal)).not.toContain(next);
    expect(await canaries()).toHaveLength(2);
    await refuseMissingKeys(writePool(), third);
    expect(await canaries()).toHaveLength(3);
  });
});

describe("encrypting anew", () => {
  it("leaves nothing that another key is needed for, twice is once, and everything is readable meanwhile", async () => {
    const { ids, plain } = await makeWebhooks(220);
    await refuseMissingKeys(writePool(), second);
    let [isDone, reads] = [false, 0];
    const reader = (async () => {
      while (!isDone) {
        expect(await read(ids[reads++ % ids.length] ?? 0, second)).toBe(plain);
      }
    })();
    const lines: string[] = [];
    const both = [1, 2].map(() => reencryptAll(writePool(), SEALED, (line) => lines.push(line), second));
    expect(await Promise.all(both)).toEqual([true, true]);
    isDone = true;
    await reader;
    expect(reads).toBeGreaterThan(1);
    const renewed = lines.flatMap((line) => /webhooks\.secret: (\d+) /.exec(line)?.[1] ?? []).map(Number);
    expect(renewed.reduce((sum, count) => sum + count)).toBe(220);
    expect(await canaries()).toEqual([second.current.id]);
    const without = keyRing({ ...given, AUTH_SECRET: secret(), DATA_SECRET: data });
    for (const id of ids.slice(0, 5)) expect(await read(id, without)).toBe(plain);
    lines.length = 0;
    await reencryptAll(writePool(), SEALED, (line) => lines.push(line), second);
    expect(lines.filter((line) => /: [1-9]/.test(line))).toEqual([]);
    // Patience: a thousand updates, on a machine that may be busy.
  }, 60_000);

  it("forgets no key while there is something that none opens, and says so", async () => {
    const { webhook } = await makeWebhook({ account });
    const lost = encrypt(
      "x",
      { purpose: "webhook-secret", context: `webhook:${webhook.id}` },
      keyRing({ ...given, DATA_SECRET: secret() }),
    );
    await writePool().query("UPDATE webhooks SET secret = $1 WHERE id = $2", [Buffer.from(lost), webhook.id]);
    await refuseMissingKeys(writePool(), first);
    const lines: string[] = [];
    expect(await reencryptAll(writePool(), SEALED, (line) => lines.push(line), third)).toBe(false);
    expect(lines).toContain("1 are as they were: no key that was given opens them, so no key was forgotten.");
    expect(await canaries()).toContainEqual(first.current.id);
    await writePool().query("DELETE FROM webhooks WHERE id = $1", [webhook.id]);
    expect(await reencryptAll(writePool(), SEALED, silently, third)).toBe(true);
  });

  it("knows every column that may hold an encrypted text", async () => {
    const { rows } = await readPool().query<{ place: string }>(
      `SELECT table_name || '.' || column_name AS place FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type = 'bytea' AND column_name !~ 'hash' ORDER BY 1`,
    );
    const known = SEALED.map(({ table, column }) => `${table}.${column}`);
    expect(rows.map(({ place }) => place)).toEqual([...known, "key_canaries.key_id", "key_canaries.sealed"].sort());
  });
});
