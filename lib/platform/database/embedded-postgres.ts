import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { WatchdogClient } from "./watchdog-client";
import { DATABASE, makeDatabase } from "./embedded-database";
import { lastWords, layoutOf, makeFolder, programFolder, type Layout } from "./embedded-postgres-files";
import { lookUpProcess } from "@/lib/platform/os-process";
import { removeLeftovers, writeAtomically } from "@/lib/platform/atomic-file";

const USER = "hub";

export class EmbeddedPostgresError extends Error {
  override name = "EmbeddedPostgresError";

  constructor(
    readonly code: "already_running" | "cannot_start",
    message: string,
    /** The process that holds the database, where the code is already_running. */
    readonly ownerPid: number | null = null,
  ) {
    super(message);
  }
}

export interface EmbeddedPostgres {
  url: string;
  port: number;
  /** True when this call made the data directory. */
  isNew: boolean;
  stop: () => Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Holds the cluster, its password and its log. Made when missing. */
  directory: string;
  /** For tests: what a crash would lose doesn't matter, and several of them are connected at once. */
  throwaway?: boolean;
}

/**
 * Starts the PostgreSQL that came with the npm packages, on 127.0.0.1 and a free port.
 * A server left behind by a killed process is stopped first.
 * @throws EmbeddedPostgresError
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const layout = layoutOf(options.directory);
  makeFolder(options.directory, layout);
  await clearTheWay(layout);

  const run = runner(layout);
  for (const place of [layout.cluster, layout.password, layout.owner]) removeLeftovers(place);
  const isNew = !existsSync(layout.cluster);
  if (!isNew) passwordOf(layout);
  if (isNew) await initialise(layout, run);
  const { server, port } = await launch(layout, run, options.throwaway ?? false);
  writeAtomically(layout.owner, String(process.pid));
  const url = await addressOf(layout, port, true);
  return { url, port, isNew, stop: () => stop(server, layout) };
}

/** The process that has this directory's database open; null when none has (a server that outlived its hub has none). */
export function findOwner(directory: string): number | null {
  const layout = layoutOf(directory);
  const running = readPostmaster(layout);
  return running && isHeld(layout, running.parentPid) ? running.parentPid : null;
}

/** Ends a server whose hub was killed. False when this directory has none. */
export async function endOrphan(directory: string): Promise<boolean> {
  const layout = layoutOf(directory);
  const running = existsSync(layout.owner) ? readPostmaster(layout) : null;
  if (!running || isHeld(layout, running.parentPid)) return false;
  await end(running.pid, () => readPostmaster(layout) === null);
  return true;
}

/** The address of a database that another live process holds in this directory; null when there is none. */
export async function findRunningPostgres(directory: string): Promise<string | null> {
  const layout = layoutOf(directory);
  const running = readPostmaster(layout);
  if (!running?.ready || !isHeld(layout, running.parentPid)) return null;
  return addressOf(layout, running.port);
}

interface Postmaster {
  pid: number;
  port: number;
  ready: boolean;
  parentPid: number;
}

/** The server that runs on this cluster; a postmaster.pid whose process is gone, or is something else by now, is no server. */
function readPostmaster({ cluster }: Layout): Postmaster | null {
  let lines: string[];
  try {
    lines = readFileSync(path.join(cluster, "postmaster.pid"), "utf8").split("\n");
  } catch {
    return null;
  }
  const pid = Number(lines[0]);
  const facts = pid > 0 ? lookUpProcess(pid) : null;
  if (!facts?.command.includes(cluster)) return null;
  return { pid, port: Number(lines[3]), ready: lines[7]?.trim() === "ready", parentPid: facts.parentPid };
}

function isHeld({ owner }: Layout, parentPid: number): boolean {
  // An orphan is adopted by another process: its parent isn't the one that wrote the file.
  return existsSync(owner) && Number(readFileSync(owner, "utf8")) === parentPid;
}

async function clearTheWay(layout: Layout): Promise<void> {
  const running = readPostmaster(layout);
  if (running && isHeld(layout, running.parentPid)) {
    throw new EmbeddedPostgresError(
      "already_running",
      `The database in ${layout.folder} is in use by process ${running.parentPid}.`,
      running.parentPid,
    );
  }
  if (running) await end(running.pid, () => readPostmaster(layout) === null);
  // What is left names a process id that something else may have by now.
  rmSync(path.join(layout.cluster, "postmaster.pid"), { force: true });
  rmSync(layout.owner, { force: true });
}

/** SIGINT asks PostgreSQL to disconnect everybody and write everything down; SIGQUIT leaves that to the next start. */
async function end(pid: number, gone: () => boolean): Promise<void> {
  for (const [signal, timeoutMs] of [
    ["SIGINT", 15_000],
    ["SIGQUIT", 5_000],
    ["SIGKILL", 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (let waitedMs = 0; waitedMs < timeoutMs; waitedMs += 10) {
      if (gone()) return;
      await sleep(10);
    }
  }
}

type Run = (program: "initdb" | "postgres", args: string[], log: number) => ChildProcess;

function runner(layout: Layout): Run {
  const { user } = layout;
  const folder = findPrograms(layout);
  const identity = user ? { uid: user.uid, gid: user.gid } : {};
  return (program, args, log) => {
    const file = path.join(folder, "bin", process.platform === "win32" ? `${program}.exe` : program);
    // In its own session: Ctrl-C in the terminal reaches only this process, which ends the server when it is done with it.
    const child = spawn(file, args, {
      ...identity,
      cwd: folder,
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...process.env, LC_ALL: "C" },
    });
    child.on("error", () => undefined);
    return child;
  };
}

function findPrograms(layout: Layout): string {
  if (process.getuid?.() === 0 && !layout.user) {
    throw new EmbeddedPostgresError(
      "cannot_start",
      "PostgreSQL refuses to run as root, and there is no user to run it as: start as another user, or set DATABASE_URL.",
    );
  }
  try {
    return programFolder(layout);
  } catch (error) {
    throw new EmbeddedPostgresError(
      "cannot_start",
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch}: set DATABASE_URL to a PostgreSQL of your own. (${String(error)})`,
    );
  }
}

async function initialise(layout: Layout, run: Run): Promise<void> {
  // Under another name until it is whole: an initdb that was killed leaves nothing that looks like a cluster.
  const unfinished = `${layout.cluster}-${process.pid}`;
  mkdirSync(unfinished, { mode: 0o700 });
  const { user } = layout;
  writeAtomically(layout.password, randomBytes(24).toString("hex"), { mode: 0o600, user });
  if (user) chownSync(unfinished, user.uid, user.gid);
  const log = openSync(layout.log, "a", 0o600);
  const child = run(
    "initdb",
    [
      `--pgdata=${unfinished}`,
      `--username=${USER}`,
      `--pwfile=${layout.password}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-sync",
    ],
    log,
  );
  const code = await new Promise((resolve) => child.on("exit", resolve).on("error", () => resolve(-1)));
  closeSync(log);
  if (code !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new EmbeddedPostgresError("cannot_start", `PostgreSQL could not set up its data: ${lastWords(layout)}`);
  }
  renameSync(unfinished, layout.cluster);
}

async function launch(layout: Layout, run: Run, throwaway: boolean): Promise<{ server: ChildProcess; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const settings = {
      listen_addresses: "127.0.0.1",
      port,
      unix_socket_directories: "",
      max_connections: throwaway ? 200 : 60,
      timezone: "UTC",
      log_timezone: "UTC",
      ...(throwaway && { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
    };
    const log = openSync(layout.log, "w", 0o600);
    const server = run(
      "postgres",
      ["-D", layout.cluster, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
      log,
    );
    closeSync(log);
    if (await becomesReady(server, layout)) return { server, port };
    // Somebody else may have taken the port between choosing and listening.
    if (attempt === 3 || !lastWords(layout).includes("Address already in use")) {
      throw new EmbeddedPostgresError("cannot_start", `PostgreSQL did not start: ${lastWords(layout)}`);
    }
  }
}

async function becomesReady(server: ChildProcess, layout: Layout): Promise<boolean> {
  // A crash recovery may take its time; a server that gives up says so by exiting.
  for (let waitedMs = 0; waitedMs < 60_000; waitedMs += 10) {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return false;
    const running = readPostmaster(layout);
    if (running?.ready && running.pid === server.pid) return true;
    await sleep(10);
  }
  server.kill("SIGQUIT");
  return false;
}

async function stop(server: ChildProcess, layout: Layout): Promise<void> {
  const gone = () => server.exitCode !== null || server.signalCode !== null;
  if (!gone() && server.pid !== undefined) await end(server.pid, gone);
  rmSync(layout.owner, { force: true });
}

function passwordOf({ password }: Layout): string {
  const found = existsSync(password) ? readFileSync(password, "utf8").trim() : "";
  if (found !== "") return found;
  throw new EmbeddedPostgresError(
    "cannot_start",
    `${password} is missing or empty: it holds the password of the database beside it. Put it back from a backup.`,
  );
}

async function addressOf(layout: Layout, port: number, beginAnew = false): Promise<string> {
  const at = (database: string) => `postgresql://${USER}:${passwordOf(layout)}@127.0.0.1:${port}/${database}`;
  const client = new WatchdogClient({ connectionString: at("postgres") });
  await client.connect();
  try {
    await makeDatabase(client, { beginAnew });
  } finally {
    await client.end();
  }
  return at(DATABASE);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => probe.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
