import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "@playwright/test";
import { Client } from "pg";

import { findRunningPostgres } from "@/lib/platform/database/embedded-postgres";
import { expect } from "./fixtures";
import { startOwnServer } from "./own-server";

const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("told to stop by SIGTERM, it finishes the request in flight, takes no more, and goes", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-stop-"));
  const server = await startOwnServer(directory, {});
  const [, token = ""] = /Authorization: Token (\S+)"/.exec(server.output()) ?? [];
  const database = new Client({ connectionString: (await findRunningPostgres(directory)) ?? "" });
  await database.connect();
  try {
    const ask = () => fetch(`${server.address}/api/v1/api_key`, { headers: { authorization: `Token ${token}` } });
    const get = async (address: string) => (await fetch(`${server.address}${address}`)).status;
    expect([(await ask()).status, await get("/readyz"), await get("/sign-in")]).toEqual([200, 200, 200]);
    // Holds the look-up of the key, for less than the time-out of a lock.
    await database.query("BEGIN; LOCK TABLE api_key_tokens IN ACCESS EXCLUSIVE MODE");
    const inFlight = ask();
    await later(400);
    const stopping = server.stop();
    await later(400);
    await expect(ask()).rejects.toThrow();
    await database.query("COMMIT");
    await database.end();
    const answer = await inFlight;
    expect([answer.status, answer.headers.get("connection")]).toEqual([200, "keep-alive"]);
    const startedAtMs = performance.now();
    await stopping;
    expect(performance.now() - startedAtMs).toBeLessThan(10_000);
    expect(server.output()).not.toContain('"level":50');
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
