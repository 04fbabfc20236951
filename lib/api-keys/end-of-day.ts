const DAY_MS = 86_400_000;

/** Minutes by which a zone's wall clock is ahead of UTC at an instant. */
function offsetMinutes(instant: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((found) => found.type === type)?.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return Math.round((wall - Math.floor(instant.getTime() / 1000) * 1000) / 60_000);
}

/** Whether the runtime knows the IANA time zone. */
export function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    return true;
  } catch {
    return false;
  }
}

/** The calendar date (`2027-03-28`) that a zone's clocks show at an instant. */
export function dateIn(instant: Date, timeZone: string): string {
  return new Date(instant.getTime() + offsetMinutes(instant, timeZone) * 60_000).toISOString().slice(0, 10);
}

/** The calendar date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/**
 * The last millisecond of a calendar date (`2027-03-28`) in a zone. Where clocks are changed around midnight,
 * 23:59:59.999 may come twice (the later one counts) or never (the last moment before it counts).
 */
export function endOfDay(date: string, timeZone: string): Date {
  const wall = Date.parse(`${date}T23:59:59.999Z`);
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((around) => offsetMinutes(new Date(around), timeZone));
  const candidates = offsets.map((offset) => wall - offset * 60_000);
  const onTheDay = candidates.filter((instant) => dateIn(new Date(instant), timeZone) === date);
  return new Date(Math.max(...(onTheDay.length > 0 ? onTheDay : candidates)));
}
