import { constants } from "node:os";
import { Client, type ClientConfig } from "pg";

const LOOK_EVERY_MS = 250;
/**
 * With the look that finds a connection silent for the first time, 4 seconds at most. The second that is left of the
 * promised 5 is for another connection and what a busy machine is late by.
 */
const TIMEOUT_MS = 3750;
/**
 * After the process itself was suspended, nothing counts as silent until what arrived in the meantime has been read.
 */
const FEWEST_LOOKS = 8;
/** How long a graceful close may take before the socket is destroyed. */
const GOODBYE_MS = 500;

/** A session whose client was lost on the way holds its locks until the server notices: it shall, within seconds. */
export const LOST_CLIENT_SETTINGS = ["tcp_keepalives_idle=5", "tcp_keepalives_interval=2", "tcp_keepalives_count=3"];

/** As the server wants settings of a session. */
export function sessionOptions(settings: readonly string[]): string {
  return settings.map((setting) => `-c ${setting.replaceAll(/[\\ ]/g, "\\$&")}`).join(" ");
}

/** The connection fell silent: whether the statement was executed is unknown. */
export class SilentConnectionError extends Error {
  override readonly name = "SilentConnectionError";
  /** What a socket itself would say, so that the driver's users take it for what it is. */
  readonly code = "ETIMEDOUT";
  readonly syscall = "read";
  readonly errno = -constants.errno.ETIMEDOUT;

  /** @param sinceMs by `performance.now()`; who was not heard after it is as doubtful */
  constructor(readonly sinceMs: number) {
    super("the database fell silent: the connection was given up");
  }
}

/** The driver says in words alone that a line was lost; a code is what is decided by. */
function withCode(error: Error): Error {
  return "code" in error ? error : Object.assign(error, LINE_LOST);
}

/** As a socket says it: Prisma takes all three for the mark of one. */
const LINE_LOST = { code: "ECONNRESET", syscall: "read", errno: -constants.errno.ECONNRESET };

/** How the driver tells all that wait for an answer that there will be none; it does not declare it. */
interface Forsaking {
  _errorAllQueries(error: Error): void;
}

/** What the driver knows of its line and does not declare. */
interface Line {
  /** False from a statement's sending to its answer; undefined until connected. */
  readonly readyForQuery?: boolean;
  readonly connection: {
    /** Also when it has connected long ago. */
    readonly _connecting?: boolean;
    readonly stream: { readonly bytesRead: number; destroy(reason?: Error): unknown };
  };
}

const open = new Set<BoundedClient>();
let looking: NodeJS.Timeout | undefined;

/** One timer for all: a timer for each statement would cost more than most of them. */
function watch(client: BoundedClient): void {
  open.add(client);
  client.on("end", () => {
    open.delete(client);
    if (open.size > 0) return;
    clearInterval(looking);
    looking = undefined;
  });
  looking ??= setInterval(() => open.forEach((each) => each.look()), LOOK_EVERY_MS).unref();
}

export interface BoundedClientConfig extends ClientConfig {
  /** For what is always answered at once: less than the usual time of silence. */
  readonly timeoutMs?: number;
}

/**
 * A connection on which nobody waits forever: one that owes an answer and falls silent (a black hole, a network that
 * forgot it) is closed within 4 seconds. The driver's own `query_timeout` only stops waiting: the next statement
 * would queue behind the one that is never answered.
 */
export class BoundedClient extends Client {
  readonly #timeoutMs: number;
  #silentLooks = 0;
  #silentSinceMs = 0;
  #bytesHeard = 0;
  #heardAtMs = performance.now();

  constructor({ timeoutMs = TIMEOUT_MS, ...config }: BoundedClientConfig) {
    super({ keepAlive: true, ...config });
    this.#timeoutMs = timeoutMs;
    // Whoever waits for its answer is told by a rejection; without a listener it would end the process.
    this.on("error", () => undefined);
    watch(this);
  }

  _errorAllQueries(error: Error): void {
    (Client.prototype as unknown as Forsaking)._errorAllQueries.call(this, withCode(error));
  }

  look(): void {
    const { readyForQuery, connection } = this as unknown as Line;
    const { bytesRead } = connection.stream;
    const owesAnswer = readyForQuery === undefined ? connection._connecting === true : !readyForQuery;
    const isHeard = bytesRead !== this.#bytesHeard;
    const isSilent = owesAnswer && !isHeard;
    this.#bytesHeard = bytesRead;
    if (isHeard) this.#heardAtMs = performance.now();
    this.#silentLooks = isSilent ? this.#silentLooks + 1 : 0;
    if (this.#silentLooks <= 1) this.#silentSinceMs = performance.now();
    if (isSilent) this.onSilence(this.silentMs, this.#silentLooks);
  }

  /** For how long it has owed an answer and said nothing. */
  get silentMs(): number {
    return this.#silentLooks === 0 ? 0 : performance.now() - this.#silentSinceMs;
  }

  /** When something came from it last, give or take a look. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Ends it without asking the other side; what waits for an answer is told so. */
  giveUp(reason: Error = new SilentConnectionError(this.#silentSinceMs)): void {
    (this as unknown as Line).connection.stream.destroy(reason);
  }

  protected onSilence(lastsMs: number, looks: number): void {
    if (lastsMs >= this.#timeoutMs && looks >= FEWEST_LOOKS) this.giveUp();
  }

  override end(): Promise<void>;
  override end(callback: (error: Error) => void): void;
  override end(callback?: (error: Error) => void): Promise<void> | void {
    const leave = setTimeout(() => (this as unknown as Line).connection.stream.destroy(), GOODBYE_MS).unref();
    this.on("end", () => clearTimeout(leave));
    return callback ? super.end(callback) : super.end();
  }
}
