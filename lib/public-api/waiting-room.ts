import { Prisma, readSql } from "@/lib/platform/database/db";
import { databaseState } from "@/lib/platform/database/state";
import { log } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";

/** How often the accounts are looked at where the database does not call. */
const LOOK_EVERY_MS = 1000;
const MOST_OF_A_KEY = 10;

/** Somebody who waits for a change of an account. */
export interface WaitingPlace {
  /** Resolves with the next change, or once there is no more waiting. */
  changed(): Promise<void>;
  /** The time is up, the process stops, or there was no place. */
  isOver(): boolean;
  leave(): void;
}

interface Entering {
  readonly apiKeyId: number;
  readonly accountId: number;
  readonly waitMs: number;
}

const NO_PLACE: WaitingPlace = { changed: () => Promise.resolve(), isOver: () => true, leave: () => undefined };

class Place implements WaitingPlace {
  readonly #onLeave: (place: Place) => void;
  readonly #timer: NodeJS.Timeout;
  #hasChanged = false;
  #isOver = false;
  #wake: (() => void) | null = null;

  constructor(
    readonly apiKeyId: number,
    readonly accountId: number,
    waitMs: number,
    onLeave: (place: Place) => void,
  ) {
    this.#onLeave = onLeave;
    this.#timer = setTimeout(() => this.end(), waitMs);
  }

  isOver(): boolean {
    return this.#isOver;
  }

  /** What changed since it last resolved counts too: between a look and the waiting nothing is missed. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#hasChanged = false;
        this.#wake = null;
        resolve();
      };
      if (this.#hasChanged || this.#isOver) wake();
      else this.#wake = wake;
    });
  }

  tell(): void {
    this.#hasChanged = true;
    this.#wake?.();
  }

  end(): void {
    this.#isOver = true;
    this.tell();
  }

  leave(): void {
    clearTimeout(this.#timer);
    this.#onLeave(this);
    this.end();
  }
}

interface Watched {
  readonly places: Set<Place>;
  /** The account's last sequence, as it was last looked at; null before. */
  seen: number | null;
}

/** Where requests wait for changes, without a connection to the database: one listens for all of them. */
class WaitingRoom {
  readonly #accounts = new Map<number, Watched>();
  readonly #ofKey = new Map<number, number>();
  #timer: NodeJS.Timeout | null = null;
  #isOpen = true;

  constructor() {
    databaseState().listen("account_changes", (payload) => {
      if (payload === null) void this.#look();
      else this.#tell(Number(payload));
    });
  }

  open(): void {
    this.#isOpen = true;
  }

  /** Whoever waits is answered now, and nobody waits any more. */
  close(): void {
    this.#isOpen = false;
    for (const { places } of this.#accounts.values()) for (const place of places) place.end();
  }

  /** How many wait, and how many of them of one key. */
  count(): number {
    return [...this.#ofKey.values()].reduce((sum, waiting) => sum + waiting, 0);
  }

  waitingOf(apiKeyId: number): number {
    return this.#ofKey.get(apiKeyId) ?? 0;
  }

  /** Before the first look: what changes after it is told. */
  enter({ apiKeyId, accountId, waitMs }: Entering): WaitingPlace {
    const waiting = this.waitingOf(apiKeyId);
    if (waitMs <= 0 || !this.#isOpen || waiting >= MOST_OF_A_KEY) return NO_PLACE;
    const place = new Place(apiKeyId, accountId, waitMs, (left) => this.#forget(left));
    const watched = this.#accounts.get(accountId) ?? { places: new Set(), seen: null };
    watched.places.add(place);
    this.#accounts.set(accountId, watched);
    this.#ofKey.set(apiKeyId, waiting + 1);
    this.#timer ??= setInterval(() => {
      if (!databaseState().isListening("account_changes")) void this.#look();
    }, LOOK_EVERY_MS).unref();
    return place;
  }

  #forget(place: Place): void {
    const watched = this.#accounts.get(place.accountId);
    if (watched?.places.delete(place) !== true) return;
    if (watched.places.size === 0) this.#accounts.delete(place.accountId);
    const left = (this.#ofKey.get(place.apiKeyId) ?? 1) - 1;
    if (left > 0) this.#ofKey.set(place.apiKeyId, left);
    else this.#ofKey.delete(place.apiKeyId);
    if (this.#accounts.size > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #tell(accountId: number): void {
    for (const place of this.#accounts.get(accountId)?.places ?? []) place.tell();
  }

  /** One statement for all accounts that somebody waits for. */
  async #look(): Promise<void> {
    const ids = [...this.#accounts.keys()];
    if (ids.length === 0) return;
    try {
      const heads = await readSql<{ accountId: number; sequence: number }>(Prisma.sql`
        SELECT account_id AS "accountId", sequence FROM audit_heads WHERE account_id = ANY(${ids}::int[])`);
      for (const { accountId, sequence } of heads) {
        const watched = this.#accounts.get(accountId);
        if (watched === undefined || watched.seen === sequence) continue;
        watched.seen = sequence;
        this.#tell(accountId);
      }
    } catch (error) {
      log().debug({ err: error }, "the accounts that somebody waits for could not be looked at");
    }
  }
}

/** The one of this process. */
export function waitingRoom(): WaitingRoom {
  return singleton("waiting-room", () => new WaitingRoom());
}
