import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { STAGE_DAYS } from "@/lib/notifications/policy";
import { ADVISORY_LOCKS } from "@/lib/platform/database/advisory-locks";
import { Prisma } from "@/lib/platform/database/db";
import { presentApiKey, type PresentedApiKey } from "./presenter";

type Recorder = Permit<"apiKeys.recordExpiry">;

/** Keys of one transaction: the accounts' audit logs are held up no longer than that. */
const BATCH = 100;

/** A key at a stage, as it is written down. */
interface Reached extends PresentedApiKey {
  readonly accountId: number;
  readonly days: number;
}

/**
 * Writes down what time has done to the keys: each stage before the end once, and the end itself once. Decides
 * nothing: a key whose expiry has passed is refused at that instant, whether or not this runs.
 */
export async function recordExpiry(permit: Recorder, now: Date): Promise<void> {
  while (await recordBatch(permit, now));
}

/** The ends first. True while there may be more. Of two sweeps at a time one goes on. */
async function recordBatch(permit: Recorder, now: Date): Promise<boolean> {
  return mutate(permit, async (tx) => {
    const [turn] = await tx.$queryRaw<
      { mine: boolean }[]
    >`SELECT pg_try_advisory_xact_lock(${ADVISORY_LOCKS.expiryOfKeys}::int, 1) AS mine`;
    const ended = turn?.mine ? await recordEnds(tx, now) : [];
    const staged = turn?.mine && ended.length < BATCH ? await recordStages(tx, now, BATCH - ended.length) : [];
    const reached = [...ended, ...staged];
    return { result: reached.length === BATCH, events: reached.map(toEvent) };
  });
}

function toEvent(key: Reached): DomainEvent {
  const { accountId, days, id, name, expiresAt } = key;
  const record = { type: "apiKey", id, name } as const;
  const end = expiresAt.toISOString();
  if (days === 0) {
    return {
      name: "apiKey.expired",
      accountId,
      record,
      after: { reason: "expired", expiredAt: end },
      payload: presentApiKey(key),
    };
  }
  const payload = { ...presentApiKey(key), days_left: days };
  return { name: "apiKey.expiring", accountId, record, after: { daysLeft: days, expiresAt: end }, payload };
}

/** What the events tell of the keys of a relation `reached (api_key_id, expires_at, days)`. */
const REACHED = Prisma.sql`
  SELECT k.id, k.account_id AS "accountId", k.name, k.prefix, k.api_version AS "apiVersion", k.scopes, r.expires_at AS "expiresAt",
    r.days, k.all_customers AS "allCustomers", k.created_at AS "createdAt",
    json_build_object('id', a.id, 'name', a.name, 'token', a.token) AS account
  FROM reached r JOIN api_keys k ON k.id = r.api_key_id JOIN accounts a ON a.id = k.account_id
  ORDER BY k.account_id, k.id`;

/** A key that has ended is marked as what it is, at the instant of its end; who revoked it a moment ago was first. */
function recordEnds(tx: Tx, now: Date): Promise<Reached[]> {
  return tx.$queryRaw<Reached[]>`
    WITH ended AS (
      SELECT id FROM api_keys WHERE revoked_at IS NULL AND expires_at <= ${now}::timestamptz
      ORDER BY account_id, id LIMIT ${BATCH} FOR NO KEY UPDATE SKIP LOCKED
    ), marked AS (
      UPDATE api_keys SET revoked_at = expires_at, revoked_reason = 'expired', revision = revision + 1, updated_at = clock_timestamp()
      WHERE id IN (SELECT id FROM ended) AND revoked_at IS NULL AND expires_at <= ${now}::timestamptz
      RETURNING id AS api_key_id, expires_at, 0 AS days
    ), noted AS (
      INSERT INTO expiry_stages (api_key_id, expires_at, days, recorded_at)
      SELECT api_key_id, expires_at, days, ${now}::timestamptz FROM marked ON CONFLICT DO NOTHING
    ), reached AS (SELECT * FROM marked)
    ${REACHED}`;
}

/** Only the most urgent stage reached counts: those that passed while nobody looked are not made up for. */
function recordStages(tx: Tx, now: Date, limit: number): Promise<Reached[]> {
  const [first, ...stages] = STAGE_DAYS.filter((days) => days > 0).toReversed();
  const term = Prisma.sql`COALESCE(k.term_months * 30, k.term_days)`;
  const whens = [first, ...stages].map(
    (days) =>
      Prisma.sql`WHEN k.expires_at <= ${now}::timestamptz + make_interval(days => ${days}::int) AND ${days}::int < ${term} THEN ${days}::int`,
  );
  const longest = Math.max(...STAGE_DAYS);
  return tx.$queryRaw<Reached[]>`
    WITH due AS (
      SELECT k.id, k.account_id, k.expires_at, CASE ${Prisma.join(whens, " ")} END AS days
      FROM api_keys k
      WHERE k.revoked_at IS NULL AND k.expires_at > ${now}::timestamptz AND k.expires_at <= ${now}::timestamptz + make_interval(days => ${longest}::int)
    ), reached AS (
      INSERT INTO expiry_stages (api_key_id, expires_at, days, recorded_at)
      SELECT id, expires_at, days, ${now}::timestamptz FROM due
      WHERE days IS NOT NULL AND NOT EXISTS (
        SELECT FROM expiry_stages s WHERE s.api_key_id = due.id AND s.expires_at = due.expires_at AND s.days <= due.days)
      ORDER BY account_id, id LIMIT ${limit}
      ON CONFLICT DO NOTHING
      RETURNING api_key_id, expires_at, days
    )
    ${REACHED}`;
}
