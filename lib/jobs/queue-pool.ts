import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient, QueryConfig, QueryResult } from "pg";

import { BoundedClient, SilentConnectionError } from "@/lib/platform/database/bounded-client";
import { isOutage } from "@/lib/platform/database/state";
import { log } from "@/lib/platform/log";

const RETRY_MS = 1000;
/** The listening connection is silent by nature: it is pinged to find out whether it still works. */
const PROBE_EVERY_MS = 1000;
const MOST_UNANSWERED_PROBES = 3;

/** Queue statements that may be repeated safely: whether the first attempt succeeded does not matter. */
const REPEATABLE = /^(complete_job|fail_job|return_job|clear_stale_locks)|_private_tasks/;

type Question = string | QueryConfig;
type Listener = (error: Error | undefined, client: PoolClient | undefined, release: () => void) => void;

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
 * Closes the listening connection when it no longer answers, so that another one is opened. The returned function stops
 * the pings.
 */
function probe(client: PoolClient): () => void {
  let unanswered = 0;
  const ask = () => {
    unanswered += 1;
    if (unanswered > MOST_UNANSWERED_PROBES && client instanceof BoundedClient) client.giveUp();
    if (unanswered === 1)
      client.query("SELECT 1 AS listening").then(
        () => (unanswered = 0),
        () => undefined,
      );
  };
  const timer = setInterval(ask, PROBE_EVERY_MS).unref();
  const stop = () => clearInterval(timer);
  client.on("error", stop);
  client.on("end", stop);
  return stop;
}

/** The connection that listens is tried for until it is there: graphile-worker's own pauses grow to a minute. */
async function listen(real: Pool, isStopped: () => boolean): Promise<PoolClient | null> {
  while (!isStopped()) {
    try {
      return await real.connect();
    } catch {
      await sleep(RETRY_MS, undefined, { ref: false });
    }
  }
  return null;
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
    return void listen(real, isStopped).then((client) => {
      if (client === null) return;
      const stop = probe(client);
      listener(undefined, client, () => {
        stop();
        client.release();
      });
    });
  };
  const pool = Object.create(real, { connect: { value: connect } }) as Pool;
  return { pool, stop: () => (isStopping = true) };
}
