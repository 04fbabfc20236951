import type { Account } from "@/generated/prisma/client";
import { STAGE_DAYS } from "@/lib/notifications/policy";
import { longTransaction } from "./long-transaction";

/**
 * Nobody lived through the past of made-up data, so nobody is mailed about it: what has ended is written down as
 * ended, and the stages that lie behind the other keys of the account as reached.
 */
export async function suppressPastNotices({ id }: Pick<Account, "id">, now: Date): Promise<void> {
  await longTransaction(async (tx) => {
    await tx.$executeRaw`
      UPDATE api_keys SET revoked_at = expires_at, revoked_reason = 'expired', updated_at = expires_at
      WHERE account_id = ${id} AND revoked_at IS NULL AND expires_at <= ${now}::timestamptz`;
    await tx.$executeRaw`
      INSERT INTO expiry_stages (api_key_id, expires_at, days, recorded_at, silent)
      SELECT k.id, k.expires_at, stage.days, k.expires_at - make_interval(days => stage.days), true
      FROM api_keys k JOIN unnest(${[...STAGE_DAYS]}::int[]) AS stage(days)
        ON k.expires_at - make_interval(days => stage.days) <= ${now}::timestamptz
      WHERE k.account_id = ${id} AND k.revoked_at IS NULL ON CONFLICT DO NOTHING`;
  });
}
