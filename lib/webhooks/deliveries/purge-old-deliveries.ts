import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { writePool } from "@/lib/platform/database/pool";
import { KEPT_DAYS } from "../policy";

const BATCH_SIZE = 2000;

/** In batches: a long statement would hold up deliveries. */
const FORGET_DELIVERIES = `
  DELETE FROM webhook_events WHERE id IN (
    SELECT id FROM webhook_events WHERE created_at < $1::timestamptz - make_interval(days => ${KEPT_DAYS}) AND status <> 'pending'
    ORDER BY created_at LIMIT ${BATCH_SIZE})`;
const FORGET_WEBHOOKS = `
  DELETE FROM webhooks w WHERE w.deleted_at < $1::timestamptz - make_interval(days => ${KEPT_DAYS})
    AND NOT EXISTS (SELECT FROM webhook_events e WHERE e.account_id = w.account_id AND e.webhook_id = w.id)`;

/** Deliveries are kept 30 days; a webhook that was deleted goes with the last of its own. */
export async function purgeOldDeliveries(_permit: Permit<"webhooks.forget">, now: Date): Promise<void> {
  for (let gone = BATCH_SIZE; gone === BATCH_SIZE;)
    gone = (await writePool().query(FORGET_DELIVERIES, [now])).rowCount ?? 0;
  await writePool().query(FORGET_WEBHOOKS, [now]);
}
