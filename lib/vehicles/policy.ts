import type { MeterUnit } from "@/generated/prisma/enums";

/** One reading of a meter. */
export interface MeterReading {
  readonly id: number;
  /** Such as "1234.5". */
  readonly value: string;
  /** The day, such as "2026-11-22". */
  readonly date: string;
  /** When on that day; null where nobody said. */
  readonly takenAt: string | null;
  readonly isVoid: boolean;
}

/** Where a vehicle's meter stands. */
export interface MeterFacts {
  readonly value: string;
  readonly date: string | null;
  readonly usagePerDay: string | null;
}

/** How many of the latest readings that are not void `meterFacts` needs: more change nothing. */
export const METER_READINGS_NEEDED = 20;

const DAY_MS = 86_400_000;

/** By day, and of one day the highest first: a meter does not run back. */
function latestFirst(left: MeterReading, right: MeterReading): number {
  if (left.date !== right.date) return left.date < right.date ? 1 : -1;
  return Number(right.value) - Number(left.value) || right.id - left.id;
}

/** Of those whose time is known it decides, whatever day it was where they were taken. */
function isLater({ takenAt: left }: MeterReading, { takenAt: right }: MeterReading): boolean {
  return left !== null && right !== null && Date.parse(left) > Date.parse(right);
}

/** Of one day's readings without a time the highest counts, and the others say nothing. */
function isOutdone(reading: MeterReading, readings: readonly MeterReading[]): boolean {
  const { date, takenAt, value } = reading;
  const isAlike = (other: MeterReading) => other.date === date && other.takenAt === null;
  return takenAt === null && readings.some((other) => isAlike(other) && Number(other.value) > Number(value));
}

/** From the oldest reading of these to the latest; a meter that went back was replaced, and says nothing. */
function usagePerDay(latest: MeterReading, oldest: MeterReading): string | null {
  const days = (Date.parse(latest.date) - Date.parse(oldest.date)) / DAY_MS;
  const usage = Number(latest.value) - Number(oldest.value);
  return days > 0 && usage >= 0 ? (usage / days).toFixed(2) : null;
}

/** What a vehicle's meter says, given its latest readings in any order. */
export function meterFacts(readings: readonly MeterReading[]): MeterFacts {
  const counted = readings
    .filter(({ isVoid }) => !isVoid)
    .sort(latestFirst)
    .slice(0, METER_READINGS_NEEDED)
    .filter((reading, _index, needed) => !isOutdone(reading, needed));
  const latest = counted.reduce<MeterReading | undefined>(
    (last, reading) => (last === undefined || isLater(reading, last) ? reading : last),
    undefined,
  );
  const oldest = counted.at(-1);
  if (latest === undefined || oldest === undefined) return { value: "0.0", date: null, usagePerDay: null };
  return { value: Number(latest.value).toFixed(1), date: latest.date, usagePerDay: usagePerDay(latest, oldest) };
}

interface MeterUnits {
  readonly primaryMeterUnit?: MeterUnit | undefined;
  /** By its older name. */
  readonly meterUnit?: MeterUnit | undefined;
}

/** Of a whole record that comes back with one of the unit's two names changed, the changed one is what is meant. */
export function unitMeant(
  { primaryMeterUnit: current }: { readonly primaryMeterUnit: MeterUnit },
  { primaryMeterUnit, meterUnit }: MeterUnits,
): MeterUnit | undefined {
  const isNameNew = primaryMeterUnit !== undefined && primaryMeterUnit !== current;
  return meterUnit !== undefined && meterUnit !== current && !isNameNew ? meterUnit : primaryMeterUnit;
}

const VIN_FORM = /^[A-HJ-NPR-Z0-9]{17}$/;
const VIN_WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
/** What each letter counts for in the check digit; its place in the text plus one, and nothing for those that no VIN has. */
const VIN_LETTER_VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  ["AJ", "BKS", "CLT", "DMU", "ENV", "FW", "GPX", "HY", "RZ"].flatMap((letters, index) =>
    Array.from(letters, (letter) => [letter, index + 1]),
  ),
);

/** Seventeen capitals and digits, without I, O and Q (ISO 3779). */
export function isVin(text: string): boolean {
  return VIN_FORM.test(text);
}

/** The ninth character that the others ask for. */
export function vinCheckDigit(vin: string): string {
  const sum = VIN_WEIGHTS.reduce((total, weight, index) => {
    const character = vin[index] ?? "";
    return total + weight * (VIN_LETTER_VALUES[character] ?? Number(character));
  }, 0);
  return sum % 11 === 10 ? "X" : String(sum % 11);
}

/** Many makers outside North America use no check digit, so a wrong one is doubtful, never refused. */
export function vinWarning(vin: string | null): string | null {
  if (vin === null || !isVin(vin) || vin[8] === vinCheckDigit(vin)) return null;
  return `The check digit of the VIN ${vin} does not fit its other characters. It was saved as given; look for a typing error.`;
}

/** What a new account's vehicles can be and in which state. */
export function defaultVehicleSettings() {
  const types = [
    "Car",
    "Pickup Truck",
    "Van",
    "SUV",
    "Bus",
    "Semi Truck",
    "Trailer",
    "Motorcycle",
    "Forklift",
    "Equipment",
    "Generator",
    "Boat",
    // What telematics clients write, without asking which there are.
    "Vehicle",
    "Other",
  ];
  const statuses = [
    ["Active", "green"],
    ["Inactive", "blue"],
    ["In Shop", "orange"],
    ["Out of Service", "red"],
    ["Sold", "gray"],
  ] as const;
  const fuelTypes = ["Gasoline", "Diesel", "Electric", "Hybrid", "Propane", "Compressed Natural Gas"];
  return {
    fuelTypes: fuelTypes.map((name) => ({ name })),
    types: types.map((name, index) => ({ name, isDefault: index === 0 })),
    statuses: statuses.map(([name, color], index) => ({ name, color, position: index + 1, isDefault: index === 0 })),
  };
}

interface VerbRule<Right extends string> {
  /** Of records that are archived, of those that are not, or of all. */
  readonly on: "current" | "archived" | "all";
  readonly permission: Right;
}

/** What can be done with a vehicle: on which, and by which permission. */
const VEHICLE_VERBS = {
  edit: { on: "all", permission: "vehicles.write" },
  archive: { on: "current", permission: "vehicles.write" },
  restore: { on: "archived", permission: "vehicles.write" },
  delete: { on: "all", permission: "vehicles.delete" },
} as const;

export type VehicleVerb = keyof typeof VEHICLE_VERBS;

/** The verbs that a record which can be archived allows, and that its viewer may do. */
export function verbsOf<Verb extends string, Right extends string>(
  rules: Readonly<Record<Verb, VerbRule<Right>>>,
  record: { readonly archivedAt: Date | null },
  may: (permission: Right) => boolean,
): Verb[] {
  const state = record.archivedAt === null ? "current" : "archived";
  return (Object.keys(rules) as Verb[]).filter((verb) => {
    const { on, permission } = rules[verb];
    return (on === "all" || on === state) && may(permission);
  });
}

/** The verbs that a vehicle's row offers. */
export function vehicleVerbs(
  vehicle: { readonly archivedAt: Date | null },
  may: (permission: (typeof VEHICLE_VERBS)[VehicleVerb]["permission"]) => boolean,
): VehicleVerb[] {
  return verbsOf(VEHICLE_VERBS, vehicle, may);
}

/** Each integration owns its entry: what is not named stays, null takes one away. */
export function mergeExternalIds(
  current: Readonly<Record<string, string>>,
  given: Readonly<Record<string, string | null>> = {},
): Record<string, string> {
  const merged = Object.entries({ ...current, ...given }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return Object.fromEntries(merged);
}
