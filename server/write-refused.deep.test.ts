import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { startApiProcesses, type ApiProcess } from "@/bench/api-processes";
import { startEmbeddedPostgres, type EmbeddedPostgres } from "@/lib/platform/database/embedded-postgres";
import { makeTemporaryDirectory } from "@/testing/temporary-directory";

const DISK_MEGABYTES = 96;
/** More than fits into what pages that are there already have free. */
const MOST_WRITES = 3000;

let directory: string;
let disk: string;
let postgres: EmbeddedPostgres;
let administrator: Client;
let url: string;

async function connected(connectionString: string): Promise<Client> {
  const client = new Client({ connectionString });
  await client.connect();
  return client;
}

/** A database on a disk of its own, so small that it can be filled; the server's other files stand elsewhere. */
beforeAll(async () => {
  directory = await makeTemporaryDirectory("full");
  postgres = await startEmbeddedPostgres({ directory, throwaway: true });
  disk = mkdtempSync(path.join(tmpdir(), "small-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${DISK_MEGABYTES}m,mode=0777`, "tmpfs", disk]);
  expect(mounted.status, `a small disk could not be mounted; run this as root (${String(mounted.stderr)})`).toBe(0);
  const place = path.join(disk, "space");
  mkdirSync(place);
  chmodSync(place, 0o777);
  administrator = await connected(postgres.url);
  const [{ owner }] = (
    await administrator.query<{ owner: string }>("SELECT current_setting('data_directory') AS owner")
  ).rows as [{ owner: string }];
  expect(spawnSync("chown", ["--reference", owner, place]).status).toBe(0);
  await administrator.query(`CREATE TABLESPACE small LOCATION '${place}'`);
  await administrator.query("CREATE DATABASE small TABLESPACE small");
  url = Object.assign(new URL(postgres.url), { pathname: "/small" }).href;
  process.env.DATABASE_URL = url;
  process.env.RATE_LIMIT_STORE = "postgres";
  const { deployMigrations } = await import("@/lib/platform/database/migrations");
  await deployMigrations({ url });
  await fill();
});

afterAll(async () => {
  const { endPools } = await import("@/lib/platform/database/pool");
  await api?.stop();
  await endPools();
  await administrator.end();
  await postgres.stop();
  spawnSync("umount", [disk]);
  for (const folder of [disk, directory]) rmSync(folder, { recursive: true, force: true });
});

interface Setting {
  readonly accountId: number;
  readonly accountToken: string;
  readonly keyToken: string;
  readonly sessionToken: string;
}

let api: ApiProcess | undefined;
let setting: Setting;

async function fill(): Promise<void> {
  const { SCOPES } = await import("@/lib/auth/scopes");
  const factories = await import("@/prisma/factories/accounts-and-keys");
  const { account, owner } = await factories.makeAccountWithPeople({ plan: "premium" });
  const { token } = await factories.makeApiKey({ account, createdBy: owner, scopes: SCOPES });
  setting = {
    accountId: account.id,
    accountToken: account.token,
    keyToken: token,
    // Long enough ago for the next page to note that the person is there.
    sessionToken: await factories.makeSession(owner, { lastSeenMinutesAgo: 2 }),
  };
  [api] = await startApiProcesses(1, { DATABASE_URL: url, RATE_LIMIT_STORE: "postgres" });
}

async function ask(method: "GET" | "POST", at: string, body?: object) {
  const response = await fetch(`${api?.address ?? ""}/api/v1${at}`, {
    method,
    headers: {
      Authorization: `Token ${setting.keyToken}`,
      "Account-Token": setting.accountToken,
      "Content-Type": "application/json",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, json: (await response.json()) as { code?: string } };
}

async function counted(table: "contacts" | "api_keys"): Promise<number> {
  const client = await connected(url);
  const { rows } = await client.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${table} WHERE account_id = $1`,
    [setting.accountId],
  );
  await client.end();
  return rows[0]?.count ?? Number.NaN;
}

/** Creates contacts over the API until one is refused; the answer is how many were made, and the refusal. */
async function writeUntilRefused() {
  for (let made = 0; made < MOST_WRITES; made += 1) {
    const answer = await ask("POST", "/contacts", { first_name: `Person ${made}` });
    if (answer.status !== 201) return { made, refusal: answer };
  }
  throw new Error("the database took everything");
}

async function createKey() {
  const { createApiKeyAction } = await import("@/lib/api-keys/actions");
  const { env } = await import("@/lib/platform/env");
  const identity = {
    sessionToken: setting.sessionToken,
    requestedFrom: env().APP_URL,
    ip: "203.0.113.7",
    requestId: randomUUID(),
  };
  return createApiKeyAction.invoke(identity, setting.accountToken, {
    submissionId: randomUUID(),
    name: "Telematics",
    apiVersion: "2025-05-05",
    expiry: { kind: "months", months: 12 },
    scopes: ["vehicles.read"],
    customers: null,
    allowedIps: [],
  });
}

async function verdictOnTheLog() {
  const { authorize } = await import("@/lib/auth/permit");
  const { verifyChain } = await import("@/lib/audit-log/queries");
  const origin = { ip: null, requestId: null };
  const permit = authorize({ actor: { kind: "system", name: "test" }, account: null, origin }, "auditLog.verify");
  return verifyChain(permit, { accountId: setting.accountId });
}

/** What holds while the database takes no change: refused cleanly, nothing half done, reads go on. */
async function expectOnlyReading(): Promise<void> {
  const contactsBefore = await counted("contacts");
  const { made, refusal } = await writeUntilRefused();
  expect(refusal.status).toBe(503);
  expect(refusal.json.code).toBe("unavailable");
  expect(refusal.headers.get("retry-after")).toMatch(/^\d+$/);
  expect(await counted("contacts")).toBe(contactsBefore + made);

  for (const at of ["/api_key", "/accounts", "/contacts?per_page=5", "/vehicles", "/users/me"])
    expect([at, (await ask("GET", at)).status]).toEqual([at, 200]);
  expect((await fetch(`${api?.address ?? ""}/readyz`)).status).toBe(200);

  const keysBefore = await counted("api_keys");
  const result = await createKey();
  expect(result).toMatchObject({ ok: false, error: { code: "unavailable" } });
  expect(await counted("api_keys")).toBe(keysBefore);
  expect((await verdictOnTheLog()).fault).toBeNull();
}

async function expectEverything(): Promise<void> {
  expect((await ask("POST", "/contacts", { first_name: "Late" })).status).toBe(201);
  expect(await createKey()).toMatchObject({ ok: true });
  const { expectWholeLogs } = await import("@/testing/whole-logs");
  await expectWholeLogs();
}

describe("a database that takes no change", () => {
  it("whose disk is full: refuses writes cleanly, can be read, and goes on when there is room", async () => {
    const client = await connected(url);
    await client.query("CREATE TABLE ballast (filler text)");
    await client.query("ALTER TABLE ballast ALTER COLUMN filler SET STORAGE PLAIN");
    for (const rows of [1000, 100, 10, 1, 1, 1]) {
      const more = () =>
        client.query(`INSERT INTO ballast SELECT repeat('x', 7000) FROM generate_series(1, ${rows})`).then(
          () => true,
          (error: unknown) => {
            expect(error).toMatchObject({ code: "53100" });
            return false;
          },
        );
      while (await more());
    }
    await expectOnlyReading();
    await client.query("DROP TABLE ballast");
    await client.end();
    await expectEverything();
  });

  it("that is read-only: refuses writes cleanly, can be read, and goes on when it takes them again", async () => {
    const become = async (value: "on" | "off") => {
      await administrator.query(`ALTER DATABASE small SET default_transaction_read_only = ${value}`);
      await administrator.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'small'");
      // What connections were cut is noticed by whoever takes them next, here and in the API's process.
      await vi.waitFor(
        async () => {
          expect([(await ask("GET", "/contacts?per_page=5")).status, (await ask("GET", "/api_key")).status]).toEqual([
            200, 200,
          ]);
          expect((await verdictOnTheLog()).fault).toBeNull();
        },
        { timeout: 5000, interval: 100 },
      );
    };
    await become("on");
    await expectOnlyReading();
    await become("off");
    await expectEverything();
  });
});
