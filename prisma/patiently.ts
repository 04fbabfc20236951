import { bookkeepingDb, type Tx } from "@/lib/platform/write-db";

/** One transaction for much work at once: nobody waits for it, so it may take longer than a page's statements. */
export function patiently<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
  return bookkeepingDb().$transaction(
    async (tx) => {
      await tx.$executeRaw`SET LOCAL statement_timeout = '60s'`;
      return work(tx);
    },
    { timeout: 120_000 },
  );
}
