import type { Account } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { longTransaction } from "@/testing/long-transaction";

const ENTRIES_PER_STATEMENT = 50_000;

/**
 * So many entries in one account, one every 30 seconds up to now, for trying things at scale. Their hashes fit nothing.
 * Half are user 1's; the system's stand at the beginning alone; of action `apiKey.regenerated` there are few.
 */
export async function makeManyAuditEntries(account: Pick<Account, "id">, count: number): Promise<void> {
  for (let from = 1; from <= count; from += ENTRIES_PER_STATEMENT) {
    const to = Math.min(count, from + ENTRIES_PER_STATEMENT - 1);
    await longTransaction(
      (tx) => tx.$executeRaw`
      INSERT INTO audit_entries (account_id, sequence, occurred_at, actor_kind, actor_id, actor_name, action, record_type, record_id,
        record_name, before, after, ip, request_id, previous_hash, hash)
      SELECT ${account.id}, number, date_trunc('milliseconds', now() - (${count}::int - number) * interval '30 seconds'),
        CASE WHEN number <= 2000 THEN 'system' WHEN number % 2 = 0 THEN 'user' ELSE 'apiKey' END,
        CASE WHEN number <= 2000 THEN NULL WHEN number % 2 = 0 THEN 1 ELSE 1 + number % 20 END,
        CASE WHEN number <= 2000 THEN 'Fleet Advisor Hub' WHEN number % 2 = 0 THEN 'Olivia West' ELSE 'Key ' || number % 20 END,
        CASE WHEN number % 100000 = 7 THEN 'apiKey.regenerated' WHEN number % 2 = 0 THEN 'vehicle.created' ELSE 'vehicle.edited' END,
        CASE WHEN number % 100000 = 7 THEN 'apiKey' ELSE 'vehicle' END, 1 + number % 5000,
        CASE WHEN number <= 20000 THEN 'Depot truck ' WHEN number % 100000 = 7 THEN 'Keycafe ' ELSE 'Vehicle ' END || number % 5000,
        jsonb_build_object('name', 'Vehicle ' || number, 'licensePlate', '=B-' || number),
        jsonb_build_object('name', 'Vehicle ' || number || ' renamed', 'licensePlate', 'B-' || number),
        '203.0.113.' || number % 250, gen_random_uuid()::text, sha256(number::text::bytea), sha256(number::text::bytea)
      FROM generate_series(${from}::int, ${to}::int) AS number`,
    );
  }
  await bookkeepingDb().$executeRaw`
    INSERT INTO audit_heads (account_id, sequence, hash) VALUES (${account.id}, ${count}, sha256('head'))`;
  // The planner must know of them before autovacuum finds the time.
  await bookkeepingDb().$executeRaw`ANALYZE audit_entries`;
}
