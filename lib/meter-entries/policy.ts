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

/** The last reading of the days before, and the first of the days after. */
export interface ReadingsBeside {
  readonly before: ReadingBeside | null;
  readonly after: ReadingBeside | null;
}

function sayReading({ id, value, date }: ReadingBeside): string {
  return `${value} (entry ${id} of ${date})`;
}

/** Why a reading cannot stand where it is to stand: a meter does not run back. Null when it can. */
export function outOfOrder(value: string, { before, after }: ReadingsBeside): string | null {
  const isTooLow = before !== null && Number(value) < Number(before.value);
  const isTooHigh = after !== null && Number(value) > Number(after.value);
  if (!isTooLow && !isTooHigh) return null;
  if (before !== null && after !== null)
    return `must be between ${sayReading(before)} and ${sayReading(after)} or marked as void`;
  const bound = before === null ? after : before;
  return bound && `must be at ${isTooLow ? "least" : "most"} ${sayReading(bound)} or marked as void`;
}
