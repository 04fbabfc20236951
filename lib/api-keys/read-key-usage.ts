import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { keysOf } from "@/lib/auth/rights";
import { Prisma, readSql } from "@/lib/platform/database/db";

/** Uses of a key on one day in UTC. */
export interface UsageDay {
  /** `2026-11-22` */
  readonly day: string;
  readonly requests: number;
  readonly errors: number;
}

const USAGE_DAYS = 30;

/** The last 30 days of a key's use, the oldest first, days without any included. */
export function readKeyUsage(permit: Permit<"apiKeys.read">, id: number): Promise<UsageDay[]> {
  return readSql(Prisma.sql`
    SELECT to_char(days.day, 'YYYY-MM-DD') AS day, COALESCE(u.requests, 0) AS requests, COALESCE(u.errors, 0) AS errors
    FROM generate_series((statement_timestamp() AT TIME ZONE 'UTC')::date - ${USAGE_DAYS - 1}::int,
      (statement_timestamp() AT TIME ZONE 'UTC')::date, interval '1 day') AS days(day)
    LEFT JOIN ${keysOf(permit)} k ON k.id = ${id}
    LEFT JOIN api_key_usage_days u ON u.api_key_id = k.id AND u.day = days.day::date
    ORDER BY days.day`);
}
