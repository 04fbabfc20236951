import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

/** So many files are forgotten by one statement, each of ten thousand rows at most: it takes a part of its time-out. */
const BATCH_SIZE = 5;

/** Forgets what was uploaded and not started within a week: whoever uploads again forgets the account's own sooner. */
export async function purgeTriedImports(_permit: Permit<"imports.forget">, now: Date): Promise<void> {
  for (let gone = BATCH_SIZE; gone === BATCH_SIZE;)
    gone = await bookkeepingDb().$executeRaw`
      DELETE FROM imports WHERE id IN (
        SELECT id FROM imports WHERE started_at IS NULL AND created_at < ${now}::timestamptz - interval '7 days'
        ORDER BY id LIMIT ${BATCH_SIZE} FOR UPDATE SKIP LOCKED)`;
}
