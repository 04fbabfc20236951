import { randomUUID } from "node:crypto";
import { type ClientConfig, DatabaseError, Pool, type PoolConfig } from "pg";

import { BoundedClient, sessionOptions } from "./bounded-client";
import { LONG_RUNNING_SETTINGS } from "./session-settings";

const ASK_EVERY_MS = 1000;
const ANSWER_WITHIN_MS = 2000;
/** What was found when an answer was just under way does not count. */
const GONE_LOOKS = 2;

/**
 * A connection whose statements may take as long as they take (a migration's): while one is unanswered, a second
 * connection asks each second whether its session is at work. The wait ends when it is not, or when nobody answers that.
 */
export class WatchdogClient extends BoundedClient {
  readonly #connectionString: string | undefined;
  /** What the session is found by: a pooler in between would hide its process. */
  readonly #name: string;
  #watchdog: BoundedClient | null = null;
  #isConnected = false;
  #isProbing = false;
  #askedAtMs = 0;
  #goneLooks = 0;

  constructor(config: ClientConfig) {
    const name = `hub ${randomUUID()}`;
    super({ options: sessionOptions(LONG_RUNNING_SETTINGS), ...config, application_name: name });
    this.#connectionString = config.connectionString;
    this.#name = name;
    this.on("connect", () => (this.#isConnected = true));
    this.on("end", () => this.#dismiss());
  }

  protected override onSilence(lastsMs: number, looks: number): void {
    if (!this.#isConnected) return super.onSilence(lastsMs, looks);
    if (looks === 1) this.#goneLooks = 0;
    if (lastsMs < ASK_EVERY_MS || this.#isProbing || performance.now() - this.#askedAtMs < ASK_EVERY_MS) return;
    this.#isProbing = true;
    void this.#watch().finally(() => {
      this.#isProbing = false;
      this.#askedAtMs = performance.now();
    });
  }

  async #watch(): Promise<void> {
    try {
      this.#goneLooks = (await this.#isAtWork()) ? 0 : this.#goneLooks + 1;
      if (this.#goneLooks >= GONE_LOOKS) this.giveUp();
    } catch (error) {
      // No connection left for the question is an answer, and says nothing against the session.
      if (error instanceof DatabaseError) this.#dismiss();
      else this.giveUp();
    }
  }

  async #isAtWork(): Promise<boolean> {
    if (this.#watchdog === null) {
      this.#watchdog = new BoundedClient({
        connectionString: this.#connectionString,
        timeoutMs: ANSWER_WITHIN_MS,
      });
      await this.#watchdog.connect();
    }
    const { rowCount } = await this.#watchdog.query(
      "SELECT FROM pg_stat_activity WHERE application_name = $1 AND state NOT LIKE 'idle%'",
      [this.#name],
    );
    return rowCount === 1;
  }

  #dismiss(): void {
    void this.#watchdog?.end().catch(() => undefined);
    this.#watchdog = null;
  }
}

/** A pool of such connections, which keeps no process alive. */
export function watchdogPool(url: string, max: number): Pool {
  const Client = WatchdogClient as unknown as NonNullable<PoolConfig["Client"]>;
  const pool = new Pool({ connectionString: url, max, Client, allowExitOnIdle: true });
  // Whoever waits for its answer is told by a rejection. graphile-worker wants both.
  pool.on("error", () => undefined);
  pool.on("connect", () => undefined);
  return pool;
}
