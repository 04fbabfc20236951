const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `zone` undefined is the zone of this machine. */
export type Zone = string | undefined;

const formats = new Map<string, Intl.DateTimeFormat>();

/** To make one takes as long as to use it hundreds of times, and a page tells hundreds of times. */
function formatFor(kind: "parts" | "zone", locale: string, zone: Zone): Intl.DateTimeFormat {
  const key = `${kind} ${locale} ${zone ?? ""}`;
  const known = formats.get(key);
  if (known) return known;
  const shown: Intl.DateTimeFormatOptions =
    kind === "zone"
      ? { timeZoneName: "short" }
      : { day: "numeric", month: "numeric", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const format = new Intl.DateTimeFormat(locale, { timeZone: zone, ...shown });
  formats.set(key, format);
  return format;
}

function partsOf(instant: Date, zone: Zone): Record<string, string> {
  const parts = formatFor("parts", "en-GB", zone).formatToParts(instant);
  return Object.fromEntries(parts.map((part) => [part.type, part.value]));
}

/** Each English locale knows the short names of its own region's zones alone. */
export function zoneName(instant: Date, zone: Zone): string {
  let name = "";
  for (const locale of ["en-GB", "en-US", "en-AU", "en-NZ", "en-IN", "en-ZA"]) {
    const parts = formatFor("zone", locale, zone).formatToParts(instant);
    name = parts.find((part) => part.type === "timeZoneName")?.value ?? "";
    if (!/^GMT[+-]/.test(name)) return name;
  }
  return name;
}

export function formatDate(instant: Date, zone: Zone): string {
  const parts = partsOf(instant, zone);
  return `${Number(parts.day)} ${MONTHS[Number(parts.month) - 1]} ${parts.year}`;
}

/** "Feb 2027" */
export function formatMonth(instant: Date, zone: Zone): string {
  const parts = partsOf(instant, zone);
  return `${MONTHS[Number(parts.month) - 1]} ${parts.year}`;
}

export function formatDateTime(instant: Date, zone: Zone): string {
  const parts = partsOf(instant, zone);
  return `${formatDate(instant, zone)}, ${parts.hour}:${parts.minute}`;
}

/** "21 Nov 2026, 14:05 CET" */
export function formatInstant(instant: Date, zone: Zone): string {
  return `${formatDateTime(instant, zone)} ${zoneName(instant, zone)}`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const UNITS: [upTo: number, seconds: number, word: string][] = [
  [MINUTE, 1, "second"],
  [HOUR, MINUTE, "minute"],
  [DAY, HOUR, "hour"],
  [100 * DAY, DAY, "day"],
  [2 * 365 * DAY, 30.44 * DAY, "month"],
  [Infinity, 365.25 * DAY, "year"],
];

/** "in 20 days", "3 minutes ago". Whole units alone: 47 hours to go are not "2 days". */
export function formatRelative(instant: Date, now: Date): string {
  const seconds = Math.round((instant.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 5) return "just now";
  const [, size, word] = UNITS.find(([upTo]) => distance < upTo) ?? [0, 1, "second"];
  const count = Math.max(1, word === "month" ? Math.round(distance / size) : Math.floor(distance / size));
  const text = `${count} ${word}${count === 1 ? "" : "s"}`;
  return seconds < 0 ? `${text} ago` : `in ${text}`;
}
