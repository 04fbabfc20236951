import { randomBytes } from "node:crypto";

import type {
  Account,
  CustomField,
  FuelType,
  Prisma,
  Vehicle,
  VehicleStatus,
  VehicleType,
} from "@/generated/prisma/client";
import { customFieldKey } from "@/lib/custom-fields/policy";
import { vinCheckDigit, defaultVehicleSettings } from "@/lib/vehicles/policy";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

type Owner = Pick<Account, "id">;
type Choice<Input> = Partial<Omit<Input, "id" | "accountId">> & { readonly account: Owner };

const mark = () => randomBytes(4).toString("hex");

const VIN_CHARACTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789";

/** Seventeen characters with a check digit that fits: `start` and what is left at random. */
export function makeVin(start = "1FT"): string {
  const rest = [...randomBytes(17 - start.length)].map((byte) => VIN_CHARACTERS[byte % VIN_CHARACTERS.length] ?? "0");
  const vin = `${start}${rest.join("")}`;
  return `${vin.slice(0, 8)}${vinCheckDigit(vin)}${vin.slice(9)}`;
}

export function makeVehicleType({
  account,
  ...choice
}: Choice<Prisma.VehicleTypeUncheckedCreateInput>): Promise<VehicleType> {
  return bookkeepingDb().vehicleType.create({ data: { name: `Type ${mark()}`, ...choice, accountId: account.id } });
}

export function makeVehicleStatus({
  account,
  ...choice
}: Choice<Prisma.VehicleStatusUncheckedCreateInput>): Promise<VehicleStatus> {
  return bookkeepingDb().vehicleStatus.create({
    data: { name: `Status ${mark()}`, color: "green", ...choice, accountId: account.id },
  });
}

export function makeFuelType({ account, ...choice }: Choice<Prisma.FuelTypeUncheckedCreateInput>): Promise<FuelType> {
  return bookkeepingDb().fuelType.create({ data: { name: `Fuel ${mark()}`, ...choice, accountId: account.id } });
}

/** The types and statuses that every new account has. */
export async function makeVehicleSettings(
  account: Owner,
): Promise<{ types: VehicleType[]; statuses: VehicleStatus[] }> {
  const { types, statuses } = defaultVehicleSettings();
  const owned = <Setting>(setting: Setting) => ({ ...setting, accountId: account.id });
  return {
    types: await bookkeepingDb().vehicleType.createManyAndReturn({ data: types.map(owned) }),
    statuses: await bookkeepingDb().vehicleStatus.createManyAndReturn({ data: statuses.map(owned) }),
  };
}

/** A vehicle of the account's first type and status, which are made when there are none. */
export async function makeVehicle({
  account,
  ...choice
}: Choice<Prisma.VehicleUncheckedCreateInput>): Promise<Vehicle> {
  const where = { accountId: account.id };
  const orderBy = { id: "asc" } as const;
  const vehicleTypeId =
    choice.vehicleTypeId ??
    ((await bookkeepingDb().vehicleType.findFirst({ where, orderBy })) ?? (await makeVehicleType({ account }))).id;
  const vehicleStatusId =
    choice.vehicleStatusId ??
    ((await bookkeepingDb().vehicleStatus.findFirst({ where, orderBy })) ?? (await makeVehicleStatus({ account }))).id;
  return bookkeepingDb().vehicle.create({
    data: {
      name: `Vehicle ${mark()}`,
      vin: makeVin(),
      fuelVolumeUnits: "us_gallons",
      systemOfMeasurement: "imperial",
      primaryMeterUnit: "mi",
      ...choice,
      accountId: account.id,
      vehicleTypeId,
      vehicleStatusId,
    },
  });
}

/** A text for vehicles, unless told otherwise; the key follows from the label. */
export function makeCustomField({
  account,
  ...choice
}: Choice<Prisma.CustomFieldUncheckedCreateInput>): Promise<CustomField> {
  const label = choice.label ?? `Field ${mark()}`;
  const key = customFieldKey(label);
  return bookkeepingDb().customField.create({
    data: { recordType: "vehicle", dataType: "text", key, ...choice, label, accountId: account.id },
  });
}
