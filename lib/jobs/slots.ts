import "server-only";

/** Who holds a slot, and where it goes to: an endpoint, a flow. */
export interface SlotHolder {
  readonly accountId: number;
  readonly lineId: number;
  /** Its last attempt failed. */
  readonly isFailing: boolean;
}

/** How many slots an account holds, or one of its lines; of these so many in lines that fail. */
export interface HeldSlots {
  readonly id: number;
  readonly count: number;
  readonly failing: number;
}

/**
 * Slots beside the queue for what waits for somebody outside: many more than the queue has hands, since a socket that
 * waits costs little. Whoever claims work asks here who holds what, and lets an account hold at most as many as are free
 * after that (`lib/webhooks/deliveries/claim-deliveries.ts`): alone it has half of them, beside others each the same, and whoever
 * comes later finds some free without anybody having to give one up.
 */
export class Slots<T> {
  readonly #holders = new Map<T, SlotHolder>();

  constructor(readonly size: number) {}

  get free(): number {
    return this.size - this.#holders.size;
  }

  take(work: T, holder: SlotHolder): void {
    this.#holders.set(work, holder);
  }

  leave(work: T): void {
    this.#holders.delete(work);
  }

  byAccount(): HeldSlots[] {
    return this.#count(({ accountId }) => accountId);
  }

  byLine(): HeldSlots[] {
    return this.#count(({ lineId }) => lineId);
  }

  /** Of all that are held, those in lines that fail. */
  get failing(): number {
    return [...this.#holders.values()].filter(({ isFailing }) => isFailing).length;
  }

  #count(idOf: (holder: SlotHolder) => number): HeldSlots[] {
    const counted = new Map<number, { id: number; count: number; failing: number }>();
    for (const holder of this.#holders.values()) {
      const id = idOf(holder);
      const held = counted.get(id) ?? { id, count: 0, failing: 0 };
      held.count += 1;
      if (holder.isFailing) held.failing += 1;
      counted.set(id, held);
    }
    return [...counted.values()];
  }
}
