import "server-only";
import { setTimeout as sleep } from "node:timers/promises";

import { log } from "@/lib/platform/log";
import { Slots, type SlotHolder } from "./slots";

type ReadNow = () => Promise<Date>;

/** What is done in the places, and where it waits. */
export interface Waiting<Work> {
  /** For the log: "deliveries". */
  readonly what: string;
  /** How many are under way at once. */
  readonly size: number;
  /** Takes what is due, as much as each one's share leaves; nobody else does it meanwhile. */
  readonly claim: (now: Date, slots: Slots<Work>) => Promise<readonly Work[]>;
  readonly holderOf: (work: Work) => SlotHolder;
  /** Does it, and notes what came of it, unless it was abandoned meanwhile: then somebody else does it anew. */
  readonly perform: (work: Work, now: Date, isAbandoned: () => boolean) => Promise<void>;
  /** For who stops before it was done. */
  readonly handBack: (works: readonly Work[]) => Promise<void>;
  readonly readOutlook: (now: Date) => Promise<Outlook>;
  /** Whether one is due or to come, or is under way somewhere. */
  readonly isAnyPending: () => Promise<boolean>;
}

interface Outlook {
  /** How long until the next is due; null where none is to come. */
  readonly dueInMs: number | null;
  readonly isAnyPending: boolean;
}

/** Claimed in batches, not one by one. */
const GATHER_MS = 5;
/** Also without being woken: another worker may have died over its own. */
const POLL_MS = 10_000;
/** Where nothing waits at all: what another takes meanwhile is his for longer than that, should he die over it. */
const POLL_NOTHING_MS = 30_000;
const POLL_UNDER_WAY_MS = 1_000;
const GRACE_MS = 10_000;

/**
 * Does what waits for somebody outside, side by side, in places of its own: the queue's hands are free as soon as it is
 * under way, however long that takes.
 */
export class Places<Work> {
  readonly #slots: Slots<Work>;
  readonly #underWay = new Map<Work, Promise<void>>();
  readonly #waiting: Waiting<Work>;
  #readNow: ReadNow | null = null;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #isStopped = false;
  #isAbandoned = false;
  #timer: NodeJS.Timeout | undefined;
  #plannedAt = Number.POSITIVE_INFINITY;

  constructor(waiting: Waiting<Work>) {
    this.#waiting = waiting;
    this.#slots = new Slots(waiting.size);
  }

  /** Begins what is due; resolves when a batch of it is under way, and goes on with the rest by itself. */
  async wake(readNow: ReadNow): Promise<void> {
    if (this.#isStopped) return;
    this.#readNow = readNow;
    await this.#look(readNow);
  }

  /** Until nothing is under way. */
  async settle(): Promise<void> {
    while (this.#running !== null || this.#underWay.size > 0) {
      await Promise.all([this.#running, ...this.#underWay.values()]);
      await this.#run();
    }
  }

  /** Lets what is under way finish for a while, then hands the rest back. */
  async stop(graceMs = GRACE_MS): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running?.catch(() => undefined);
    await Promise.race([Promise.all(this.#underWay.values()), sleep(graceMs, undefined, { ref: false })]);
    this.#isAbandoned = true;
    await this.#waiting.handBack([...this.#underWay.keys()]);
  }

  #run(): Promise<void> {
    this.#isWanted = true;
    this.#running ??= this.#drain().finally(() => (this.#running = null));
    return this.#running;
  }

  /** What finds no place is looked for again as soon as one comes free: nobody is kept waiting here. */
  async #drain(): Promise<void> {
    while (this.#isWanted && this.#readNow !== null && !this.#isStopped && this.#slots.free > 0) {
      this.#isWanted = false;
      const now = await this.#readNow();
      const claimed = await this.#waiting.claim(now, this.#slots);
      for (const work of claimed) this.#begin(work, now);
      if (claimed.length > 0) this.#againIn(GATHER_MS);
    }
  }

  #begin(work: Work, now: Date): void {
    const { what, perform, holderOf } = this.#waiting;
    this.#slots.take(work, holderOf(work));
    const done = perform(work, now, () => this.#isAbandoned)
      .catch((error: unknown) => log().error({ err: error, what }, "something in line was not done, or not recorded"))
      .finally(() => {
        this.#underWay.delete(work);
        this.#slots.leave(work);
        this.#againIn(GATHER_MS);
      });
    this.#underWay.set(work, done);
  }

  async #planNext(readNow: ReadNow): Promise<void> {
    if (this.#underWay.size > 0) return this.#againIn(POLL_UNDER_WAY_MS);
    const { dueInMs, isAnyPending } = await this.#waiting.readOutlook(await readNow());
    if (!isAnyPending) return this.#againIn(POLL_NOTHING_MS);
    this.#againIn(Math.min(Math.max(dueInMs ?? POLL_MS, GATHER_MS), POLL_MS));
  }

  /** The earliest of all plans counts. Nobody waits for this one: what fails is tried again later. */
  #againIn(ms: number): void {
    const readNow = this.#readNow;
    const at = performance.now() + ms;
    if (readNow === null || this.#isStopped || at >= this.#plannedAt) return;
    clearTimeout(this.#timer);
    this.#plannedAt = at;
    const look = () => {
      this.#plannedAt = Number.POSITIVE_INFINITY;
      return this.#look(readNow).catch((error: unknown) => {
        log().warn({ err: error, what: this.#waiting.what }, "what is in line was not looked for; it is tried again");
        this.#againIn(POLL_MS);
      });
    };
    this.#timer = setTimeout(() => void look(), ms).unref();
  }

  async #look(readNow: ReadNow): Promise<void> {
    if (this.#underWay.size === 0 && !(await this.#waiting.isAnyPending())) return this.#againIn(POLL_NOTHING_MS);
    await this.#run();
    await this.#planNext(readNow);
  }
}
