import "server-only";
import { setTimeout as sleep } from "node:timers/promises";

import type { Permit } from "@/lib/auth/permit";
import { Slots } from "@/lib/jobs/slots";
import { log } from "@/lib/platform/log";
import { singleton } from "@/lib/platform/singleton";
import { safeFetch, type SafeFetch } from "@/lib/platform/outside/safe-fetch";
import { isGivenUp } from "../policy";
import {
  cancelOfDisabled,
  claimDeliveries,
  handBack,
  isAnyPending,
  readOutlook,
  type ClaimedDelivery,
} from "./claim-deliveries";
import { disableForFailures } from "./disable-for-failures";
import { recordOutcome } from "./record-outcome";
import { sendDelivery } from "./send-delivery";

type Sender = Permit<"webhooks.deliver">;

interface Claimer {
  readonly permit: Sender;
  readonly readNow: () => Promise<Date>;
}

interface DispatcherOptions {
  readonly fetch?: SafeFetch;
  /** From 0 up to but not 1. */
  readonly random?: () => number;
}

const SLOTS = 512;
const MAX_EACH = 10;
const MAX_FAILING = 128;
/** Claimed in batches, not one by one. */
const GATHER_MS = 5;
/** Also without being woken: another worker may have died over its own. */
const POLL_MS = 10_000;
/** Where nothing waits at all: what another takes meanwhile is his for longer than that, should he die over it. */
const POLL_NOTHING_MS = 30_000;
const POLL_UNDER_WAY_MS = 1_000;
const GRACE_MS = 10_000;
const GONE = 410;

/** Sends deliveries side by side, bounded for each endpoint, each account and in all. One a process. */
export class Dispatcher {
  readonly #slots = new Slots<ClaimedDelivery>(SLOTS);
  readonly #underWay = new Map<ClaimedDelivery, Promise<void>>();
  readonly #fetch: SafeFetch;
  readonly #random: () => number;
  #claimer: Claimer | null = null;
  #running: Promise<void> | null = null;
  #isWanted = false;
  #isStopped = false;
  #isAbandoned = false;
  #timer: NodeJS.Timeout | undefined;
  #plannedAt = Number.POSITIVE_INFINITY;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor({ fetch = safeFetch(), random = Math.random }: DispatcherOptions = {}) {
    this.#fetch = fetch;
    this.#random = random;
  }

  /** Begins to send what is due; resolves when a batch of it is under way, and goes on with the rest by itself. */
  async wake(permit: Sender, readNow: Claimer["readNow"]): Promise<void> {
    if (this.#isStopped) return;
    this.#claimer = { permit, readNow };
    await this.#look(this.#claimer);
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
    await handBack([...this.#underWay.keys()]);
    this.#fetch.close();
  }

  #run(): Promise<void> {
    this.#isWanted = true;
    this.#running ??= this.#drain().finally(() => (this.#running = null));
    return this.#running;
  }

  /** What finds no place is looked for again as soon as one comes free: nobody is kept waiting here. */
  async #drain(): Promise<void> {
    while (this.#isWanted && this.#claimer !== null && !this.#isStopped && this.#slots.free > 0) {
      this.#isWanted = false;
      if ((await this.#claimBatch(this.#claimer)) > 0) this.#againIn(GATHER_MS);
    }
  }

  async #claimBatch({ permit, readNow }: Claimer): Promise<number> {
    const now = await readNow();
    await this.#sweep(now);
    const room = { roomEach: MAX_EACH, roomForFailing: MAX_FAILING };
    const claimed = await claimDeliveries({ now, slots: this.#slots, ...room });
    for (const delivery of claimed) this.#begin(delivery, now, permit);
    return claimed.length;
  }

  async #sweep(now: Date): Promise<void> {
    if (performance.now() - this.#sweptAt < POLL_MS) return;
    this.#sweptAt = performance.now();
    await cancelOfDisabled(now);
  }

  #begin(delivery: ClaimedDelivery, sentAt: Date, permit: Sender): void {
    const work = this.#attempt(delivery, sentAt, permit)
      .catch((error: unknown) => log().error({ err: error, delivery: delivery.id }, "a delivery was not recorded"))
      .finally(() => {
        this.#underWay.delete(delivery);
        this.#slots.leave(delivery);
        this.#againIn(GATHER_MS);
      });
    this.#underWay.set(delivery, work);
    const { accountId, webhookId: lineId, isFailing } = delivery;
    this.#slots.take(delivery, { accountId, lineId, isFailing });
  }

  async #attempt(delivery: ClaimedDelivery, sentAt: Date, permit: Sender): Promise<void> {
    const outcome = await sendDelivery(delivery, sentAt, this.#fetch.post, this.#random);
    if (this.#isAbandoned) return;
    const { counted, failingSince } = await recordOutcome(outcome);
    if (!counted) return;
    if (outcome.attempt.responseStatus === GONE) await disableForFailures(permit, delivery, "gone");
    else if (isGivenUp(failingSince, sentAt)) await disableForFailures(permit, delivery, "failing");
  }

  async #planNext({ readNow }: Claimer): Promise<void> {
    if (this.#underWay.size > 0) return this.#againIn(POLL_UNDER_WAY_MS);
    const { dueInMs, isAnyPending: waits } = await readOutlook(await readNow());
    if (!waits) return this.#againIn(POLL_NOTHING_MS);
    this.#againIn(Math.min(Math.max(dueInMs ?? POLL_MS, GATHER_MS), POLL_MS));
  }

  /** The earliest of all plans counts. Nobody waits for this one: what fails is tried again later. */
  #againIn(ms: number): void {
    const claimer = this.#claimer;
    const at = performance.now() + ms;
    if (claimer === null || this.#isStopped || at >= this.#plannedAt) return;
    clearTimeout(this.#timer);
    this.#plannedAt = at;
    const look = () => {
      this.#plannedAt = Number.POSITIVE_INFINITY;
      return this.#look(claimer).catch((error: unknown) => {
        log().warn({ err: error }, "deliveries were not looked for; it is tried again");
        this.#againIn(POLL_MS);
      });
    };
    this.#timer = setTimeout(() => void look(), ms).unref();
  }

  async #look(claimer: Claimer): Promise<void> {
    if (this.#underWay.size === 0 && !(await isAnyPending())) return this.#againIn(POLL_NOTHING_MS);
    await this.#run();
    await this.#planNext(claimer);
  }
}

const place = () => singleton("webhook-dispatcher", () => ({ current: null as Dispatcher | null }));

/** The process's own. */
export function dispatcher(): Dispatcher {
  return (place().current ??= new Dispatcher());
}

/** The next one who asks begins anew. */
export async function stopDispatcher(): Promise<void> {
  const { current } = place();
  place().current = null;
  await current?.stop();
}
