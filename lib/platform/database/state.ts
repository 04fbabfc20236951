import type { ClientBase } from "pg";

import { BoundedClient, LOST_CLIENT_SETTINGS, sessionOptions } from "./bounded-client";
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
  /** Begins to ask every second; once is enough. */
  start(): void;
  isDown(): boolean;
  /** Calls back once when the database goes down (now, if it is); the returned function takes the wish back. */
  onDown(listener: () => void): () => void;
  /** Asks now. */
  check(): Promise<boolean>;
  /**
   * Hears what is notified on a channel; null = it may have missed something, since a connection was made anew. The one
   * LISTEN connection of the process is the one that is asked every second anyway: it dies no longer unnoticed than that.
   * The returned function ends it.
   */
  listen(channel: Channel, heard: (payload: string | null) => void): () => void;
  /** Whether notifications come in at present. */
  isListening(channel: Channel): boolean;
  /**
   * Takes what a session can hold on that same connection, and again on each that follows it. Says whether it was to be
   * had. Rejects where the database does not answer.
   */
  hold(held: Held): Promise<boolean>;
  /** Gives it back, if the database hears of it; the end of the connection does so anyway. */
  giveBack(held: Held): Promise<void>;
  stop(): Promise<void>;
}

/** What a session of the database holds, such as a lock. */
export interface Held {
  /** False where somebody else has it. */
  take(client: ClientBase): Promise<boolean>;
  giveBack(client: ClientBase): Promise<unknown>;
  /** It was lost with a connection, and somebody else has it since: said each time that it is tried for. */
  refused(): void;
}

/** They stand in statements as they are: a feed's, and those of the queue. */
export type Channel = "account_changes" | "jobs:insert" | "worker:migrate";

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
  #stopped = true;
  #pending: Promise<boolean> | null = null;
  #timer: NodeJS.Timeout | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #ears = new Map<Channel, (payload: string | null) => void>();
  readonly #heard = new Set<string>();
  /** Whether each is taken: false where it was lost or refused, null where it was not tried yet. */
  readonly #held = new Map<Held, boolean | null>();
  #givingBack: Promise<unknown> = Promise.resolve();
  #failure: unknown;

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

  listen(channel: Channel, heard: (payload: string | null) => void): () => void {
    this.#ears.set(channel, heard);
    return () => {
      if (this.#ears.get(channel) === heard) this.#ears.delete(channel);
    };
  }

  isListening(channel: Channel): boolean {
    return this.#heard.has(channel);
  }

  async hold(held: Held): Promise<boolean> {
    this.#held.set(held, null);
    // What was asked just before may have passed it by.
    for (;;) {
      const answers = await this.check();
      const isTaken = this.#held.get(held) ?? null;
      if (isTaken === false) this.#held.delete(held);
      if (isTaken !== null) return isTaken;
      if (answers) continue;
      this.#held.delete(held);
      throw this.#failure;
    }
  }

  async giveBack(held: Held): Promise<void> {
    const isTaken = this.#held.get(held);
    this.#held.delete(held);
    if (isTaken !== true || this.#client === null) return;
    this.#givingBack = inTime(held.giveBack(this.#client)).catch(() => undefined);
    await this.#givingBack;
  }

  start(): void {
    if (!this.#stopped) return;
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
    await Promise.all([this.#pending, this.#givingBack]);
    this.#drop();
  }

  async #ping(): Promise<boolean> {
    try {
      const client = (this.#client ??= this.#makeClient());
      await inTime(this.#isConnected ? databaseIdentity().look(client) : connectAndLook(client));
      this.#isConnected = true;
      this.#down = false;
      await this.#takeAll(client);
      await this.#openEars(client);
    } catch (error) {
      this.#failure = error;
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
      options: sessionOptions(LOST_CLIENT_SETTINGS),
    });
    // The server may end an idle connection: the next ping makes another.
    client.on("error", () => this.#drop(client));
    client.on("notification", ({ channel, payload }) => this.#ears.get(channel as Channel)?.(payload ?? ""));
    return client;
  }

  async #takeAll(client: BoundedClient): Promise<void> {
    for (const [held, isTaken] of this.#held) {
      if (isTaken === true) continue;
      const isTakenNow = await inTime(held.take(client));
      if (client !== this.#client || !this.#held.has(held)) continue;
      this.#held.set(held, isTakenNow);
      if (!isTakenNow && isTaken === false) held.refused();
    }
  }

  /** A standby takes no LISTEN: who listens looks for himself until there is a server that does. */
  async #openEars(client: BoundedClient): Promise<void> {
    for (const [channel, heard] of this.#ears) {
      if (this.#heard.has(channel)) continue;
      const isOpen = await inTime(client.query(`LISTEN "${channel}"`)).then(
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
    for (const [held, isTaken] of this.#held) if (isTaken === true) this.#held.set(held, false);
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
