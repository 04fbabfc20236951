import type { VehicleRecord } from "@/lib/vehicles/presenter";

/** The colour is the account's own choice; the word beside it says the same. */
export function StatusDot({ name, color }: { name: string; color: string }) {
  return (
    <span className="inline-flex items-center gap-2">
      <svg aria-hidden viewBox="0 0 10 10" className="size-2.5 flex-none">
        <circle cx="5" cy="5" r="4" fill={color} className="stroke-line-control" strokeWidth="0.75" />
      </svg>
      {name}
    </span>
  );
}

const UNITS: Readonly<Record<VehicleRecord["primaryMeterUnit"], string>> = { km: "km", mi: "mi", hr: "h" };

/** "12,345.5 mi" of the exact "12345.5" */
export function sayMeter(value: string, unit: VehicleRecord["primaryMeterUnit"]): string {
  const [whole = "0", fraction = "0"] = value.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${grouped}${/^0*$/.test(fraction) ? "" : `.${fraction}`} ${UNITS[unit]}`;
}

/** "2021 Ford Transit 250", as far as it is known. */
export function sayModel(vehicle: Pick<VehicleRecord, "year" | "make" | "model">): string {
  return [vehicle.year, vehicle.make, vehicle.model].filter((part) => part !== null).join(" ");
}
