import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { serverUser } from "./debian-postgres";
import { freePort } from "./free-port";
import { installFromDebian, isExecutable } from "../scripts/programs.mjs";

/** Debian keeps it out of an ordinary user's PATH. */
const PROGRAM = "/usr/sbin/pgbouncer";
const TIMEOUT_MS = 10_000;

/** The pooler's program; null where it cannot be had. */
export function findPgBouncer(): string | null {
  if (!isExecutable(PROGRAM)) installFromDebian("PgBouncer", "pgbouncer");
  return isExecutable(PROGRAM) ? PROGRAM : null;
}

export interface PgBouncer {
  /** The database's address, by way of the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  const isThere = await Promise.race([
    once(socket, "connect").then(() => true),
    once(socket, "close").then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return isThere;
}

/** A pooler in front of a database, with these settings besides. */
export async function startPgBouncer(database: string, settings: Readonly<Record<string, string>>): Promise<PgBouncer> {
  const { hostname, port: databasePort, username, password, pathname } = new URL(database);
  const [directory, port] = [mkdtempSync(path.join(tmpdir(), "hub-pgbouncer-")), await freePort()];
  const file = path.join(directory, "pgbouncer.ini");
  const all = { listen_addr: "127.0.0.1", listen_port: port, unix_socket_dir: "", auth_type: "any", ...settings };
  const to = `host=${hostname} port=${databasePort} user=${username} password=${password}`;
  const lines = [
    "[databases]",
    `* = ${to}`,
    "[pgbouncer]",
    ...Object.entries(all).map(([key, value]) => `${key} = ${value}`),
  ];
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  // It refuses to run as root, and reads the file again as the user that it becomes.
  const { uid, gid } = serverUser();
  if (uid !== undefined && gid !== undefined) [directory, file].forEach((owned) => chownSync(owned, uid, gid));
  const user = uid === undefined ? [] : ["-u", "postgres"];
  const child = spawn(PROGRAM, ["-q", ...user, file], { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGINT");
    child.kill("SIGTERM");
    await ended;
    rmSync(directory, { recursive: true, force: true });
  };
  for (let waitedMs = 0; !(await isListening(port)); waitedMs += 20) {
    if (child.exitCode !== null || waitedMs > TIMEOUT_MS) {
      child.kill("SIGKILL");
      throw new Error(`PgBouncer did not start: ${said}`);
    }
    await sleep(20);
  }
  const url = new URL(database);
  url.port = String(port);
  url.pathname = pathname;
  return { url: url.href, stop };
}
