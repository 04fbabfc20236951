import { spawn, type ChildProcess } from "node:child_process";
import { appendFileSync, openSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { sayOwnerless } from "@/lib/after-restore/ownerless-account";
import { SCOPES } from "@/lib/auth/scopes";
import { regenerateApiKey, revokeApiKey } from "@/lib/api-keys/service";
import { changeRole, removeMember } from "@/lib/members/service";
import { deployMigrations } from "@/lib/platform/database/migrations";
import { endPools } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { call, jsonCall } from "@/testing/serve-api";
import {
  makeAccount,
  makeApiKey,
  makePartnerWithPeople,
  makePerson,
  permitFor,
  type MadeApiKey,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { findDebianPostgres, startDebianPostgres, type DebianPostgres } from "@/testing/debian-postgres";
import { freePort } from "@/testing/free-port";
import { buildWorker } from "@/testing/spawn-worker";
import { makeTemporaryDirectory } from "@/testing/temporary-directory";

const BUILT = path.resolve(".build/worker-test");
/** A slow machine's. */
const POLL = { timeout: 60_000, interval: 100 };
const SENTENCE = /The database is not the one that the Hub served before: it was restored, copied or moved\./;

/** Stands where the database's name would: after a fail-over it leads to another server. */
class Line {
  #port: number;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(port: number) {
    this.#port = port;
    this.#server = createServer((near) => {
      const far = connect(this.#port, "127.0.0.1");
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on("error", () => undefined).on("close", () => [near, far].forEach((end) => end.destroy()));
      }
      near.pipe(far).pipe(near);
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  leadTo(port: number): void {
    this.#port = port;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.leadTo(0);
    this.#server.close();
  }
}

interface Hub {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  readonly log: string;
}

describe.skipIf(findDebianPostgres() === null)("on PostgreSQL 15, as Debian has it", () => {
  let directory: string;
  let first: DebianPostgres;
  let line: Line;
  let linePort: number;
  let people: PartnerWithPeople;
  let dump: string;
  const hubs: Hub[] = [];
  const keys = {} as Record<"revoked" | "leaked" | "regenerated" | "lives" | "lost", MadeApiKey>;

  const through = (database: string) => `postgresql://hub@127.0.0.1:${linePort}/${database}`;
  const environment = (url: string) => ({
    PATH: String(process.env.PATH),
    // Mails stay on this machine.
    NODE_ENV: "development",
    DATABASE_URL: url,
    AUTH_SECRET: String(process.env.AUTH_SECRET),
    AUDIT_SECRET: String(process.env.AUDIT_SECRET),
    RATE_LIMIT_STORE: "postgres",
  });

  /** The real process, whose log is a file, as an operator has it. */
  async function startHub(url: string, more: Readonly<Record<string, string>> = {}): Promise<Hub> {
    const port = await freePort();
    const file = path.join(directory, `hub-${port}.log`);
    const given = { ...environment(url), HOST: "127.0.0.1", PORT: String(port), HUB_ROLES: "api,worker", ...more };
    const child = spawn(process.execPath, [path.join(BUILT, "testing/worker-process.mjs")], {
      env: given as unknown as NodeJS.ProcessEnv,
      stdio: ["ignore", openSync(file, "a"), "inherit"],
    });
    const hub = { child, port, url, log: file };
    hubs.push(hub);
    await expect.poll(() => statusOf(hub, "/healthz"), POLL).toBe(200);
    return hub;
  }

  const statusOf = (hub: Hub, target: string, token?: string) =>
    call(hub.port, target, token === undefined ? {} : { token }).then(
      ({ status }) => status,
      () => 0,
    );
  const opens = (hub: Hub, { token }: { token: string }) => statusOf(hub, "/api/v1/api_key", token);

  /** Not in step with this process: it may well go through the line, which stands in here. */
  async function afterRestore(url: string, ...args: string[]): Promise<{ status: number | null; said: string }> {
    const child = spawn(process.execPath, [path.join(BUILT, "scripts/after-restore.mjs"), ...args], {
      env: environment(url) as unknown as NodeJS.ProcessEnv,
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
    const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { status, said };
  }

  const readiness = (hub: Hub) => call(hub.port, "/readyz").then(({ json }) => String(json.status), String);
  const isReady = (hub: Hub) => expect.poll(() => readiness(hub), POLL).toBe("ok");

  /** What this process did as a hub would stands in a hub's log by the next day at the latest. */
  async function logOfThisProcess(): Promise<string> {
    const file = path.join(directory, "this-process.log");
    for (const { act, hmac } of await bookkeepingDb().finalAct.findMany())
      appendFileSync(
        file,
        `${JSON.stringify({ level: 30, time: new Date().toISOString(), finalAct: JSON.parse(act), hmac })}\n`,
      );
    return file;
  }

  beforeAll(async () => {
    directory = await makeTemporaryDirectory("restore");
    buildWorker();
    first = await startDebianPostgres(directory);
    first.run("createdb", "-h", "127.0.0.1", "-p", String(first.port), "hub");
    await deployMigrations({ url: first.url("hub") });
    line = new Line(first.port);
    linePort = await line.listen();
    process.env.DATABASE_URL = through("hub");
    people = await makePartnerWithPeople();
    for (const name of ["revoked", "leaked", "regenerated", "lives", "lost"] as const)
      keys[name] = await makeApiKey({ account: people.account, createdBy: people.owner });
  });

  afterAll(async () => {
    for (const { child } of hubs) child.kill("SIGKILL");
    await endPools();
    line.close();
    for (const name of ["first", "second", "third"]) {
      try {
        first.run("pg_ctl", "-D", path.join(directory, name), "-m", "immediate", "-s", "stop");
      } catch {
        // It has ended already.
      }
    }
    rmSync(directory, { recursive: true, force: true });
  });

  /** An owner makes another one, who removes him: after a restore he is gone, and nobody knows of the other. */
  async function handOver(customer: Account, [owner, heir]: readonly [User, User]): Promise<void> {
    const membershipOf = (userId: number) =>
      bookkeepingDb().membership.findUniqueOrThrow({
        where: { userId_accountId: { userId, accountId: customer.id } },
        select: { id: true },
      });
    const manager = await permitFor("members.changeRole", { user: owner, account: customer });
    await changeRole(manager, { membershipId: (await membershipOf(heir.id)).id, role: "owner", customers: null });
    const remover = await permitFor("members.remove", { user: heir, account: customer });
    await removeMember(remover, { membershipId: (await membershipOf(owner.id)).id });
  }

  it("a dump restored into another database is not served before the final acts were done again", async () => {
    const running = await startHub(through("hub"));
    const [customer] = people.customers;
    const owners = [await makePerson(customer, "owner"), await makePerson(customer, "administrator")] as const;
    dump = path.join(directory, "hub.dump");
    first.run("pg_dump", "-h", "127.0.0.1", "-p", String(first.port), "-Fc", "-f", dump, "hub");

    await isReady(running);
    const account = people.account;
    const manager = await permitFor("apiKeys.manage", { user: people.owner, account });
    const issuer = await permitFor("apiKeys.issue", { user: people.owner, account });
    await revokeApiKey(manager, { id: keys.revoked.key.id });
    await regenerateApiKey(issuer, { id: keys.regenerated.key.id, revision: 1, overlap: "none" });
    const body = JSON.stringify({ token: keys.leaked.token });
    await call(running.port, "/api/v1/api_keys/revoke_leaked", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    for (const name of ["revoked", "leaked", "regenerated"] as const)
      expect(await opens(running, keys[name])).toBe(401);
    await handOver(customer, owners);
    expect(readFileSync(running.log, "utf8")).toContain('"finalAct"');
    const logs = ["--log", running.log, "--log", await logOfThisProcess()];

    const url = first.url("restored");
    first.run("createdb", "-h", "127.0.0.1", "-p", String(first.port), "restored");
    first.run("pg_restore", "-h", "127.0.0.1", "-p", String(first.port), "-d", "restored", dump);
    const hub = await startHub(url);
    expect(await statusOf(hub, "/healthz")).toBe(200);
    const ready = await call(hub.port, "/readyz");
    expect([ready.status, String(ready.json.status)]).toEqual([503, expect.stringMatching(SENTENCE)]);
    const refused = await call(hub.port, "/api/v1/api_key", { token: keys.lives.token });
    expect([refused.status, refused.headers["content-type"], String(refused.json.detail)]).toEqual([
      503,
      "application/problem+json; charset=utf-8",
      expect.stringMatching(SENTENCE),
    ]);
    const page = await call(hub.port, "/sign-in", { headers: { host: "localhost:3000" } });
    expect([page.status, page.text]).toEqual([503, expect.stringMatching(SENTENCE)]);

    const blind = await afterRestore(url);
    expect(blind).toMatchObject({ status: 1, said: expect.stringContaining("--accept-losses") as string });
    expect(blind.said).toContain(keys.revoked.key.prefix);
    expect(await statusOf(hub, "/readyz")).toBe(503);

    const done = await afterRestore(url, ...logs);
    expect(done, done.said).toMatchObject({ status: 0 });
    expect(done.said).toContain(`key ${keys.regenerated.key.id} waits for Regenerate`);
    expect(done.said).toContain(
      sayOwnerless({ token: customer.token, name: customer.name, kind: "customer", partner: account.name }),
    );
    await isReady(hub);
    for (const name of ["revoked", "leaked", "regenerated"] as const) expect(await opens(hub, keys[name])).toBe(401);
    expect(await opens(hub, keys.lives)).toBe(200);

    const twice = await afterRestore(url, ...logs);
    expect(twice, twice.said).toMatchObject({ status: 0 });
    expect(twice.said).not.toContain("done again");
    hub.child.kill("SIGKILL");
  });

  it("a dump restored into the same database under a running hub lets no ended key in, not for a moment", async () => {
    const [hub] = hubs;
    if (hub === undefined) throw new Error("no hub runs");
    await isReady(hub);
    const logs = ["--log", hub.log, "--log", await logOfThisProcess()];
    const seen = new Set<number>();
    const watching = new AbortController();
    const watch = (async () => {
      while (!watching.signal.aborted)
        for (const name of ["revoked", "leaked"] as const) seen.add(await opens(hub, keys[name]));
    })();
    const restore = spawn(
      "/usr/lib/postgresql/15/bin/pg_restore",
      ["-h", "127.0.0.1", "-p", String(first.port), "-U", "hub", "--clean", "--if-exists", "-d", "hub", dump],
      { stdio: ["ignore", "ignore", "inherit"] },
    );
    const code = await new Promise((resolve) => restore.on("exit", resolve));
    await expect.poll(() => readiness(hub), POLL).toMatch(SENTENCE);
    watching.abort();
    await watch;
    expect([code, seen.has(200)]).toEqual([0, false]);
    expect(await opens(hub, keys.lives)).toBe(503);

    const done = await afterRestore(hub.url, ...logs);
    expect(done, done.said).toMatchObject({ status: 0 });
    await isReady(hub);
    for (const name of ["revoked", "leaked", "regenerated"] as const) expect(await opens(hub, keys[name])).toBe(401);
    expect(await opens(hub, keys.lives)).toBe(200);
  });

  /** Somebody who follows an account's changes: what he reads, and how what he follows goes on. */
  async function makeFollower(hub: Hub) {
    const account = await makeAccount();
    const createdBy = await makePerson(account, "owner");
    const { token } = await makeApiKey({ account, createdBy, scopes: SCOPES });
    const ask = (below: string, body?: object) =>
      call(hub.port, `/api/v1${below}`, jsonCall({ token, account, method: body ? "POST" : "GET", body }));
    const placeNow = async () => String((await ask("/contacts")).headers["x-change-sequence"]);
    const goOn = async (place: string) => {
      const { status, json } = await ask(`/changes?after=${place}`);
      return status === 200 ? json.records?.length : `${status} ${String(json.code)}`;
    };
    return { placeNow, goOn, write: () => ask("/contacts", { first_name: "Ada" }) };
  }

  it("a synchronous fail-over loses nothing, and is served on and told of", async () => {
    const [hub] = hubs;
    if (hub === undefined) throw new Error("no hub runs");
    const second = await first.copy(path.join(directory, "second"));
    second.start();
    const sql = (text: string) =>
      first.run("psql", "-h", "127.0.0.1", "-p", String(first.port), "-d", "hub", "-Atqc", text);
    sql("ALTER SYSTEM SET synchronous_standby_names = '*'");
    sql("SELECT pg_reload_conf()");
    await expect
      .poll(() => sql("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'").trim(), POLL)
      .toBe("1");
    const manager = await permitFor("apiKeys.manage", { user: people.owner, account: people.account });
    await revokeApiKey(manager, { id: keys.regenerated.key.id });

    first.kill();
    second.promote();
    line.leadTo(second.port);
    await expect.poll(() => opens(hub, keys.lives), POLL).toBe(200);
    expect(await opens(hub, keys.revoked)).toBe(401);
    // The watch looks each second; requests are served before it has.
    await expect
      .poll(() => bookkeepingDb().databaseIdentity.findMany(), POLL)
      .toMatchObject([{ timeline: 1, seenTimeline: 2 }]);
    await expect
      .poll(() => readFileSync(hub.log, "utf8"), POLL)
      .toContain("the database changed over to another server");

    const strict = await startHub(through("hub"), { STOP_ON_NEW_TIMELINE: "1" });
    await expect.poll(() => readiness(strict), POLL).toContain("timeline 1 became 2");
    strict.child.kill("SIGKILL");

    // An asynchronous one: what was confirmed after the copy is lost, and done again by hand.
    const follower = await makeFollower(hub);
    await follower.write();
    const kept = await follower.placeNow();
    const third = await second.copy(path.join(directory, "third"));
    await revokeApiKey(manager, { id: keys.lost.key.id });
    await follower.write();
    await follower.write();
    expect(await follower.goOn(kept)).toBe(2);
    const lost = await follower.placeNow();
    const log = await logOfThisProcess();
    await expect.poll(() => opens(hub, keys.lost), POLL).toBe(401);
    second.kill();
    third.start();
    third.promote();
    line.leadTo(third.port);
    await expect.poll(() => opens(hub, keys.lost), POLL).toBe(200);
    // As many changes as were lost, and one more: by their numbers alone nobody would notice.
    await expect.poll(() => follower.goOn(lost), POLL).toBe("410 walk_anew");
    for (let written = 0; written < 3; written += 1) await follower.write();
    await expect.poll(() => follower.goOn(kept), POLL).toBe("410 walk_anew");
    expect(await follower.goOn(lost)).toBe("410 walk_anew");
    const anew = await follower.placeNow();
    expect(anew.split(".")[0]).not.toBe(kept.split(".")[0]);
    await follower.write();
    expect(await follower.goOn(anew)).toBe(1);
    const done = await afterRestore(hub.url, "--log", log);
    expect(done, done.said).toMatchObject({ status: 0 });
    await isReady(hub);
    expect(await opens(hub, keys.lost)).toBe(401);
    expect(await opens(hub, keys.lives)).toBe(200);
    const audit = await bookkeepingDb().auditEntry.findMany({ where: { action: "account.restored" } });
    expect(audit.length).toBeGreaterThan(0);
  });
});
