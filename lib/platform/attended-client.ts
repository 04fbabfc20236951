import { randomUUID } from "node:crypto";
import { type ClientConfig, DatabaseError, Pool, type PoolConfig } from "pg";

import { BoundedClient, sessionOptions } from "./bounded-client";
import { PATIENT_SETTINGS } from "./session-settings";

const ASK_EVERY_MS = 1000;
const ANSWER_WITHIN_MS = 2000;
/** What was found when an answer was just under way does not count. */
const GONE_LOOKS = 2;

/**
 * A connection whose statements may take as long as they take (a migration's): while one is unanswered, a second
 * connection asks each second whether its session is at work. The wait ends when it is not, or when nobody answers that.
 */
export class AttendedClient extends BoundedClient {
  readonly #connectionString: string | undefined;
  /** What the session is found by: a pooler in between would hide its process. */
  readonly #name: string;
  #attendant: BoundedClient | null = null;
  #isConnected = false;
  #isAsking = false;
  #askedAtMs = 0;
  #goneLooks = 0;

  constructor(config: ClientConfig) {
    const name = `hub ${randomUUID()}`;
    super({ options: sessionOptions(PATIENT_SETTINGS), ...config, application_name: name });
    this.#connectionString = config.connectionString;
    this.#name = name;
    this.on("connect", () => (this.#isConnected = true));
    this.on("end", () => this.#dismiss());
  }

  protected override onSilence(lastsMs: number, looks: number): void {
    if (!this.#isConnected) return super.onSilence(lastsMs, looks);
    if (looks === 1) this.#goneLooks = 0;
    if (lastsMs < ASK_EVERY_MS || this.#isAsking || performance.now() - this.#askedAtMs < ASK_EVERY_MS) return;
    this.#isAsking = true;
    void this.#attend().finally(() => {
      this.#isAsking = false;
      this.#askedAtMs = performance.now();
    });
  }

  async #attend(): Promise<void> {
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
    if (this.#attendant === null) {
      this.#attendant = new BoundedClient({
        connectionString: this.#connectionString,
        patienceMs: ANSWER_WITHIN_MS,
      });
      await this.#attendant.connect();
    }
    const { rowCount } = await this.#attendant.query(
      "SELECT FROM pg_stat_activity WHERE application_name = $1 AND state NOT LIKE 'idle%'",
      [this.#name],
    );
    return rowCount === 1;
  }

  #dismiss(): void {
    void this.#attendant?.end().catch(() => undefined);
    this.#attendant = null;
  }
}

/** A pool of such connections, which keeps no process alive. */
export function attendedPool(url: string, max: number): Pool {
  const Client = AttendedClient as unknown as NonNullable<PoolConfig["Client"]>;
  const pool = new Pool({ connectionString: url, max, Client, allowExitOnIdle: true });
  // Whoever waits for its answer is told by a rejection. graphile-worker wants both.
  pool.on("error", () => undefined);
  pool.on("connect", () => undefined);
  return pool;
}
