import { Gauge, type Registry } from "prom-client";

import { STUCK_AFTER_MINUTES } from "@/lib/notifications/policy";
import { readPool } from "@/lib/platform/database/pool";

interface WaitingRow {
  readonly waiting: number;
  readonly stuck: number;
  readonly oldestSeconds: number;
}

/** Nothing while the database is away: the process still tells how it is itself. */
async function readWaiting(): Promise<WaitingRow | undefined> {
  const { rows } = await readPool()
    .query<WaitingRow>(
      `SELECT count(*)::int AS waiting, count(*) FILTER (WHERE created_at < now() - make_interval(mins => $1))::int AS stuck,
        coalesce(extract(epoch FROM now() - min(created_at)), 0)::float AS "oldestSeconds"
      FROM (
        SELECT n.created_at FROM notice_mails m JOIN notices n ON n.mail_id = m.id
        WHERE m.sent_at IS NULL AND m.dropped_at IS NULL AND n.superseded_at IS NULL
        UNION ALL
        SELECT created_at FROM notices WHERE mail_id IS NULL AND superseded_at IS NULL
      ) AS notices`,
      [STUCK_AFTER_MINUTES],
    )
    .catch(() => ({ rows: [] }));
  return rows[0];
}

/** What people are to be told of their keys, and have not been. */
export function watchMail(registry: Registry): void {
  new Gauge({
    name: "hub_notices",
    help: `Notices about API keys of which nothing confirms that they were mailed; stuck = for more than ${STUCK_AFTER_MINUTES} minutes.`,
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      const { waiting = NaN, stuck = NaN } = (await readWaiting()) ?? {};
      this.set({ state: "waiting" }, waiting - stuck);
      this.set({ state: "stuck" }, stuck);
    },
  });
  new Gauge({
    name: "hub_notices_oldest_seconds",
    help: "For how long the oldest notice has waited to be mailed.",
    registers: [registry],
    async collect() {
      this.set((await readWaiting())?.oldestSeconds ?? NaN);
    },
  });
}
