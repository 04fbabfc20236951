import "server-only";
import { PrismaPg } from "@prisma/adapter-pg";

import { PrismaClient, type Prisma } from "@/generated/prisma/client";
import { commitOutcome, type TransactionMark } from "./commit-outcome";
import { isRolledBack } from "./errors";
import { outcomeUnknown, unavailable } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { writePool } from "./pool";
import { singleton } from "@/lib/platform/singleton";

/** A transaction that may write. */
export type Tx = Prisma.TransactionClient;

function writeClient(): PrismaClient {
  return singleton("write-client", () => new PrismaClient({ adapter: new PrismaPg(writePool()) }));
}

/** A transaction whose work is done, as far as it is concerned. */
interface Reached<T> {
  readonly result: T;
  readonly mark: TransactionMark | null;
}

/**
 * One transaction, read committed; for `mutate`, and for bookkeeping that somebody waits for. Where the answer to
 * COMMIT is lost, the database is asked what became of it: what was committed is answered as ever.
 * @throws DomainError unavailable where it is known that nothing was changed, outcome_unknown where nothing is known
 */
export async function writeTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  let reached: Reached<T> | undefined;
  const run = async (tx: Tx): Promise<void> => {
    const result = await work(tx);
    reached = { result, mark: await markOf(tx) };
  };
  try {
    await writeClient().$transaction(run, { maxWait: 2000, timeout: 10_000 });
  } catch (error) {
    // Until the work is done no COMMIT is sent; and a server that says why it refuses one has undone everything.
    if (reached === undefined || isRolledBack(error)) throw error;
    await requireCommitted(reached.mark, error);
  }
  if (reached === undefined) throw new Error("a transaction ended without its work");
  return reached.result;
}

/** Read last: a transaction that wrote nothing has no number, and nothing that could be lost. */
async function markOf(tx: Tx): Promise<TransactionMark | null> {
  const [mark] = await tx.$queryRaw<{ xid: string | null; servedSince: string }[]>`
    SELECT pg_current_xact_id_if_assigned()::text AS xid, pg_postmaster_start_time()::text AS "servedSince"`;
  return mark === undefined || mark.xid === null ? null : { ...mark, xid: mark.xid };
}

async function requireCommitted(mark: TransactionMark | null, error: unknown): Promise<void> {
  if (mark === null) return;
  const outcome = await commitOutcome(mark);
  log().warn({ err: error, outcome }, "the answer to a COMMIT was lost, and the database was asked what became of it");
  if (outcome === "aborted") throw unavailable();
  if (outcome === "unknown") throw outcomeUnknown();
}

/**
 * The named door for bookkeeping that nobody audits (usage, sessions, sign-in links, the outbox):
 * lint allows it in a few listed files.
 */
export function bookkeepingDb(): PrismaClient {
  return writeClient();
}
