import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

/** What became of a mail after the provider took it. */
export type DeliveryFate = "delivered" | "bounced" | "complained";

export interface DeliveryReport {
  readonly fate: DeliveryFate;
  readonly at: Date;
  readonly providerId: string;
  /** What we sent along; the report may come before the provider's answer was noted. */
  readonly mailKey: string | null;
}

const COLUMNS = { delivered: "delivered_at", bounced: "bounced_at", complained: "complained_at" } as const;

/**
 * Notes what the provider reports; the first report of its kind stays. Of mails that are no notices nothing is kept.
 * A report is news of a mail whose answer was lost, too: it was taken.
 */
export async function noteDelivery(_permit: Permit<"notices.noteDelivery">, report: DeliveryReport): Promise<void> {
  const column = Prisma.raw(COLUMNS[report.fate]);
  await bookkeepingDb().$executeRaw`
    UPDATE notice_mails SET ${column} = ${report.at}::timestamptz,
      sent_at = COALESCE(sent_at, ${report.at}::timestamptz), provider_id = COALESCE(provider_id, ${report.providerId})
    WHERE (provider_id = ${report.providerId} OR mail_key = ${report.mailKey}::text) AND ${column} IS NULL`;
}
