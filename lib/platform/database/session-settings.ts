import type { ClientBase } from "pg";

import { LOST_CLIENT_SETTINGS } from "./bounded-client";

/** Each as `name=value`, the value as PostgreSQL itself writes it: so it is asked for, and so it is read back. */
export type SessionSettings = readonly string[];

/** What times, numbers and bytes look like on the line, and how much a transaction sees. */
const FORMS: SessionSettings = [
  "TimeZone=UTC",
  "DateStyle=ISO, MDY",
  "IntervalStyle=postgres",
  "bytea_output=hex",
  "extra_float_digits=1",
  "standard_conforming_strings=on",
  "default_transaction_isolation=read committed",
];

/**
 * Time-outs. The server gives a statement up before we give up the connection: of a slow one it
 * says so itself.
 */
const TIME_OUTS: SessionSettings = [
  "statement_timeout=3500ms",
  "lock_timeout=2s",
  "idle_in_transaction_session_timeout=10s",
];

// PostgreSQL's own figure is a spinning disk's: it would read whole tables where an index is at hand.
const POOL: SessionSettings = [...FORMS, ...TIME_OUTS, ...LOST_CLIENT_SETTINGS, "random_page_cost=1.1"];

/**
 * For the pool that writes. `default_transaction_read_only` is not set here: an operator may use it to stop all
 * writing.
 */
export const WRITE_SETTINGS: SessionSettings = POOL;

/**
 * Of the pool for queries: the server itself refuses a change. Every list has its index: with a LIMIT the planner hopes
 * to find enough near a table's beginning, and reads all of it where it errs.
 */
export const READ_SETTINGS: SessionSettings = [...POOL, "default_transaction_read_only=on", "enable_seqscan=off"];

/**
 * Of connections whose statements may take as long as they take: a migration's, a seed's. While one waits for a table,
 * everybody behind it waits as well: that ends.
 */
export const LONG_RUNNING_SETTINGS: SessionSettings = [
  ...FORMS,
  "statement_timeout=0",
  "lock_timeout=30s",
  "idle_in_transaction_session_timeout=0",
  ...LOST_CLIENT_SETTINGS,
];

/** Settings that cannot be requested, or that the configuration of the role may decide: they are only read back. */
const FOUND = [
  { name: "client_encoding", found: "current_setting('client_encoding')", wanted: "UTF8" },
  { name: "session_replication_role", found: "current_setting('session_replication_role')", wanted: "origin" },
  { name: "search_path", found: "coalesce(current_schema(), '')", wanted: "public" },
] as const;

const TCP_KEEPALIVES = /^tcp_keepalives_/;

/** A setting that is not as it was asked for. */
export interface SettingFault {
  readonly name: string;
  readonly wanted: string;
  readonly found: string;
  /** False for what the role itself, or its database, was given. */
  readonly isAsked: boolean;
}

function pairOf(setting: string): [name: string, value: string] {
  const at = setting.indexOf("=");
  return [setting.slice(0, at), setting.slice(at + 1)];
}

/** One statement that reads all of them. */
function readBackText(settings: SessionSettings): string {
  const asked = settings.map((setting) => `current_setting('${pairOf(setting)[0]}')`);
  return `SELECT ARRAY[${[...asked, ...FOUND.map(({ found }) => found)].join(", ")}] AS found`;
}

/** A socket of one machine has no keepalives, which the server calls 0. */
function isAsWanted(name: string, wanted: string, found: string): boolean {
  return found === wanted || (found === "0" && TCP_KEEPALIVES.test(name));
}

const texts = new WeakMap<SessionSettings, string>();

/** Reads on a fresh connection whether it is what was asked for: a pooler in between may drop that without a word. */
export async function settingFaults(client: ClientBase, settings: SessionSettings): Promise<SettingFault[]> {
  const text = texts.get(settings) ?? readBackText(settings);
  texts.set(settings, text);
  const { rows } = await client.query<{ found: string[] }>(text);
  const answers = rows[0]?.found ?? [];
  const asked = settings.map((setting) => pairOf(setting)).map(([name, wanted]) => ({ name, wanted, isAsked: true }));
  return [...asked, ...FOUND.map(({ name, wanted }) => ({ name, wanted, isAsked: false }))]
    .map((setting, index) => ({ ...setting, found: answers[index] ?? "" }))
    .filter(({ name, wanted, found }) => !isAsWanted(name, wanted, found));
}

/** In words: what is not as it should be. */
export function sayFaults(faults: readonly SettingFault[]): string {
  const unique = new Map(faults.map((fault) => [`${fault.name} ${fault.wanted}`, fault]));
  return [...unique.values()].map(({ name, wanted, found }) => `${name} is “${found}” and not “${wanted}”`).join(", ");
}

/** A connection of a pool that must not be used: told as a database that takes nobody in at present. */
export class SessionSettingsError extends Error {
  override readonly name = "SessionSettingsError";
  readonly code = "57P03";

  constructor(faults: readonly SettingFault[]) {
    super(`a session of the database is not as it was asked for: ${sayFaults(faults)}`);
  }
}
