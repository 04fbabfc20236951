import "server-only";
import { setTimeout as sleep } from "node:timers/promises";

import { bookkeepingDb } from "@/lib/platform/database/write-db";

/** The provider takes 2 mails a second from all instances together: with this between two, no second ever sees a third. */
const BETWEEN_MAILS_MS = 600;
/** Further ahead than so many mails can be: then the database's clock was set back. */
const FARTHEST_SECONDS = 60;

/** Takes the next instant at which a mail may go to the provider, and waits for it. */
export async function takeMailSlot(): Promise<void> {
  const [slot] = await bookkeepingDb().$queryRaw<{ waitMs: number }[]>`
    INSERT INTO mail_pace AS pace (id, next_at) VALUES (1, clock_timestamp() + make_interval(secs => ${BETWEEN_MAILS_MS / 1000}))
    ON CONFLICT (id) DO UPDATE SET next_at = CASE
      WHEN pace.next_at > clock_timestamp() + make_interval(secs => ${FARTHEST_SECONDS}) THEN excluded.next_at
      ELSE greatest(pace.next_at, clock_timestamp()) + make_interval(secs => ${BETWEEN_MAILS_MS / 1000}) END
    RETURNING (extract(epoch FROM next_at - clock_timestamp()) * 1000)::int - ${BETWEEN_MAILS_MS}::int AS "waitMs"`;
  if (slot !== undefined && slot.waitMs > 0) await sleep(slot.waitMs);
}
