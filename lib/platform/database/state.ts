import { BoundedClient } from "./bounded-client";
import { isConnectionFailure, isWriteRefused, sqlStateOf } from "./errors";
import { databaseIdentity } from "./identity";
import { env } from "@/lib/platform/env";
import type { ErrorCode } from "@/lib/platform/errors";
import { singleton } from "@/lib/platform/singleton";
import { serving } from "@/lib/platform/serving";

const PING_EVERY_MS = 1000;
/** With the pause before it and the grace after it, under the 3 seconds in which callers must hear of it. */
const TIMEOUT_MS = 1500;
const GRACE_MS = 100;

/** Whether the database answers, as the ping of the last second found it. */
export interface DatabaseState {
  /** Begins to ask every second. */
  start(): void;
  isDown(): boolean;
  /** Calls back once when the database goes down (now, if it is); the returned function takes the wish back. */
  onDown(listener: () => void): () => void;
  /** Asks now. */
  check(): Promise<boolean>;
  /**
   * Hears what is notified on a channel; null = it may have missed something, since a connection was made anew. The one
   * LISTEN connection of the process is the one that is asked every second anyway: it dies no longer unnoticed than that.
   */
  listen(channel: Channel, heard: (payload: string | null) => void): void;
  /** Whether notifications come in at present. */
  isListening(channel: Channel): boolean;
  stop(): Promise<void>;
}

/** Names of our own alone: they stand in statements as they are. */
export type Channel = "account_changes";

/**
 * Rejects when the answer takes too long. A process that was busy with itself finds its timer due before it has read
 * what came meanwhile: it reads that first.
 */
function inTime<T>(answer: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(new Error("the database did not answer in time"));
    let timer = setTimeout(() => (timer = setTimeout(giveUp, GRACE_MS)), TIMEOUT_MS);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A connection that is made anew may lead to another database. */
async function connectAndLook(client: BoundedClient): Promise<void> {
  await client.connect();
  await databaseIdentity().look(client);
}

/** A connection of its own: a pool emptied by slow queries must not look like a database that is gone. */
class Watch implements DatabaseState {
  #client: BoundedClient | null = null;
  #isConnected = false;
  #down = false;
  #stopped = false;
  #pending: Promise<boolean> | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #ears = new Map<Channel, (payload: string | null) => void>();
  readonly #heard = new Set<string>();

  isDown(): boolean {
    return this.#down;
  }

  onDown(listener: () => void): () => void {
    if (this.#down) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  check(): Promise<boolean> {
    this.#pending ??= this.#ping().finally(() => (this.#pending = null));
    return this.#pending;
  }

  listen(channel: Channel, heard: (payload: string | null) => void): void {
    this.#ears.set(channel, heard);
  }

  isListening(channel: Channel): boolean {
    return this.#heard.has(channel);
  }

  start(): void {
    this.#stopped = false;
    const again = async () => {
      await this.check();
      if (!this.#stopped) this.#timer = setTimeout(() => void again(), PING_EVERY_MS).unref();
    };
    void again();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#pending;
    this.#drop();
  }

  async #ping(): Promise<boolean> {
    try {
      const client = (this.#client ??= this.#makeClient());
      await inTime(this.#isConnected ? databaseIdentity().look(client) : connectAndLook(client));
      this.#isConnected = true;
      this.#down = false;
      await this.#openEars(client);
    } catch {
      this.#drop();
      this.#goDown();
    }
    return !this.#down;
  }

  #makeClient(): BoundedClient {
    const client = new BoundedClient({
      connectionString: env().DATABASE_URL,
      // A restore holds the locks of what it puts in place: who gave up waiting must not wait on in the server.
      statement_timeout: TIMEOUT_MS,
    });
    // The server may end an idle connection: the next ping makes another.
    client.on("error", () => this.#drop(client));
    client.on("notification", ({ channel, payload }) => this.#ears.get(channel as Channel)?.(payload ?? ""));
    return client;
  }

  /** A standby takes no LISTEN: who listens looks for himself until there is a server that does. */
  async #openEars(client: BoundedClient): Promise<void> {
    for (const [channel, heard] of this.#ears) {
      if (this.#heard.has(channel)) continue;
      const isOpen = await inTime(client.query(`LISTEN ${channel}`)).then(
        () => client === this.#client,
        () => false,
      );
      if (!isOpen) continue;
      this.#heard.add(channel);
      heard(null);
    }
  }

  #drop(client = this.#client): void {
    if (client === null || client !== this.#client) return;
    this.#client = null;
    this.#isConnected = false;
    this.#heard.clear();
    // Not awaited: a server that hangs would never say goodbye.
    void client.end().catch(() => undefined);
  }

  #goDown(): void {
    this.#down = true;
    const waiting = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of waiting) listener();
  }
}

/** The one watch of this process. */
export function databaseState(): DatabaseState {
  return singleton("database-state", () => new Watch());
}

/**
 * SQLSTATE classes and codes of a server that is not there, is going, takes nobody in, or is too busy: a statement or
 * a wait for a lock took longer than it may. Nothing is wrong with the request, which may be sent again.
 */
const OUTAGE_STATES = /^(08...|53...|57P0[1-5]|57014|55P03)$/;
const OUTAGE_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "ENETUNREACH",
]);
/** Prisma's own: cannot reach, timed out, closed, no connection free, no transaction begun or ended in time. */
const PRISMA_OUTAGE_CODES = new Set(["P1001", "P1002", "P1008", "P1017", "P2024", "P2028"]);

/** Our own words for it. By the code: pages and server are bundled apart, each with an error class of its own. */
const DOMAIN_OUTAGE_CODES: ReadonlySet<string> = new Set<ErrorCode>(["unavailable", "outcome_unknown"]);

/** Whether a failure says by itself, in a code, that the database was away or too busy. */
export function saysOutage(error: unknown): boolean {
  const code = typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
  if (OUTAGE_CODES.has(code) || PRISMA_OUTAGE_CODES.has(code) || DOMAIN_OUTAGE_CODES.has(code)) return true;
  return OUTAGE_STATES.test(sqlStateOf(error)) || isWriteRefused(error) || isConnectionFailure(error);
}

/** Whether a failure was the database being away or too busy rather than a bug: where no code tells, the database is asked. */
export async function isOutage(error: unknown): Promise<boolean> {
  if (saysOutage(error)) return true;
  if (databaseState().isDown() || !(await databaseState().check())) return true;
  return serving().refusedBecause() !== null;
}
