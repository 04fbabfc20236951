import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Places } from "@/lib/jobs/places";
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

interface DispatcherOptions {
  readonly fetch?: SafeFetch;
  /** From 0 up to but not 1. */
  readonly random?: () => number;
}

const SLOTS = 512;
const MAX_EACH = 10;
const MAX_FAILING = 128;
const SWEEP_MS = 10_000;
const GONE = 410;

/** Sends deliveries side by side, bounded for each endpoint, each account and in all. One a process. */
export class Dispatcher {
  readonly #places: Places<ClaimedDelivery>;
  readonly #fetch: SafeFetch;
  readonly #random: () => number;
  #permit: Sender | null = null;
  #sweptAt = Number.NEGATIVE_INFINITY;

  constructor({ fetch = safeFetch(), random = Math.random }: DispatcherOptions = {}) {
    this.#fetch = fetch;
    this.#random = random;
    this.#places = new Places({
      what: "deliveries",
      size: SLOTS,
      claim: async (now, slots) => {
        await this.#sweep(now);
        return claimDeliveries({ now, slots, roomEach: MAX_EACH, roomForFailing: MAX_FAILING });
      },
      holderOf: ({ accountId, webhookId, isFailing }) => ({ accountId, lineId: webhookId, isFailing }),
      perform: (delivery, sentAt, isAbandoned) => this.#attempt(delivery, sentAt, isAbandoned),
      handBack,
      readOutlook,
      isAnyPending,
    });
  }

  /** Begins to send what is due; resolves when a batch of it is under way, and goes on with the rest by itself. */
  async wake(permit: Sender, readNow: () => Promise<Date>): Promise<void> {
    this.#permit = permit;
    await this.#places.wake(readNow);
  }

  /** Until nothing is under way. */
  settle(): Promise<void> {
    return this.#places.settle();
  }

  /** Lets what is under way finish for a while, then hands the rest back. */
  async stop(graceMs?: number): Promise<void> {
    await this.#places.stop(graceMs);
    this.#fetch.close();
  }

  async #sweep(now: Date): Promise<void> {
    if (performance.now() - this.#sweptAt < SWEEP_MS) return;
    this.#sweptAt = performance.now();
    await cancelOfDisabled(now);
  }

  async #attempt(delivery: ClaimedDelivery, sentAt: Date, isAbandoned: () => boolean): Promise<void> {
    const permit = this.#permit;
    if (permit === null) throw new Error("nobody has asked for deliveries to be sent");
    const outcome = await sendDelivery(delivery, sentAt, this.#fetch.post, this.#random);
    if (isAbandoned()) return;
    const { counted, failingSince } = await recordOutcome(outcome);
    if (!counted) return;
    if (outcome.attempt.responseStatus === GONE) await disableForFailures(permit, delivery, "gone");
    else if (isGivenUp(failingSince, sentAt)) await disableForFailures(permit, delivery, "failing");
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
