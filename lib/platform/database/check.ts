import { DatabaseError, type ClientBase } from "pg";

import { BoundedClient, sessionOptions } from "./bounded-client";
import { databaseOf, placeOf, roleOf } from "./address";
import {
  LONG_RUNNING_SETTINGS,
  READ_SETTINGS,
  sayFaults,
  settingFaults,
  WRITE_SETTINGS,
  type SessionSettings,
  type SettingFault,
} from "./session-settings";

/** A variable that holds a database's address, and that address as `readDatabaseAddress` gives it. */
export interface NamedAddress {
  readonly variable: "DATABASE_URL" | "MIGRATION_DATABASE_URL";
  readonly url: string;
}

/** A sentence for whoever started: what is wrong with the database that a variable names, and what helps. */
export class DatabaseRefusal extends Error {
  override readonly name = "Refusal";
}

const OLDEST = 150_000;
/** Long statements, and this process's place, are found by it: it must come through. */
const APPLICATION_NAME = "hub start";
/** Enough to tell: where two share a server process, or one is given another, some of these questions show it. */
const ROUNDS = 4;

const PROTOCOL_VIOLATION = "08P01";
const NO_SUCH_DATABASE = "3D000";
const NO_RIGHT = "42501";
const NOT_AT_PRESENT = /^(08|53|57P)/;
const NOT_REACHED = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH", "ENETUNREACH"],
  ...["ENOENT", "EACCES"],
]);
const CERTIFICATE = /CERT|^UNABLE_TO|^ERR_(TLS|SSL)/;

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

function inOneLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ").trim();
}

function hintFor(code: string, { variable, url }: NamedAddress): string {
  const role = `"${roleOf(url)}"`;
  if (code === PROTOCOL_VIOLATION)
    return `Something that is not the server itself seems to answer there, such as a pooler: ${variable} must be the server's own address.`;
  if (code === NO_SUCH_DATABASE)
    return `Make it (CREATE DATABASE "${databaseOf(url)}" ENCODING 'UTF8' TEMPLATE template0), or mend ${variable}.`;
  if (code === NO_RIGHT) return `Give the role the right (GRANT CONNECT ON DATABASE "${databaseOf(url)}" TO ${role}).`;
  return `Look at the role and the password in ${variable}, and at the server's pg_hba.conf.`;
}

/** Why no connection came about. */
function sayUnconnected(error: unknown, address: NamedAddress): string {
  const { variable, url } = address;
  const [code, place] = [codeOf(error), placeOf(url)];
  const isNotNow = NOT_AT_PRESENT.test(code) && code !== PROTOCOL_VIOLATION;
  if (error instanceof DatabaseError && !isNotNow)
    return `The database at ${place} refuses the connection that ${variable} asks for: ${inOneLine(error)} (${code}). ${hintFor(code, address)}`;
  if (error instanceof Error && "path" in error && "syscall" in error && error.syscall === "open")
    return `A file that ${variable} names cannot be read: ${inOneLine(error)}.`;
  if (NOT_REACHED.has(code) || isNotNow)
    return `The database at ${place} does not answer, or takes nobody in at present (${code}${isNotNow ? `: ${inOneLine(error)}` : ""}). Look whether it runs and can be reached from here, and whether ${variable} says where it is.`;
  if (CERTIFICATE.test(code))
    return `The certificate of the database at ${place} is not accepted: ${inOneLine(error)} (${code}). Name the authority that signed it in ${variable} (sslrootcert=/path/ca.pem), or say sslmode=no-verify where nobody can come in between.`;
  if (/does not support SSL/.test(inOneLine(error)))
    return `${variable} asks for TLS (sslmode, or PGSSLMODE), and the server at ${place} has none: switch it on there, or say sslmode=disable.`;
  if (/password must be a string/.test(inOneLine(error)))
    return `The database at ${place} asks for a password, and ${variable} holds none.`;
  return `There is no connection to the database at ${place}, which ${variable} names: ${inOneLine(error)}`;
}

async function connectTo(address: NamedAddress, settings: SessionSettings): Promise<BoundedClient> {
  let client: BoundedClient | null = null;
  try {
    client = new BoundedClient({
      connectionString: address.url,
      application_name: APPLICATION_NAME,
      options: sessionOptions(settings),
    });
    await client.connect();
    return client;
  } catch (error) {
    void client?.end().catch(() => undefined);
    throw new DatabaseRefusal(sayUnconnected(error, address));
  }
}

/** What the database is, whoever asks. */
interface Kind {
  readonly encoding: string;
  readonly version: number;
  readonly versionText: string;
  /** The same on every way to it. */
  readonly identity: string;
}

async function readKind(client: ClientBase): Promise<Kind> {
  const { rows } = await client.query<Kind>(`
    SELECT current_setting('server_encoding') AS encoding, current_setting('server_version_num')::int AS version,
      current_setting('server_version') AS "versionText", format('%s %s', pg_postmaster_start_time(),
      (SELECT oid FROM pg_database WHERE datname = current_database())) AS identity`);
  const [kind] = rows;
  if (kind === undefined) throw new Error("the database does not say what it is");
  return kind;
}

function refuseKind({ encoding, version, versionText }: Kind, { variable, url }: NamedAddress): void {
  if (version < OLDEST)
    throw new DatabaseRefusal(
      `The database at ${placeOf(url)}, which ${variable} names, is PostgreSQL ${versionText}: the Hub needs 15 or newer.`,
    );
  if (encoding === "UTF8") return;
  throw new DatabaseRefusal(
    `The database "${databaseOf(url)}" that ${variable} names is encoded in ${encoding}, which cannot hold every text: the Hub needs UTF8. Make another one (CREATE DATABASE hub ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0) and name it.`,
  );
}

async function processOf(client: ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
  return rows[0]?.pid ?? 0;
}

/**
 * Whether connections have each a server process of their own, and keep it from one statement to the next. Asked in turn,
 * there and back: whether a pooler hands out the one used last, the one used longest ago or any, it is seen.
 */
export async function areSessionsShared(clients: readonly ClientBase[]): Promise<boolean> {
  const known = new Map<ClientBase, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const client of round % 2 === 0 ? clients : clients.toReversed()) {
      const pid = await processOf(client);
      if ((known.get(client) ?? pid) !== pid) return true;
      known.set(client, pid);
    }
  }
  return new Set(known.values()).size < clients.length;
}

function refuseSharing({ variable, url }: NamedAddress): never {
  throw new DatabaseRefusal(
    `${variable} leads through a pooler at ${placeOf(url)} that gives the session to another after each transaction (PgBouncer: pool_mode = transaction or statement): locks and settings of the Hub's sessions would be lost or left behind there. Give the server's own address.`,
  );
}

/** What a role may be given: what every session asks for alike. */
function canBeTheRoles({ name, wanted }: SettingFault): boolean {
  return [WRITE_SETTINGS, READ_SETTINGS, LONG_RUNNING_SETTINGS].every((kind) => kind.includes(`${name}=${wanted}`));
}

function remedyFor(faults: readonly SettingFault[], { variable, url }: NamedAddress): string {
  const own = faults.filter(({ isAsked }) => !isAsked);
  const asked = faults.filter(({ isAsked }) => isAsked);
  const alter = (list: readonly SettingFault[]) =>
    [...new Set(list.map(({ name, wanted }) => `ALTER ROLE "${roleOf(url)}" SET ${name} = '${wanted}';`))].join(" ");
  if (asked.length === 0) return `The role or the database was given something else: ${alter(own)}`;
  const direct = `Something in between, such as a pooler, drops what is asked for at the beginning: give the server's own address in ${variable}`;
  return asked.every(canBeTheRoles) ? `${direct}, or give the role these settings: ${alter(faults)}` : `${direct}.`;
}

/** Every setting that the Hub's sessions rely on, read back on a fresh connection of each kind. */
async function refuseOtherSettings(
  sessions: readonly (readonly [BoundedClient, SessionSettings])[],
  address: NamedAddress,
): Promise<void> {
  const named = `application_name=${APPLICATION_NAME}`;
  const all = await Promise.all(sessions.map(([client, settings]) => settingFaults(client, [...settings, named])));
  const faults = all.flat();
  if (faults.length === 0) return;
  throw new DatabaseRefusal(
    `Sessions of the database that ${address.variable} names are not as the Hub asks for them: ${sayFaults(faults)}. ${remedyFor(faults, address)}`,
  );
}

/** @throws DatabaseRefusal; answers which database it is */
async function checkAddress(
  address: NamedAddress,
  kinds: readonly [SessionSettings, ...SessionSettings[]],
): Promise<string> {
  const sessions: (readonly [BoundedClient, SessionSettings])[] = [];
  try {
    const [first, ...others] = kinds;
    const client = await connectTo(address, first);
    sessions.push([client, first]);
    const kind = await readKind(client);
    refuseKind(kind, address);
    for (const settings of others) sessions.push([await connectTo(address, settings), settings]);
    if (await areSessionsShared(sessions.map(([session]) => session))) refuseSharing(address);
    await refuseOtherSettings(sessions, address);
    return kind.identity;
  } catch (error) {
    if (error instanceof DatabaseRefusal) throw error;
    throw new DatabaseRefusal(sayUnconnected(error, address));
  } finally {
    await Promise.all(sessions.map(([client]) => client.end().catch(() => undefined)));
  }
}

/**
 * Looks at the databases before anything relies on them: whether they take the role in, are encoded in UTF8, give every
 * connection a session of its own, and sessions the settings that were asked for.
 * @throws DatabaseRefusal
 */
export async function checkDatabases(url: string, migrationUrl: string | undefined): Promise<void> {
  const app = await checkAddress({ variable: "DATABASE_URL", url }, [
    WRITE_SETTINGS,
    READ_SETTINGS,
    LONG_RUNNING_SETTINGS,
  ]);
  if (migrationUrl === undefined || migrationUrl === url) return;
  const variable = "MIGRATION_DATABASE_URL";
  const migrated = await checkAddress({ variable, url: migrationUrl }, [LONG_RUNNING_SETTINGS, LONG_RUNNING_SETTINGS]);
  if (app === migrated) return;
  throw new DatabaseRefusal(
    `MIGRATION_DATABASE_URL (${databaseOf(migrationUrl)} at ${placeOf(migrationUrl)}) and DATABASE_URL (${databaseOf(url)} at ${placeOf(url)}) lead to different databases: what is migrated would not be what is served.`,
  );
}
