import { Time } from "@/components/ui/time";

export interface ReadingTimeProps {
  /** Such as "2026-11-22". */
  readonly date: string;
  /** ISO 8601; null where nobody said. */
  readonly takenAt: string | null;
}

/** When a meter was read: the day, which is no zone's; or the time, where one was sent. */
export function ReadingTime({ date, takenAt }: ReadingTimeProps) {
  return takenAt === null ? <Time value={`${date}T12:00:00Z`} style="date" plain /> : <Time value={takenAt} />;
}
