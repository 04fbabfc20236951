import type { MeterKind } from "@/generated/prisma/enums";
import type { MeterFacts } from "@/lib/vehicles/policy";

/** Where a vehicle's meter stands, under the names that the vehicle has for it. */
export function meterColumns(kind: MeterKind, { value, date, usagePerDay }: MeterFacts) {
  const day = date === null ? null : new Date(date);
  return kind === "primary"
    ? { primaryMeterValue: value, primaryMeterDate: day, primaryMeterUsagePerDay: usagePerDay }
    : { secondaryMeterValue: value, secondaryMeterDate: day, secondaryMeterUsagePerDay: usagePerDay };
}

/** A reading that another is compared with. */
export interface ReadingBeside {
  readonly id: number;
  readonly value: string;
  readonly date: string;
}

/** What a reading says; the last one of the days before, and the first of the days after. */
export interface ReadingsBeside {
  readonly value: string;
  readonly before: ReadingBeside | null;
  readonly after: ReadingBeside | null;
}

function sayReading({ id, value, date }: ReadingBeside): string {
  return `${value} (entry ${id} of ${date})`;
}

/** Why a reading cannot stand where it is to stand: a meter does not run back. Null when it can. */
export function outOfOrder({ value, before, after }: ReadingsBeside): string | null {
  const isTooLow = before !== null && Number(value) < Number(before.value);
  const isTooHigh = after !== null && Number(value) > Number(after.value);
  if (!isTooLow && !isTooHigh) return null;
  if (before !== null && after !== null)
    return `must be between ${sayReading(before)} and ${sayReading(after)} or marked as void`;
  const bound = before === null ? after : before;
  return bound && `must be at ${isTooLow ? "least" : "most"} ${sayReading(bound)} or marked as void`;
}

/** What can be done with a reading, and by which permission. One that came with a fuel entry is changed there. */
const METER_ENTRY_VERBS = { edit: "meterEntries.write", delete: "meterEntries.delete" } as const;

export type MeterEntryVerb = keyof typeof METER_ENTRY_VERBS;

/** The verbs that a reading's row offers. */
export function meterEntryVerbs(
  { fuelEntryId }: { readonly fuelEntryId: number | null },
  may: (permission: (typeof METER_ENTRY_VERBS)[MeterEntryVerb]) => boolean,
): MeterEntryVerb[] {
  const verbs = Object.keys(METER_ENTRY_VERBS) as MeterEntryVerb[];
  return fuelEntryId === null ? verbs.filter((verb) => may(METER_ENTRY_VERBS[verb])) : [];
}
