import { afterEach, describe, expect, it } from "vitest";

import { writePool } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey } from "@/prisma/factories/accounts-and-keys";
import { flushKeyUses, recordKeyUse, startUsageFlush } from "./record-key-use";

const makeKey = async (choice: Partial<Parameters<typeof makeApiKey>[0]> = {}) =>
  (await makeApiKey({ account: await makeAccount({ kind: "partner" }), ...choice })).key;
const read = (id: number) => bookkeepingDb().apiKeyUse.findUniqueOrThrow({ where: { id } });
const readKey = (id: number) => bookkeepingDb().apiKey.findUniqueOrThrow({ where: { id } });

afterEach(() => flushKeyUses());

describe("the use of a key", () => {
  it("is written down with its address and client, the latest only, and nothing else changes", async () => {
    const key = await makeKey();
    recordKeyUse(key.id, "203.0.113.1", "curl/8");
    recordKeyUse(key.id, "203.0.113.2", "x".repeat(500));
    const before = Date.now();
    await flushKeyUses();
    const { lastUsedAt, lastUsedIp, lastUsedClient } = await read(key.id);
    expect(Math.abs((lastUsedAt?.getTime() ?? 0) - before)).toBeLessThan(2000);
    expect([lastUsedIp, lastUsedClient]).toEqual(["203.0.113.2", "x".repeat(200)]);
    expect(await readKey(key.id)).toEqual(key);
  });

  it("never moves back", async () => {
    const future = new Date(Date.now() + 60_000);
    const key = await makeKey({ lastUse: { at: future, ip: "203.0.113.9" } });
    recordKeyUse(key.id, "203.0.113.1", null);
    await flushKeyUses();
    expect(await read(key.id)).toMatchObject({ lastUsedAt: future, lastUsedIp: "203.0.113.9" });
  });

  it("never brings a revoked key back", async () => {
    const key = await makeKey();
    recordKeyUse(key.id, "203.0.113.1", null);
    await bookkeepingDb().apiKey.update({
      where: { id: key.id },
      data: { revokedAt: new Date(), revokedReason: "by_hand" },
    });
    await flushKeyUses();
    expect((await readKey(key.id)).revokedAt).not.toBeNull();
    expect((await read(key.id)).lastUsedAt).not.toBeNull();
  });

  it("waits neither for who is changing the key nor for who is writing its use, and is kept until he is done", async () => {
    const [held, free] = [await makeKey(), await makeKey()];
    const client = await writePool().connect();
    await client.query("BEGIN");
    await client.query("SELECT 1 FROM api_keys WHERE id = ANY($1) FOR UPDATE", [[held.id, free.id]]);
    await client.query("SELECT 1 FROM api_key_uses WHERE id = $1 FOR UPDATE", [held.id]);
    recordKeyUse(held.id, "203.0.113.1", null);
    recordKeyUse(free.id, "203.0.113.1", null);
    await flushKeyUses();
    expect((await read(free.id)).lastUsedAt).not.toBeNull();
    expect((await read(held.id)).lastUsedAt).toBeNull();
    await client.query("COMMIT");
    client.release();
    await flushKeyUses();
    expect((await read(held.id)).lastUsedAt).not.toBeNull();
  });

  it("is written by itself within ten seconds, and when the process stops", async () => {
    const [first, second] = [await makeKey(), await makeKey()];
    const flush = startUsageFlush();
    recordKeyUse(first.id, null, null);
    await expect.poll(async () => (await read(first.id)).lastUsedAt, { timeout: 10_000, interval: 200 }).not.toBeNull();
    recordKeyUse(second.id, null, null);
    await flush.stop();
    expect((await read(second.id)).lastUsedAt).not.toBeNull();
  });
});
