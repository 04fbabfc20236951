import type { FuelVolumeUnit } from "@/generated/prisma/enums";

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
