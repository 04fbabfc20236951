import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import type { Pool, PoolClient, QueryConfig, QueryResult } from "pg";

import { BoundedClient, SilentConnectionError } from "@/lib/platform/bounded-client";
import { isOutage } from "@/lib/platform/database-state";
import { log } from "@/lib/platform/log";

const RETRY_MS = 1000;
/** The connection that listens says nothing by itself: whether it still hears is asked. */
const PROBE_EVERY_MS = 1000;
const MOST_UNANSWERED_PROBES = 3;

/** Statements of the queue that change nothing more when they are made a second time: what became of the first does not matter. */
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

/** What it gave though nobody heard is handed back later: those that wait need not wait for that. */
function isFetching(question: Question): boolean {
  return typeof question !== "string" && question.name?.startsWith("get_job") === true;
}

/** graphile-worker, told by a code why, would wait for up to two minutes before it looks for jobs again. */
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

  /** What must happen (a job is done, failed, handed back) is tried until it has: graphile-worker dies of a refusal. */
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

/** Ends a connection that died without a word: another one then listens. The answer stops asking. */
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
