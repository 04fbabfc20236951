import type { MeterKind } from "@/generated/prisma/enums";
import type { MeterFacts } from "@/lib/vehicles/policy";

/** Where a vehicle's meter stands, under the names that the vehicle has for it. */
export function meterColumns(kind: MeterKind, { value, date, usagePerDay }: MeterFacts) {
  const day = date === null ? null : new Date(date);
  return kind === "primary"
    ? { primaryMeterValue: value, primaryMeterDate: day, primaryMeterUsagePerDay: usagePerDay }
    : { secondaryMeterValue: value, secondaryMeterDate: day, secondaryMeterUsagePerDay: usagePerDay };
}
