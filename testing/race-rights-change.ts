import { ADVISORY_LOCKS } from "@/lib/platform/database/advisory-locks";
import { bookkeepingDb, type Tx } from "@/lib/platform/database/write-db";

interface Waiter {
  readonly pid: number;
  readonly mode: string;
}

/** Who waits for the account's rights: asked until somebody does, or it is clear that nobody will. */
async function waiterFor(accountId: number): Promise<Waiter> {
  for (const since = performance.now(); performance.now() - since < 8000;) {
    const [found] = await bookkeepingDb().$queryRaw<Waiter[]>`
      SELECT pid, mode FROM pg_locks
      WHERE locktype = 'advisory' AND classid = ${ADVISORY_LOCKS.rights}::int::oid AND objid = ${accountId}::int::oid AND NOT granted`;
    if (found) return found;
  }
  throw new Error("nobody waits for this account's rights");
}

/**
 * Begins `act` while somebody else changes the account's people, who is through when `act` waits for him: what `act` was
 * let in by is gone when its turn comes. The answer is what came of `act`.
 */
export async function raceRightsChange<T>(
  account: { readonly id: number },
  act: () => Promise<T>,
  change: (tx: Tx, waiter: Waiter) => Promise<unknown>,
  hold: "alone" | "shared" = "alone",
): Promise<T> {
  const acts: Promise<T>[] = [];
  await bookkeepingDb().$transaction(
    async (tx) => {
      await (hold === "alone"
        ? tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.rights}::int, ${account.id}::int)`
        : tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(${ADVISORY_LOCKS.rights}::int, ${account.id}::int)`);
      const begun = act();
      // It is looked at below: until then its refusal is nobody's.
      begun.catch(() => undefined);
      acts.push(begun);
      await change(tx, await waiterFor(account.id));
    },
    { timeout: 15_000 },
  );
  const [begun] = acts;
  if (begun === undefined) throw new Error("nothing was begun");
  return begun;
}
