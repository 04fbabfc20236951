import { spawnSync } from "node:child_process";
import { chownSync, mkdirSync } from "node:fs";
import path from "node:path";

import { freePort } from "./free-port";
import { installFromDebian, isExecutable } from "../scripts/programs.mjs";

/** Debian keeps them out of PATH. */
const FOLDER = "/usr/lib/postgresql/15/bin";
const USER = "hub";

/** The programs of a whole PostgreSQL (the embedded one brings no `pg_dump`); null where they cannot be had. */
export function findDebianPostgres(): string | null {
  const isThere = () => isExecutable(path.join(FOLDER, "pg_basebackup"));
  if (!isThere()) installFromDebian("PostgreSQL 15", "postgresql-15");
  return isThere() ? FOLDER : null;
}

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** The server refuses to run as root; the package made a user for it. */
export function serverUser(): Identity {
  if (process.getuid?.() !== 0) return {};
  const idOf = (option: string) => Number(spawnSync("id", [option, "postgres"], { encoding: "utf8" }).stdout);
  return { uid: idOf("-u"), gid: idOf("-g") };
}

export interface DebianPostgres {
  readonly port: number;
  url(database: string): string;
  /** Runs one of its programs, and answers what it said. @throws Error with what it complained of */
  run(program: string, ...args: string[]): string;
  /** Copies the running server's files; the copy is a standby of it, not yet started. */
  copy(directory: string): Promise<DebianPostgres>;
  start(): void;
  /** As a crash would: nothing more is handed on. */
  kill(): void;
  promote(): void;
}

function cluster(directory: string, port: number): DebianPostgres {
  const identity = serverUser();
  const run = (program: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(path.join(FOLDER, program), args, {
      ...identity,
      cwd: "/",
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C", PGUSER: USER },
    });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const settings = ["fsync=off", "unix_socket_directories=", "listen_addresses=127.0.0.1", "max_connections=60"];
  const options = [`-p ${port}`, ...settings.map((setting) => `-c ${setting}`)].join(" ");
  const control = (...args: string[]) =>
    void run("pg_ctl", "-D", directory, "-w", "-s", "-l", `${directory}.log`, ...args);
  return {
    port,
    url: (database) => `postgresql://${USER}@127.0.0.1:${port}/${database}`,
    run,
    copy: async (target) => {
      run("pg_basebackup", "-h", "127.0.0.1", "-p", String(port), "-D", target, "-R", "-c", "fast", "-X", "stream");
      return cluster(target, await freePort());
    },
    start: () => control("-o", options, "start"),
    kill: () => control("-m", "immediate", "stop"),
    promote: () => control("promote"),
  };
}

/** A new cluster in a folder of its own, running. */
export async function startDebianPostgres(directory: string): Promise<DebianPostgres> {
  const { uid, gid } = serverUser();
  mkdirSync(directory, { recursive: true, mode: 0o755 });
  if (uid !== undefined && gid !== undefined) chownSync(directory, uid, gid);
  const made = cluster(path.join(directory, "first"), await freePort());
  made.run("initdb", "-D", path.join(directory, "first"), "-U", USER, "--auth=trust", "--no-sync", "-E", "UTF8");
  made.start();
  return made;
}
