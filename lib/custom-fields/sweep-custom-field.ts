import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { recordTable } from "./queries";
import type { CustomFieldRef } from "./schema";

/** Records a statement looks at: whoever changes one of them meanwhile waits for no more than that. */
const BATCH = 500;

/** Longer than any change that read the definition before it was deleted can take. */
const LAST_WRITERS_SECONDS = 60;

/**
 * Takes a deleted field's values out of the records, which nobody is shown any more: no change that anybody has to
 * hear of. The definition follows a minute later, when no writer who had still read it can put a value back.
 */
export async function sweepCustomField(
  _permit: Permit<"customFields.sweep">,
  { id }: CustomFieldRef,
  readNow: () => Promise<Date>,
): Promise<void> {
  const field = await bookkeepingDb().customField.findFirst({
    where: { id, deletedAt: { not: null } },
    select: { accountId: true, recordType: true, key: true, deletedAt: true },
  });
  if (field?.deletedAt == null) return;
  // Asked before the sweep: what is written while it runs counts as a last writer's.
  const isOld = (await readNow()).getTime() - field.deletedAt.getTime() > LAST_WRITERS_SECONDS * 1000;
  const { accountId, key } = field;
  const table = recordTable(field.recordType);
  for (let after: number | null = 0; after !== null;) {
    const [seen]: { last: number | null }[] = await bookkeepingDb().$queryRaw<{ last: number | null }[]>(Prisma.sql`
      WITH seen AS (SELECT id FROM ${table} WHERE account_id = ${accountId} AND id > ${after} ORDER BY id LIMIT ${BATCH}),
      swept AS (UPDATE ${table} SET custom_fields = custom_fields - ${key}::text
        WHERE account_id = ${accountId} AND id IN (SELECT id FROM seen) AND jsonb_exists(custom_fields, ${key}))
      SELECT max(id) AS last FROM seen`);
    after = seen?.last ?? null;
  }
  if (isOld) await bookkeepingDb().customField.deleteMany({ where: { id, accountId, deletedAt: { not: null } } });
  else
    await bookkeepingDb().$executeRaw`
      SELECT graphile_worker.add_job('customFields.sweep', ${JSON.stringify({ id })}::json,
        run_at => clock_timestamp() + make_interval(secs => ${LAST_WRITERS_SECONDS + 1}), job_key => ${`customFields.sweep/${id}`})`;
}
