import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { fillWhole } from "./embedded-database";
import { findOwner, findRunningPostgres, startEmbeddedPostgres, type EmbeddedPostgres } from "./embedded-postgres";

let directory: string;
let postgres: EmbeddedPostgres | undefined;

const start = async () => (postgres = await startEmbeddedPostgres({ directory, throwaway: true }));
const pidFile = () => path.join(directory, "postgres", "postmaster.pid");

async function ask(url: string, statement: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "hub-embedded-"));
});

afterEach(async () => {
  await postgres?.stop();
  postgres = undefined;
  rmSync(directory, { recursive: true, force: true });
});

describe("the embedded PostgreSQL", () => {
  it("listens on loopback alone, in UTC, with a password that only its owner may read", async () => {
    const { url } = await start();
    expect(await ask(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
    expect(await ask(url, "SHOW timezone")).toEqual([{ TimeZone: "UTC" }]);
    expect(statSync(path.join(directory, "postgres-password")).mode & 0o777).toBe(0o600);
    const stranger = new URL(url);
    stranger.password = "guess";
    await expect(ask(stranger.href, "SELECT 1")).rejects.toThrow("password authentication failed");
  });

  it("keeps its rows from one start to the next, and leaves no process", async () => {
    const first = await start();
    expect(first.isNew).toBe(true);
    await ask(first.url, "CREATE TABLE kept AS SELECT 7 AS seven");
    await first.stop();
    await expect(ask(first.url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
    const second = await start();
    expect(second.isNew).toBe(false);
    expect(await ask(second.url, "SELECT * FROM kept")).toEqual([{ seven: 7 }]);
  });

  it("refuses a directory that a live process has open, and names that process", async () => {
    const { url } = await start();
    await expect(startEmbeddedPostgres({ directory })).rejects.toMatchObject({
      code: "already_running",
      ownerPid: process.pid,
    });
    expect(findOwner(directory)).toBe(process.pid);
    expect(await findRunningPostgres(directory)).toBe(url);
  });

  it("ends a server that outlived its hub, and starts anew", async () => {
    await start();
    const orphan = Number(readFileSync(pidFile(), "utf8").split("\n")[0]);
    // What a SIGKILL leaves: a running server whose parent isn't the process that wrote this.
    writeFileSync(path.join(directory, "postgres-owner"), "999999");
    const { url } = await start();
    expect(Number(readFileSync(pidFile(), "utf8").split("\n")[0])).not.toBe(orphan);
    expect(await ask(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });

  it("says in a sentence that its password is lost, and what it is", async () => {
    const { stop } = await start();
    await stop();
    const password = path.join(directory, "postgres-password");
    for (const lose of [() => writeFileSync(password, ""), () => rmSync(password)]) {
      lose();
      await expect(start()).rejects.toMatchObject({
        name: "EmbeddedPostgresError",
        message: `${password} is missing or empty: it holds the password of the database beside it. Put it back from a backup.`,
      });
    }
  });

  it("begins a database anew whose filling was cut off, and removes what a killed start had begun", async () => {
    const first = await start();
    const client = new Client({ connectionString: first.url });
    await client.connect();
    await fillWhole(client, async () => client.query("CREATE TABLE whole AS SELECT 1 AS one"));
    const cutOff = fillWhole(client, () =>
      client.query("CREATE TABLE half AS SELECT 1 AS one").then(() => Promise.reject(new Error("cut off"))),
    );
    await expect(cutOff).rejects.toThrow("cut off");
    await client.end();
    // Whoever finds it open must not: its owner may still be at it.
    await findRunningPostgres(directory);
    expect(await ask(first.url, "SELECT * FROM half")).toEqual([{ one: 1 }]);
    await first.stop();
    const { pid: gone } = spawnSync(process.execPath, ["-e", ""]);
    mkdirSync(path.join(directory, `postgres-${gone}`));
    const { url } = await start();
    expect(await ask(url, "SELECT to_regclass('whole') AS whole, to_regclass('half') AS half")).toEqual([
      { whole: null, half: null },
    ]);
    expect(existsSync(path.join(directory, `postgres-${gone}`))).toBe(false);
  });

  it("isn't misled by a process id that something else has by now", async () => {
    const first = await start();
    const left = readFileSync(pidFile(), "utf8");
    await first.stop();
    const bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    try {
      writeFileSync(pidFile(), left.replace(/^\d+/, String(bystander.pid)));
      expect(findOwner(directory)).toBeNull();
      const { url } = await start();
      expect(await ask(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
      expect(bystander.exitCode).toBeNull();
    } finally {
      bystander.kill();
    }
  });
});
