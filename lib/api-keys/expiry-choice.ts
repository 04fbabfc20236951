import { DomainError } from "@/lib/platform/errors";
import { addDays, dateIn, endOfDay, isTimeZone } from "./end-of-day";
import { addMonths, endOfTerm, MAX_TERM_MONTHS } from "./policy";
import type { CreateApiKeyInput } from "./schema";

const DAY_MS = 86_400_000;

interface FixedExpiry {
  readonly expiresAt: Date;
  readonly termMonths: number | null;
  readonly termDays: number | null;
}

function refuse(message: string): never {
  throw new DomainError("invalid_input", message, { expiry: [message] });
}

/** The dates that may be picked at an instant: from tomorrow to 12 months ahead, by the viewer's calendar. */
export function pickableDates(now: Date, timeZone: string): { first: string; last: string } {
  const today = dateIn(now, timeZone);
  return { first: addDays(today, 1), last: addMonths(new Date(today), MAX_TERM_MONTHS).toISOString().slice(0, 10) };
}

/**
 * What the form's choice comes to, by the database's `now`.
 * @throws DomainError invalid_input
 */
export function fixExpiry(choice: CreateApiKeyInput["expiry"], now: Date): FixedExpiry {
  if (choice.kind === "months") {
    return { expiresAt: endOfTerm({ months: choice.months }, now), termMonths: choice.months, termDays: null };
  }
  if (!isTimeZone(choice.timeZone)) refuse("Your time zone is not known here. Choose 3 months, 6 months or 1 year.");
  const { first, last } = pickableDates(now, choice.timeZone);
  if (choice.date < first || choice.date > last) refuse(`Choose a date from ${first} to ${last}.`);
  const expiresAt = endOfDay(choice.date, choice.timeZone);
  return { expiresAt, termMonths: null, termDays: Math.ceil((expiresAt.getTime() - now.getTime()) / DAY_MS) };
}
