/** Date and time as ISO 8601; a blank in place of the offset's sign is a plus that nobody percent-encoded. */
const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?(?: ?(Z)| ?([+\- ])(\d\d)(?::?(\d\d))?)?$/i;

type Numbers = [year: number, month: number, day: number, hour: number, minute: number, second: number];

/**
 * The one reader of times that others wrote: bodies, filters, imported cells.
 * @returns the instant in UTC to the microsecond, as PostgreSQL reads it; null when the text is none. Without an offset
 * it is UTC, without a time midnight. 24:00 is none (RFC 3339): some take it for the next day, others for none
 */
export function readTimestamp(text: string): string | null {
  const parts = TIMESTAMP.exec(text.trim());
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map((at) => Number(parts[at] ?? 0)) as Numbers;
  const [offsetHours, offsetMinutes] = [Number(parts[10] ?? 0), Number(parts[11] ?? 0)];
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 15 || offsetMinutes > 59 || year === 0) return null;
  const local = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  local.setUTCFullYear(year, month - 1, day);
  if (local.getUTCMonth() !== month - 1 || local.getUTCDate() !== day) return null;
  const sign = parts[9] === "-" ? -1 : 1;
  const instant = new Date(local.getTime() - sign * (offsetHours * 60 + offsetMinutes) * 60_000);
  const year4 = instant.getUTCFullYear();
  if (year4 < 1 || year4 > 9999) return null;
  return `${instant.toISOString().slice(0, 19)}.${(parts[7] ?? "0").slice(0, 6)}Z`;
}

/** A day such as "2026-11-22"; of a time only its day is kept, as it was written. Null when the text is neither. */
export function readDay(text: string): string | null {
  return readTimestamp(text) === null ? null : text.trim().slice(0, "2026-11-22".length);
}

/** Whether more than a day is said. Midnight, by whatever offset, says no more: it is how programs write a day. */
export function saysTimeOfDay(text: string): boolean {
  const parts = TIMESTAMP.exec(text.trim());
  return parts !== null && [4, 5, 6, 7].some((at) => Number(parts[at] ?? 0) > 0);
}
