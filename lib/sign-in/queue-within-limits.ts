import "server-only";
import { ADVISORY_LOCKS } from "@/lib/platform/database/advisory-locks";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { writeTransaction } from "@/lib/platform/database/write-db";
import type { Network } from "@/lib/platform/network";
import { MAIL_PAUSE_MINUTES, MAILS_PER_HOUR, REQUESTS_PER_NETWORK, REQUESTS_PER_SITE } from "./policy";

/** Sign-in mail goes before everything else; a link that cannot be sent for some minutes is asked for again. */
const PRIORITY = -10;
const MAX_ATTEMPTS = 6;

/** What lies ahead is left from a clock that was set back: nobody waits for it. */
const isOfThisHour = Prisma.sql`created_at BETWEEN statement_timestamp() - interval '1 hour' AND statement_timestamp() + interval '1 minute'`;

interface Wait {
  readonly waitSeconds: number | null;
}

/** Until the oldest of the requests that use the network's hour up is an hour old; null where there is room. */
function waitOf({ network, site }: Network): Prisma.Sql {
  return Prisma.sql`
    SELECT ceil(extract(epoch FROM greatest(
      (SELECT created_at FROM sign_in_requests
        WHERE ip = ${network} AND ${isOfThisHour}
        ORDER BY created_at DESC OFFSET ${REQUESTS_PER_NETWORK - 1} LIMIT 1),
      (SELECT created_at FROM sign_in_requests
        WHERE site = ${site} AND ${isOfThisHour}
        ORDER BY created_at DESC OFFSET ${REQUESTS_PER_SITE - 1} LIMIT 1)
    ) + interval '1 hour' - statement_timestamp()))::int AS "waitSeconds"`;
}

/**
 * Counts a request, and queues its mail unless the last link mailed to the address is younger than two minutes and
 * unused: that one signs in as well. A job is queued in any case, to nobody where nothing is sent: what answers alike
 * takes alike.
 */
function countAndQueue(email: string, { network, site }: Network): Prisma.Sql {
  return Prisma.sql`
    WITH hour AS (
      SELECT count(*) AS mails,
        max(created_at) FILTER (WHERE created_at > statement_timestamp() - make_interval(mins => ${MAIL_PAUSE_MINUTES})) AS last
      FROM sign_in_requests
      WHERE email = ${email} AND sends_mail AND ${isOfThisHour}
    ), used AS (
      SELECT count(*) AS links, max(created_at) AS newest FROM sign_in_links
      WHERE email = ${email} AND used_at IS NOT NULL AND ${isOfThisHour}
    ), asked AS (
      INSERT INTO sign_in_requests (email, ip, site, created_at, sends_mail)
      SELECT ${email}, ${network}, ${site}, clock_timestamp(),
        (last IS NULL OR coalesce(newest >= last, false))
          AND mails - links < ${MAILS_PER_HOUR} AND links < ${MAILS_PER_HOUR}
      FROM hour, used RETURNING sends_mail
    )
    SELECT graphile_worker.add_job('signIn.sendLink',
      json_build_object('email', CASE WHEN sends_mail THEN ${email} ELSE '' END),
      max_attempts => ${MAX_ATTEMPTS}::int, priority => ${PRIORITY}::int) FROM asked`;
}

/**
 * Counts a request and queues its mail, or answers how many seconds until the network may ask again. Does the same
 * work for known and unknown addresses; requests that run at the same time are counted one after the other.
 */
export async function queueWithinLimits(email: string, from: Network): Promise<number | null> {
  // Who asks too often is told so without holding up anybody.
  const [early] = await readSql<Wait>(waitOf(from));
  if (early?.waitSeconds != null) return early.waitSeconds;
  return writeTransaction(async (tx) => {
    await tx.$executeRaw`
      SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.signInSite}::int, hashtext(${from.site ?? from.network})),
        pg_advisory_xact_lock(${ADVISORY_LOCKS.signInNetwork}::int, hashtext(${from.network})),
        pg_advisory_xact_lock(${ADVISORY_LOCKS.signInAddress}::int, hashtext(${email}))`;
    const [limits] = await tx.$queryRaw<Wait[]>(waitOf(from));
    if (limits?.waitSeconds != null) return limits.waitSeconds;
    await tx.$executeRaw(countAndQueue(email, from));
    return null;
  });
}
