import type { Account, User } from "@/generated/prisma/client";
import { databaseNow } from "@/lib/platform/database/db";
import { bookkeepingDb, type Tx } from "@/lib/platform/database/write-db";
import { longTransaction } from "@/testing/long-transaction";
import { suppressPastNotices } from "@/testing/suppress-past-notices";

const KEYS_PER_STATEMENT = 10_000;
/** The newest, which are still good. An account may have 50 active ones. */
const ALIVE = 20;

/** Which customers the keys reach, in turn; an empty list = all. */
type Reaches = readonly (readonly Pick<Account, "id">[])[];

interface KeyBatch {
  readonly accountId: number;
  readonly creatorIds: readonly number[];
  readonly reaches: Reaches;
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/** Writes the keys number `from` to `to` of `count`; whoever wrote them knows no token of theirs. */
function insertKeys(tx: Tx, { accountId, creatorIds, reaches, from, to, count }: KeyBatch): Promise<number> {
  const customers = JSON.stringify(reaches.map((reach) => reach.map(({ id }) => id)));
  const turns = reaches.length;
  return tx.$executeRaw`
    WITH reaches AS (
      SELECT turn::int - 1 AS turn, (SELECT array_agg(customer::int ORDER BY customer::int) FROM jsonb_array_elements_text(reach) AS customer) AS customers
      FROM jsonb_array_elements(${customers}::jsonb) WITH ORDINALITY AS given(reach, turn)
    ), drawn AS (
      SELECT number, ${count}::int - number < ${ALIVE}::int AS alive, sha256(convert_to(gen_random_uuid()::text, 'UTF8')) AS hash,
        random() AS how, random() AS which, random() AS usage, (random() * 12)::int AS resource,
        CASE WHEN ${count}::int - number < ${ALIVE}::int
          THEN now() - make_interval(hours => 1 + (${count}::int - number) * 24)
          ELSE now() - interval '13 months' - (${count}::int - number) * (interval '5 years' / ${count}::int) END AS created_at
      FROM generate_series(${from}::int, ${to}::int) AS number
    ), facts AS (
      SELECT *, CASE WHEN alive OR which < 0.7 THEN 12 WHEN which < 0.9 THEN 6 ELSE 3 END AS months,
        'fah_' || substr(translate(encode(hash, 'base64'), '+/=', 'xyz'), 1, 6) AS prefix
      FROM drawn
    ), made AS (
      INSERT INTO api_keys (account_id, created_by_id, name, prefix, api_version, scopes, term_months, warn_days, created_at, updated_at,
        expires_at, revoked_at, revoked_reason, all_customers, customer_ids)
      SELECT ${accountId}, (${[...creatorIds]}::int[])[1 + number % ${creatorIds.length}::int],
        (ARRAY['Warehouse','Telematics','Depot','Fuel card','Website','Payroll','Dispatch','Insurance','Workshop','Driver app','Parts','Toll'])[1 + (which * 11.99)::int % 12]
          || ' ' || (ARRAY['sync','import','export','bridge','report','connector','dashboard','backup'])[1 + (how * 7.99)::int % 8] || ' ' || number,
        prefix, (ARRAY['2023-03-01','2024-01-01','2024-03-15','2024-06-30','2025-05-05'])[1 + least(4, (sqrt(usage) * 5)::int)],
        CASE WHEN resource = 0 THEN ARRAY['webhooks.write'] WHEN resource < 4 THEN ARRAY['vehicles.read','contacts.read']
          WHEN resource < 6 THEN ARRAY['fuel_entries.write'] ELSE ARRAY['vehicles.read'] END,
        months, CASE WHEN months < 6 THEN 30 ELSE 90 END, created_at, created_at, created_at + make_interval(months => months),
        -- Half of the old ones ran out by themselves.
        CASE WHEN NOT alive AND how < 0.5 THEN created_at + make_interval(days => 1 + (usage * 85)::int) END,
        CASE WHEN NOT alive AND how < 0.5 THEN (CASE WHEN which < 0.02 THEN 'reported_leaked' ELSE 'by_hand' END)::revoked_reason END,
        reach.customers IS NULL, reach.customers
      FROM facts LEFT JOIN reaches reach ON reach.turn = number % ${turns}::int
      ORDER BY number
      RETURNING id, prefix, created_at, customer_ids
    ), reached AS (
      INSERT INTO api_key_customers (api_key_id, account_id)
      SELECT id, unnest(customer_ids) FROM made
    )
    INSERT INTO api_key_tokens (api_key_id, hash, prefix, last4, created_at)
    SELECT id, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), prefix, substr(md5(id::text), 1, 4), created_at FROM made`;
}

/** Most were used within their first months. */
function noteUses(tx: Tx, accountId: number): Promise<number> {
  return tx.$executeRaw`
    UPDATE api_key_uses u SET last_used_at = least(k.created_at + make_interval(days => (drawn.usage * 85)::int), now()),
      last_used_ip = '203.0.113.' || (1 + k.id % 254)
    FROM (SELECT id, random() AS usage FROM (SELECT id FROM api_keys WHERE account_id = ${accountId} ORDER BY id) ordered) drawn
    JOIN api_keys k USING (id)
    WHERE u.id = k.id AND u.last_used_at IS NULL AND drawn.usage > 0.15`;
}

/** So many keys in one account, all but the newest few revoked or expired, for trying things at scale. */
export async function makeManyApiKeys(
  account: Pick<Account, "id">,
  creators: readonly Pick<User, "id">[],
  count: number,
  reaches: Reaches = [[]],
): Promise<void> {
  const creatorIds = creators.map(({ id }) => id);
  for (let from = 1; from <= count; from += KEYS_PER_STATEMENT) {
    const to = Math.min(count, from + KEYS_PER_STATEMENT - 1);
    await longTransaction(async (tx) => {
      // The same keys every time: what a list costs hangs on them.
      await tx.$executeRaw`SELECT setseed(${from / count}::float8)`;
      return insertKeys(tx, { accountId: account.id, creatorIds, reaches, from, to, count });
    });
  }
  await longTransaction(async (tx) => {
    await tx.$executeRaw`SELECT setseed(0.5)`;
    return noteUses(tx, account.id);
  });
  await suppressPastNotices(account, await databaseNow());
  // The planner must know of them before autovacuum finds the time.
  await bookkeepingDb().$executeRaw`ANALYZE api_keys, api_key_customers, api_key_uses, api_key_tokens`;
}
