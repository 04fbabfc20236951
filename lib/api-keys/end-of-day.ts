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

/** The last millisecond of a calendar date (`2027-03-28`) in a zone, also where its clocks are changed that day. */
export function endOfDay(date: string, timeZone: string): Date {
  const wall = new Date(`${date}T23:59:59.999Z`);
  const guess = new Date(wall.getTime() - offsetMinutes(wall, timeZone) * 60_000);
  return new Date(wall.getTime() - offsetMinutes(guess, timeZone) * 60_000);
}
