import { Badge } from "@/components/ui/badge";
import { Time } from "@/components/ui/time";
import type { AttemptRow, DeliveryRow } from "@/lib/webhooks/deliveries/queries";

/** What came of an attempt, in a few words; null where there was none. */
export function sayAnswer({ responseStatus, error }: Pick<AttemptRow, "responseStatus" | "error">): string | null {
  return responseStatus === null ? error : `HTTP ${responseStatus}`;
}

export function AttemptBadge({ attempt }: { attempt: AttemptRow }) {
  const { responseStatus, error } = attempt;
  return (
    <Badge tone={error === null ? "ok" : "bad"}>
      {responseStatus === null ? "No answer" : `HTTP ${responseStatus}`}
    </Badge>
  );
}

/** When a delivery goes out next; nothing where it does not. */
export function NextAttempt({ row, now }: { row: DeliveryRow; now: string }) {
  if (row.underWay) return <>Being sent</>;
  if (row.nextAttemptAt === null) return <span className="text-text-3">None</span>;
  if (Date.parse(row.nextAttemptAt) <= Date.parse(now)) return <>Due now</>;
  return <Time value={row.nextAttemptAt} style="relative" now={now} />;
}
