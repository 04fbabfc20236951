import { spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { startEmbeddedPostgres } from "@/lib/platform/database/embedded-postgres";
import { deployMigrations } from "@/lib/platform/database/migrations";
import { freePort } from "@/testing/free-port";
import { startLoopbackResend, type LoopbackResend } from "@/testing/loopback-resend";
import { buildWorker, spawnWorker } from "@/testing/spawn-worker";
import { expectWholeLogsOf } from "@/testing/whole-logs";

const LIBRARIES = ["/usr/lib/x86_64-linux-gnu/faketime", "/usr/lib/aarch64-linux-gnu/faketime"];

/** Debian's library that shifts a process's clock; it has to shift PostgreSQL's too. */
function faketimeLibrary(): string {
  const find = () => LIBRARIES.map((folder) => path.join(folder, "libfaketimeMT.so.1")).find(existsSync);
  const found = find();
  if (found) return found;
  spawnSync("apt-get", ["install", "-y", "faketime"], { stdio: "ignore", timeout: 120_000 });
  const installed = find();
  if (installed) return installed;
  throw new Error(
    "This test shifts the clock with Debian's faketime: install it (apt-get install -y faketime) and run it again.",
  );
}

const SECRETS = { AUTH_SECRET: randomBytes(36).toString("base64"), AUDIT_SECRET: randomBytes(36).toString("base64") };
const processes = new Set<ChildProcess>();
let resend: LoopbackResend;
let directory: string;

beforeAll(async () => {
  resend = await startLoopbackResend();
  directory = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-worker-"));
  buildWorker();
});

afterEach(async () => {
  for (const child of processes) child.kill("SIGKILL");
  await Promise.all(
    [...processes].map(
      (child) => new Promise((resolve) => (child.exitCode === null ? child.once("exit", resolve) : resolve(null))),
    ),
  );
  processes.clear();
  resend.accepted.length = 0;
  resend.requests.length = 0;
  resend.mood = "well";
  resend.now = null;
});

afterAll(() => {
  resend.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The real process, with its worker alone. */
async function startHub(databaseUrl: string, shift: Record<string, string> = {}): Promise<ChildProcess> {
  const child = spawnWorker({
    PORT: String(await freePort()),
    DATABASE_URL: databaseUrl,
    RESEND_BASE_URL: resend.url,
    ...SECRETS,
    ...shift,
  });
  processes.add(child);
  child.once("exit", () => processes.delete(child));
  return child;
}

async function ask<Row extends object>(url: string, statement: string, values: unknown[] = []): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client
    .query<Row>(statement, values)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

/** Accounts with an owner each, and so many keys in each that all end in the same way. */
async function makeKeys(url: string, accounts: number, keysEach: number, expiresIn: string): Promise<void> {
  await ask(
    url,
    `
    WITH made AS (
      INSERT INTO accounts (kind, token, name, plan, status)
      SELECT 'customer', lpad(to_hex(n), 10, '0'), 'Account ' || n, 'professional', 'active' FROM generate_series(1, ${accounts}) n RETURNING id, name
    ), people AS (
      INSERT INTO users (email, name) SELECT 'owner-' || id || '@example.com', name FROM made RETURNING id, name
    ), joined AS (
      INSERT INTO memberships (user_id, account_id, role) SELECT p.id, a.id, 'owner' FROM made a JOIN people p USING (name)
    )
    INSERT INTO api_keys (account_id, name, prefix, api_version, scopes, term_months, warn_days, created_at, updated_at, expires_at)
    SELECT id, 'Key ' || n, 'fah_abcdef', '2025-05-05', '{vehicles.read}', 12, 90, now() - interval '300 days', now(), now() + interval '${expiresIn}'
    FROM made, generate_series(1, ${keysEach}) n`,
  );
}

async function until(look: () => Promise<boolean>, timeoutMs: number): Promise<void> {
  for (const began = performance.now(); performance.now() - began < timeoutMs; await sleep(250))
    if (await look()) return;
  throw new Error("it did not happen in time");
}

describe("SIGKILL at random moments while 1,000 jobs run", () => {
  it("loses none, does none twice, and mails everybody once", async () => {
    const postgres = await startEmbeddedPostgres({ directory: path.join(directory, "kill"), throwaway: true });
    try {
      await deployMigrations({ url: postgres.url });
      await makeKeys(postgres.url, 20, 50, "2 seconds");
      await sleep(2500);
      let kills = 0;
      const count = async (statement: string) =>
        (await ask<{ count: number }>(postgres.url, `SELECT count(*)::int AS count FROM ${statement}`))[0]?.count ?? 0;
      const isDone = async () =>
        (await count("notice_mails WHERE sent_at IS NOT NULL")) === 20 &&
        (await count("notices WHERE mail_id IS NULL")) === 0;
      for (const began = Date.now(); Date.now() - began < 90_000 && !(await isDone()); kills += 1) {
        const hub = await startHub(postgres.url);
        await sleep(2000 + Math.random() * 6000);
        hub.kill("SIGKILL");
      }
      await startHub(postgres.url);
      const startedAt = performance.now();
      await until(
        async () =>
          (await isDone()) &&
          (await count(
            "graphile_worker._private_jobs WHERE task_id IN (SELECT id FROM graphile_worker._private_tasks WHERE identifier LIKE 'notices.prepare' OR identifier = 'events.publish')",
          )) === 0,
        180_000,
      );
      console.log(
        `${kills} kills; all was done ${((performance.now() - startedAt) / 1000).toFixed(0)} s after the last one`,
      );
      expect(await count("audit_entries WHERE action = 'apiKey.expired'")).toBe(1000);
      expect(
        await count("(SELECT DISTINCT record_id FROM audit_entries WHERE action = 'apiKey.expired') AS once"),
      ).toBe(1000);
      expect(await count("notices WHERE stage = 'expired'")).toBe(1000);
      expect(resend.accepted).toHaveLength(20);
      expect(new Set(resend.accepted.map(({ to }) => to)).size).toBe(20);
      await expectWholeLogsOf(postgres.url, SECRETS);
    } finally {
      await postgres.stop();
    }
  });
});

describe("the real process and its PostgreSQL under a shifted clock", () => {
  it("tell a year of a key, each stage once, with a provider that is busy, broken, silent, and dead for a day", async () => {
    const library = faketimeLibrary();
    const place = path.join(directory, "year");
    const daysBeforeEnd: readonly [number, LoopbackResend["mood"]][] = [
      [91, "well"],
      [90, "well"],
      [60, ["busy"]],
      [30, "broken"],
      [29, "well"],
      [14, ["takesAndDies"]],
      [7, ["silent"]],
      [3, "well"],
      [1, ["broken"]],
      [0, "well"],
    ];
    const end = Date.now() + 100 * 86_400_000;
    let isFirst = true;
    for (const [days, mood] of daysBeforeEnd) {
      resend.mood = mood;
      // An hour past the threshold.
      const offset = Math.round((end - days * 86_400_000 + 3_600_000 - Date.now()) / 1000);
      resend.now = new Date(Date.now() + offset * 1000);
      const shift = {
        LD_PRELOAD: library,
        FAKETIME: `+${offset}s`,
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
        DONT_FAKE_MONOTONIC: "1",
      };
      Object.assign(process.env, shift);
      const postgres = await startEmbeddedPostgres({ directory: place }).finally(() => {
        for (const name of Object.keys(shift)) Reflect.deleteProperty(process.env, name);
      });
      try {
        const [clock] = await ask<{ now: Date }>(postgres.url, "SELECT now()");
        expect(Math.abs((clock?.now.getTime() ?? 0) - Date.now() - offset * 1000)).toBeLessThan(60_000);
        if (isFirst) {
          await deployMigrations({ url: postgres.url });
          await makeKeys(postgres.url, 1, 1, `${(days * 86_400_000 - 3_600_000) / 1000} seconds`);
          isFirst = false;
        }
        const hub = await startHub(postgres.url, shift);
        const before = resend.accepted.length;
        const isSettled = async () => {
          const [row] = await ask<{ open: number }>(
            postgres.url,
            "SELECT count(*)::int AS open FROM notice_mails WHERE sent_at IS NULL AND dropped_at IS NULL",
          );
          return days !== 91 && row?.open === 0 && resend.accepted.length > before;
        };
        if (mood === "broken" || days === 91) await sleep(25_000);
        else await until(isSettled, 120_000);
        hub.kill("SIGTERM");
        await new Promise((resolve) => hub.once("exit", resolve));
        if (days === 0) await expectWholeLogsOf(postgres.url, SECRETS);
      } finally {
        await postgres.stop();
      }
    }
    // The 91st day tells the stage that the key was already past: none, since 90 days are its first.
    const said = resend.accepted.map(({ subject }) => / in (\d+) days?$/.exec(subject)?.[1] ?? "expired");
    expect(said).toEqual(["90", "60", "29", "14", "7", "3", "1", "expired"]);
    expect(readdirSync(place).length).toBeGreaterThan(0);
  });
});
