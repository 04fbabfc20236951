const two = (number: number) => String(number).padStart(2, "0");

function localDay(instant: Date): string {
  return `${String(instant.getFullYear()).padStart(4, "0")}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}

/** An instant as a date-time field holds it, in the zone of this machine; nothing is empty. */
export function localDateTime(instant: string | null): string {
  if (instant === null) return "";
  const at = new Date(instant);
  return `${localDay(at)}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The day it is for whoever sits here. */
export function today(): string {
  return localDay(new Date());
}

/** What a date-time field holds, as an instant; what is no time stays as it is, and is refused by its name. */
export function enteredInstant(entered: string | boolean): string | null {
  if (typeof entered !== "string" || entered === "") return null;
  const at = new Date(entered);
  return Number.isNaN(at.getTime()) ? entered : at.toISOString();
}
