import type { MeterKind } from "@/generated/prisma/enums";
import { changesOf } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import type { MeterFacts } from "@/lib/vehicles/policy";

export interface Meter {
  readonly vehicleId: number;
  readonly kind: MeterKind;
}

/** Where a vehicle's meter stands, under the names that the vehicle has for it. */
function meterColumns(kind: MeterKind, { value, date, usagePerDay }: MeterFacts) {
  const day = date === null ? null : new Date(date);
  return kind === "primary"
    ? { primaryMeterValue: value, primaryMeterDate: day, primaryMeterUsagePerDay: usagePerDay }
    : { secondaryMeterValue: value, secondaryMeterDate: day, secondaryMeterUsagePerDay: usagePerDay };
}

/** Where a vehicle's meter stands, as the vehicle's row says. */
export interface VehicleMeter extends MeterFacts {
  readonly id: number;
  readonly name: string;
}

function asFacts(kind: MeterKind, { value, date, usagePerDay }: MeterFacts) {
  return kind === "primary"
    ? { primaryMeterValue: value, primaryMeterDate: date, primaryMeterUsagePerDay: usagePerDay }
    : { secondaryMeterValue: value, secondaryMeterDate: date, secondaryMeterUsagePerDay: usagePerDay };
}

export interface MeterMove {
  readonly columns: ReturnType<typeof meterColumns>;
  readonly event: DomainEvent;
}

/** What readings make different in their vehicle: its columns, and the vehicle's own entry. Null where they change nothing. */
export function meterMove(vehicle: VehicleMeter, kind: MeterKind, facts: MeterFacts): MeterMove | null {
  const changes = changesOf(asFacts(kind, vehicle), asFacts(kind, facts));
  if (changes === null) return null;
  const record = { type: "vehicle", id: vehicle.id, name: vehicle.name } as const;
  const event: DomainEvent = { name: "vehicle.meterMoved", record, ...changes };
  return { columns: meterColumns(kind, facts), event };
}

/** A reading as the audit log names it. */
export interface NamedReading {
  readonly id: number;
  readonly vehicleName: string;
  readonly value: string;
  readonly date: string;
}

/** What happened to a reading. It sends no webhook unless a payload is added: one that came with a fuel entry sends none. */
export function readingEvent(
  deed: "created" | "updated" | "deleted",
  { id, vehicleName, value, date }: NamedReading,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  const record = { type: "meterEntry", id, name: `${vehicleName}: ${value} on ${date}` } as const;
  return { name: `meterEntry.${deed}`, record, ...facts };
}

/** A reading that another is compared with. */
export interface ReadingBeside {
  readonly id: number;
  readonly value: string;
  readonly date: string;
  /** When on that day; null where nobody said. */
  readonly takenAt: string | null;
}

/** What a reading says; the last one before it, and the first after it. */
export interface ReadingsBeside {
  readonly value: string;
  readonly before: ReadingBeside | null;
  readonly after: ReadingBeside | null;
}

function sayReading({ id, value, date, takenAt }: ReadingBeside): string {
  const when = takenAt === null ? date : new Date(takenAt).toISOString().replace(/:\d\d\.\d+Z$/, "Z");
  return `${value} (entry ${id} of ${when})`;
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

const AHEAD_AT_MOST_MS = 24 * 3_600_000;

/** Why nothing can have been read or filled then; null when it can. A day is looked at by its beginning: elsewhere it has begun already. */
export function tooFarAhead(when: Date | string, now: Date): string | null {
  const at = typeof when === "string" ? Date.parse(when) : when.getTime();
  return at > now.getTime() + AHEAD_AT_MOST_MS ? "must not be later than in 24 hours" : null;
}

/** When on its day a reading was taken that came with a fuelling; a midnight says no more than the day. */
export function timeOnDay(instant: Date): Date | null {
  return instant.getTime() % 86_400_000 === 0 ? null : instant;
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
