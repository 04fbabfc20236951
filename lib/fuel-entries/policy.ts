import type { FuelVolumeUnit, MeterUnit } from "@/generated/prisma/enums";

const UNITS: readonly FuelVolumeUnit[] = ["us_gallons", "uk_gallons", "liters"];

export const LITERS_IN: Readonly<Record<FuelVolumeUnit, number>> = {
  us_gallons: 3.785411784,
  uk_gallons: 4.54609,
  liters: 1,
};

export interface GivenVolumes {
  readonly usGallons?: string | null | undefined;
  readonly ukGallons?: string | null | undefined;
  readonly liters?: string | null | undefined;
}

export interface Volume {
  readonly volume: string;
  readonly volumeUnits: FuelVolumeUnit;
}

/** The volume in the unit that the vehicle is fuelled in, else in one that was given; null when none was. */
export function volumeGiven(
  { usGallons, ukGallons, liters }: GivenVolumes,
  unitOfVehicle: FuelVolumeUnit,
): Volume | null {
  const given = { us_gallons: usGallons, uk_gallons: ukGallons, liters };
  for (const volumeUnits of [unitOfVehicle, ...UNITS]) {
    const volume = given[volumeUnits];
    if (typeof volume === "string") return { volume, volumeUnits };
  }
  return null;
}

/** An exact number of four decimals as ten thousandths. */
function tenThousandths(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(`${whole}${fraction.padEnd(4, "0").slice(0, 4)}`);
}

/** Volume times price to the cent, rounded half up; without a price nothing is known. */
export function totalOf(volume: string, pricePerVolumeUnit: string | null): string | null {
  if (pricePerVolumeUnit === null) return null;
  const cents = (tenThousandths(volume) * tenThousandths(pricePerVolumeUnit) + 500_000n) / 1_000_000n;
  const written = cents.toString().padStart(3, "0");
  return `${written.slice(0, -2)}.${written.slice(-2)}`;
}

/** As many decimals as say something, one at least: "10.0", "37.8541". */
function trimmed(decimal: string): string {
  const [whole = "0", fraction = ""] = decimal.split(".");
  return `${whole}.${fraction.replace(/0+$/, "") || "0"}`;
}

/** A volume in any unit; in its own it is exact. */
export function volumeIn(unit: FuelVolumeUnit, { volume, volumeUnits }: Volume): string {
  if (unit === volumeUnits) return trimmed(volume);
  return trimmed(((Number(volume) * LITERS_IN[volumeUnits]) / LITERS_IN[unit]).toFixed(4));
}

export function priceText(price: string | null): string | null {
  return price === null ? null : trimmed(price);
}

const KM_IN_MILE = 1.609344;

/** What a vehicle used between two full fill-ups. Exact numbers as texts. */
export interface FuelUse {
  /** In the unit of the vehicle's meter. */
  readonly usage: string;
  readonly liters: string;
  /** Null where a fuelling in between has no amount. */
  readonly amount: string | null;
}

export const ECONOMY_UNITS = [
  "kpl",
  "lp100k",
  "mpg_uk",
  "mpg_us",
  "liters_per_hr",
  "uk_gallons_per_hr",
  "us_gallons_per_hr",
] as const;
export type EconomyUnit = (typeof ECONOMY_UNITS)[number];

/** In which unit the people who fuel a vehicle so tell its economy. */
export function economyUnit(meterUnit: MeterUnit, volumeUnits: FuelVolumeUnit): EconomyUnit {
  if (meterUnit === "hr") return `${volumeUnits}_per_hr`;
  if (meterUnit === "km") return volumeUnits === "liters" ? "lp100k" : "kpl";
  return volumeUnits === "us_gallons" ? "mpg_us" : "mpg_uk";
}

function written(number: number): string {
  return trimmed(number.toFixed(4));
}

function metersIn(meterUnit: MeterUnit, usage: number) {
  if (meterUnit === "hr") return { hr: usage, km: null, mi: null };
  return meterUnit === "km"
    ? { hr: null, km: usage, mi: usage / KM_IN_MILE }
    : { hr: null, km: usage * KM_IN_MILE, mi: usage };
}

/** How far the vehicle went since the fuelling before, in every unit; null where unknown. A meter that ran back says nothing. */
export function usageTexts(meterUnit: MeterUnit, usage: string | null) {
  const meters = usage === null || Number(usage) < 0 ? null : metersIn(meterUnit, Number(usage));
  const text = (number: number | null | undefined) => (typeof number === "number" ? written(number) : null);
  return { usage_in_hr: text(meters?.hr), usage_in_km: text(meters?.km), usage_in_mi: text(meters?.mi) };
}

/** What the vehicle needs and costs, told at a full fill-up from the use since the full one before; null where unknown. */
export function economyTexts(meterUnit: MeterUnit, use: FuelUse | null) {
  const usage = use === null ? 0 : Number(use.usage);
  const { hr, km, mi } = metersIn(meterUnit, usage > 0 ? usage : Number.NaN);
  const liters = use === null ? Number.NaN : Number(use.liters);
  const amount = use === null || use.amount === null ? null : Number(use.amount);
  const ratio = (over: number | null, under: number | null) =>
    over !== null && under !== null && over >= 0 && under > 0 ? written(over / under) : null;
  return {
    kpl: ratio(km, liters),
    lp100k: ratio(liters * 100, km),
    mpg_uk: ratio(mi, liters / LITERS_IN.uk_gallons),
    mpg_us: ratio(mi, liters / LITERS_IN.us_gallons),
    liters_per_hr: ratio(liters, hr),
    uk_gallons_per_hr: ratio(liters / LITERS_IN.uk_gallons, hr),
    us_gallons_per_hr: ratio(liters / LITERS_IN.us_gallons, hr),
    cost_per_hr: ratio(amount, hr),
    cost_per_km: ratio(amount, km),
    cost_per_mi: ratio(amount, mi),
  };
}

/** What can be done with a fuel entry, and by which permission. */
const FUEL_ENTRY_VERBS = { edit: "fuelEntries.write", delete: "fuelEntries.delete" } as const;

export type FuelEntryVerb = keyof typeof FUEL_ENTRY_VERBS;

/** The verbs that a fuel entry's row offers. */
export function fuelEntryVerbs(
  may: (permission: (typeof FUEL_ENTRY_VERBS)[FuelEntryVerb]) => boolean,
): FuelEntryVerb[] {
  return (Object.keys(FUEL_ENTRY_VERBS) as FuelEntryVerb[]).filter((verb) => may(FUEL_ENTRY_VERBS[verb]));
}
