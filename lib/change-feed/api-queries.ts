import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { mayDo } from "@/lib/auth/permit";
import { Prisma, readDriverSql } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import { changePlace, placeToken } from "@/lib/public-api/lists/change-place";
import { fedActions, KEPT_DAYS } from "./policy";
import type { ChangePage, FeedEntry } from "./presenter";
import type { ChangesRequest } from "./changes-query";

const LARGEST_SEQUENCE = 2_147_483_647;

interface Where {
  readonly accountId: number;
  readonly after: number;
  readonly limit: number;
  readonly actions: readonly string[];
}

/**
 * The next entries of each kind that may be told, by the index of actions, and the first of all these: what may not be
 * told is never walked over, however much of it lies between.
 */
function nextEntries({ accountId, after, limit, actions }: Where): Prisma.Sql {
  return Prisma.sql`
    SELECT e.sequence, e.action, e.record_id AS "recordId", e.occurred_at AS "occurredAt" FROM audit_entries e
    WHERE e.account_id = ${accountId} AND e.record_id IS NOT NULL AND e.sequence IN (
      SELECT found.sequence FROM unnest(${[...actions]}::text[]) fed(action) CROSS JOIN LATERAL (
        SELECT n.sequence FROM audit_entries n
        WHERE n.account_id = ${accountId} AND n.action = fed.action AND n.sequence > ${after}
          AND n.sequence <= (SELECT h.sequence FROM audit_heads h WHERE h.account_id = ${accountId})
        ORDER BY n.sequence LIMIT ${limit}
      ) found ORDER BY found.sequence LIMIT ${limit})`;
}

interface Located {
  readonly place: string;
  /** Of the entry after the place that was named, where there is one. */
  readonly isForgotten: boolean | null;
}

function readFrom(where: Where): Promise<(Located & (FeedEntry | { readonly [Name in keyof FeedEntry]: null }))[]> {
  const { accountId, after } = where;
  return readDriverSql<Located & (FeedEntry | { readonly [Name in keyof FeedEntry]: null })>(Prisma.sql`
    SELECT here.*, next.* FROM (
      SELECT ${changePlace(accountId)} AS place, (
        SELECT n.occurred_at < clock_timestamp() - make_interval(days => ${KEPT_DAYS}) FROM audit_entries n
        WHERE n.account_id = ${accountId} AND n.sequence = ${after} + 1) AS "isForgotten"
    ) here LEFT JOIN (${nextEntries(where)}) next ON TRUE ORDER BY next.sequence`);
}

function walkAnew(): DomainError {
  return new DomainError(
    "walk_anew",
    "What changed since then is not known any more. Read the lists anew, and follow from the X-Change-Sequence of a list's first page.",
  );
}

/**
 * What was changed after a place, in the order of the commits; what the key may not read is left out, and the place
 * goes on. Entries, their end and the epoch are of one snapshot.
 * @throws DomainError walk_anew
 */
export async function listChanges(
  permit: Permit<"changes.read">,
  { after, limit, resource }: ChangesRequest,
): Promise<ChangePage> {
  const accountId = permit.account.id;
  const [epoch = "", text = ""] = after.split(".");
  const sequence = Number(text);
  if (sequence > LARGEST_SEQUENCE) throw walkAnew();
  const actions = fedActions(resource, (permission) => mayDo(permit.actor, permission));
  const rows = await readFrom({ accountId, after: sequence, limit, actions });
  const place = placeToken(rows[0]?.place ?? "", accountId);
  const [epochNow = "", head = ""] = place.split(".");
  if (epoch !== epochNow || sequence > Number(head) || rows[0]?.isForgotten === true) throw walkAnew();
  const entries = rows.filter((row): row is Located & FeedEntry => row.sequence !== null);
  const last = entries.length < limit ? undefined : entries.at(-1);
  return { entries, nextAfter: last === undefined ? place : `${epoch}.${last.sequence}` };
}
