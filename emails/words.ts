const PARTS = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZone: "UTC",
});

/** "21 Nov 2026, 14:05 UTC": a mail does not know its reader's zone. */
export function sayInstant(at: Date): string {
  const parts = Object.fromEntries(PARTS.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${parts.day} ${parts.month?.slice(0, 3)} ${parts.year}, ${parts.hour}:${parts.minute} UTC`;
}

/** "in 30 days", "in 1 day", "today" */
export function sayInDays(days: number): string {
  if (days <= 0) return "today";
  return days === 1 ? "in 1 day" : `in ${days} days`;
}

export function countWord(count: number): string {
  return count.toLocaleString("en");
}
