import type { EconomyUnit } from "@/lib/fuel-entries/policy";
import type { FuelEntryRow } from "@/lib/fuel-entries/list-fuel-entry-rows";

const VOLUMES: Readonly<Record<FuelEntryRow["volumeUnits"], string>> = {
  us_gallons: "gal",
  uk_gallons: "gal (UK)",
  liters: "L",
};

const ECONOMIES: Readonly<Record<EconomyUnit, string>> = {
  kpl: "km/L",
  lp100k: "L/100 km",
  mpg_uk: "mpg (UK)",
  mpg_us: "mpg",
  liters_per_hr: "L/h",
  uk_gallons_per_hr: "gal (UK)/h",
  us_gallons_per_hr: "gal/h",
};

/** "12.5 gal" of the exact "12.5000" */
export function sayVolume({ volume, volumeUnits }: Pick<FuelEntryRow, "volume" | "volumeUnits">): string {
  return `${Number(volume)} ${VOLUMES[volumeUnits]}`;
}

/** "17 mpg" */
export function sayEconomy({ value, unit }: NonNullable<FuelEntryRow["economy"]>): string {
  return `${Number(value).toFixed(1)} ${ECONOMIES[unit]}`;
}

/** "$1,042.50", "CHF 42.50" */
export function sayAmount(amount: string, currencySymbol: string): string {
  const written = Number(amount).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return `${currencySymbol}${/\p{L}$/u.test(currencySymbol) ? " " : ""}${written}`;
}
