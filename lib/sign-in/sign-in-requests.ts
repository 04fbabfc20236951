import "server-only";
import { bookkeepingDb } from "@/lib/platform/write-db";
import { LINKS_PER_ADDRESS, LINKS_PER_IP } from "./policy";
import type { SendLinkPayload } from "./schema";

/** Apart from every other use of advisory locks; each class is taken in this order. */
const LOCK_ADDRESS = 7301;
const LOCK_IP = 7302;

/** Sign-in mail goes before everything else; a link that cannot be sent for some minutes is asked for again. */
const PRIORITY = -10;
const MAX_ATTEMPTS = 6;

/**
 * Counts a request and queues its mail, or answers how many seconds until one is allowed again. Does the same work
 * for known and unknown addresses; requests that run at the same time are counted one after the other.
 */
export async function queueWithinLimits(payload: SendLinkPayload, ip: string): Promise<number | null> {
  const { email } = payload;
  return bookkeepingDb().$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK_ADDRESS}::int, hashtext(${email}))`;
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK_IP}::int, hashtext(${ip}))`;
      const [limits] = await tx.$queryRaw<{ waitSeconds: number | null }[]>`
        SELECT ceil(extract(epoch FROM greatest(
          (SELECT created_at FROM sign_in_requests
            WHERE email = ${email} AND created_at > statement_timestamp() - interval '1 hour'
            ORDER BY created_at DESC OFFSET ${LINKS_PER_ADDRESS - 1} LIMIT 1),
          (SELECT created_at FROM sign_in_requests
            WHERE ip = ${ip} AND created_at > statement_timestamp() - interval '1 hour'
            ORDER BY created_at DESC OFFSET ${LINKS_PER_IP - 1} LIMIT 1)
        ) + interval '1 hour' - statement_timestamp()))::int AS "waitSeconds"`;
      if (limits?.waitSeconds != null) return limits.waitSeconds;
      await tx.$executeRaw`
        INSERT INTO sign_in_requests (email, ip, created_at) VALUES (${email}, ${ip}, clock_timestamp())`;
      await tx.$executeRaw`
        SELECT graphile_worker.add_job('signIn.sendLink', ${JSON.stringify(payload)}::json,
          max_attempts => ${MAX_ATTEMPTS}::int, priority => ${PRIORITY}::int)`;
      return null;
    },
    { maxWait: 2000, timeout: 10_000 },
  );
}
