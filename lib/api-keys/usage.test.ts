import { afterEach, describe, expect, it } from "vitest";

import { writePool } from "@/lib/platform/pool";
import { bookkeepingDb } from "@/lib/platform/write-db";
import { makeAccount, makeApiKey } from "@/prisma/factories";
import { flushKeyUses, recordKeyUse, startUsageFlush } from "./usage";

const makeKey = async (choice: Partial<Parameters<typeof makeApiKey>[0]> = {}) =>
  (await makeApiKey({ account: await makeAccount({ kind: "partner" }), ...choice })).key;
const read = (id: number) => bookkeepingDb().apiKey.findUniqueOrThrow({ where: { id } });

afterEach(() => flushKeyUses());

describe("the use of a key", () => {
  it("is written down with its address and client, the latest only, and nothing else changes", async () => {
    const key = await makeKey();
    recordKeyUse(key.id, "203.0.113.1", "curl/8");
    recordKeyUse(key.id, "203.0.113.2", "x".repeat(500));
    const before = Date.now();
    await flushKeyUses();
    const { lastUsedAt, lastUsedIp, lastUsedClient, ...rest } = await read(key.id);
    expect(Math.abs((lastUsedAt?.getTime() ?? 0) - before)).toBeLessThan(2000);
    expect([lastUsedIp, lastUsedClient]).toEqual(["203.0.113.2", "x".repeat(200)]);
    const { lastUsedAt: _at, lastUsedIp: _ip, lastUsedClient: _client, ...unchanged } = key;
    expect(rest).toEqual(unchanged);
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
    const after = await read(key.id);
    expect(after.revokedAt).not.toBeNull();
    expect(after.lastUsedAt).not.toBeNull();
  });

  it("waits for nobody who is changing the key, and is kept until he is done", async () => {
    const [held, free] = [await makeKey(), await makeKey()];
    const client = await writePool().connect();
    await client.query("BEGIN");
    await client.query("SELECT 1 FROM api_keys WHERE id = $1 FOR UPDATE", [held.id]);
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
