import "server-only";
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient, QueryConfig, QueryResult } from "pg";

import { SilentConnectionError } from "@/lib/platform/database/bounded-client";
import { databaseState, isOutage } from "@/lib/platform/database/state";
import { log } from "@/lib/platform/log";

const RETRY_MS = 1000;
/** How often the queue is looked at where the database does not call. */
const LOOK_EVERY_MS = 1000;
const CHANNELS = ["jobs:insert", "worker:migrate"] as const;

/** Queue statements that may be repeated safely: whether the first attempt succeeded does not matter. */
const REPEATABLE = /^(complete_job|fail_job|return_job|clear_stale_locks)|_private_tasks/;

type Question = string | QueryConfig;
type Listener = (error: Error | undefined, client: Ear, release: () => void) => void;

export interface QueuePool {
  /** What graphile-worker takes for a pool. */
  readonly pool: Pool;
  /** From now on nothing is tried a second time. */
  stop(): void;
}

function isRepeatable(question: Question): boolean {
  return REPEATABLE.test(typeof question === "string" ? question : (question.name ?? question.text));
}

/**
 * A fetch may be repeated: jobs that were handed out in an answer that got lost are released later, and those that wait
 * need not wait for that.
 */
function isFetching(question: Question): boolean {
  return typeof question !== "string" && question.name?.startsWith("get_job") === true;
}

/** Without an error code: given one, graphile-worker would wait up to two minutes before it looks for jobs again. */
function withoutCode(error: unknown): Error {
  return new Error(error instanceof Error ? error.message : "the database is away", { cause: error });
}

/** One for the queue's statements: it takes a connection when it needs one, and another one when that was lost. */
class QueueClient {
  #client: PoolClient | null = null;

  constructor(
    private readonly real: Pool,
    private readonly isStopped: () => boolean,
  ) {}

  /**
   * Statements that must succeed (a job completed, failed, released) are retried until they do: graphile-worker ends
   * itself when one is refused.
   */
  async query(question: Question, values?: unknown[]): Promise<Pick<QueryResult, "rows" | "rowCount">> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.#client ??= await this.real.connect();
        return await this.#client.query(question, values);
      } catch (error) {
        if (!(await isOutage(error))) throw error;
        this.release();
        if (tries === 1 && error instanceof SilentConnectionError && isFetching(question)) continue;
        if (!isRepeatable(question)) throw withoutCode(error);
        if (this.isStopped()) return this.#leaveToOthers(error);
        await sleep(RETRY_MS);
      }
    }
  }

  release(): void {
    this.#client?.release();
    this.#client = null;
  }

  #leaveToOthers(error: unknown) {
    log().warn({ err: error }, "the queue could not be told what became of a job; another worker takes it over");
    return { rows: [], rowCount: 0 };
  }
}

/**
 * What graphile-worker takes for a connection that listens. It is none: the watch over the database hears for it, which
 * notices within seconds that its line is dead. After that, and while it cannot listen, there may be jobs that nobody
 * told of.
 */
class Ear extends EventEmitter {
  readonly #endings: readonly (() => void)[];
  readonly #timer: NodeJS.Timeout;

  constructor() {
    super();
    this.#endings = CHANNELS.map((channel) =>
      databaseState().listen(channel, (payload) => this.#hear(channel, payload ?? undefined)),
    );
    this.#timer = setInterval(() => {
      if (!databaseState().isDown() && !databaseState().isListening("jobs:insert")) this.#hear("jobs:insert");
    }, LOOK_EVERY_MS).unref();
  }

  /** It says LISTEN and UNLISTEN, and the ear is open as long as it is here. */
  query(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const end of this.#endings) end();
  }

  #hear(channel: (typeof CHANNELS)[number], payload?: string): void {
    this.emit("notification", { channel, payload });
  }
}

/**
 * The pool as graphile-worker is to see it: the library waits for minutes, or ends, where a database that was away for
 * seconds has come back.
 */
export function queuePool(real: Pool): QueuePool {
  let isStopping = false;
  const isStopped = () => isStopping;
  const connect = (listener?: Listener) => {
    if (listener === undefined) return Promise.resolve(new QueueClient(real, isStopped));
    const ear = new Ear();
    return listener(undefined, ear, () => ear.close());
  };
  // What the pool is asked itself takes a connection of its own, and would take an ear for one.
  const query = real.query.bind(real);
  const pool = Object.create(real, { connect: { value: connect }, query: { value: query } }) as Pool;
  return { pool, stop: () => (isStopping = true) };
}
