import { randomBytes } from "node:crypto";

import type {
  Account,
  Contact,
  FuelEntry,
  MeterEntry,
  Prisma,
  Vehicle,
  VehicleAssignment,
} from "@/generated/prisma/client";
import { contactName } from "@/lib/contacts/policy";
import { totalOf } from "@/lib/fuel-entries/policy";
import { readMeterMove } from "@/lib/meter-entries/queries";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeVehicle } from "./vehicles";

type Owner = Pick<Account, "id">;
type Choice<Input> = Partial<Omit<Input, "id" | "accountId">> & { readonly account: Owner };
type FuelChoice = Omit<Choice<Prisma.FuelEntryUncheckedCreateInput>, "volume" | "pricePerVolumeUnit">;

const mark = () => randomBytes(4).toString("hex");

/** A driver, unless told otherwise; the name follows from its parts. */
export function makeContact({ account, ...choice }: Choice<Prisma.ContactUncheckedCreateInput>): Promise<Contact> {
  const parts = { lastName: `Driver ${mark()}`, ...choice, firstName: choice.firstName ?? "Dana" };
  return bookkeepingDb().contact.create({
    data: { vehicleOperator: true, name: contactName(parts), ...parts, accountId: account.id },
  });
}

/** From an hour ago for good, of a new vehicle to a new contact, unless told otherwise. */
export async function makeAssignment({
  account,
  ...choice
}: Choice<Prisma.VehicleAssignmentUncheckedCreateInput>): Promise<VehicleAssignment> {
  const vehicleId = choice.vehicleId ?? (await makeVehicle({ account })).id;
  const contactId = choice.contactId ?? (await makeContact({ account })).id;
  const startedAt = choice.startedAt === undefined ? new Date(Date.now() - 3_600_000) : choice.startedAt;
  return bookkeepingDb().vehicleAssignment.create({
    data: { ...choice, accountId: account.id, vehicleId, contactId, startedAt },
  });
}

/** Where the readings say that a vehicle's meter stands; entries made in bulk are followed by one of these. */
export async function moveMeterOf(
  { id, accountId }: Pick<Vehicle, "id" | "accountId">,
  kind: "primary" | "secondary" = "primary",
): Promise<void> {
  const move = await readMeterMove(bookkeepingDb(), accountId, { vehicleId: id, kind });
  if (move) await bookkeepingDb().vehicle.update({ where: { id, accountId }, data: move.columns });
}

/** A reading of 1,000.0 today, of a new vehicle, unless told otherwise; its meter moves with it. */
export async function makeMeterEntry({
  account,
  ...choice
}: Choice<Prisma.MeterEntryUncheckedCreateInput>): Promise<MeterEntry> {
  const accountId = account.id;
  const vehicleId = choice.vehicleId ?? (await makeVehicle({ account })).id;
  const entry = await bookkeepingDb().meterEntry.create({
    data: { value: "1000.0", date: new Date(), ...choice, accountId, vehicleId },
  });
  await moveMeterOf({ id: vehicleId, accountId }, entry.kind);
  return entry;
}

interface Fuelling extends FuelChoice {
  /** Exact, such as "12.5". */
  readonly volume?: string;
  readonly pricePerVolumeUnit?: string | null;
  /** The reading that was taken with it; left out = none. */
  readonly meterValue?: string;
}

/** Ten US gallons at 3.50, of a new vehicle, unless told otherwise. */
export async function makeFuelEntry({ account, meterValue, ...choice }: Fuelling): Promise<FuelEntry> {
  const vehicleId = choice.vehicleId ?? (await makeVehicle({ account })).id;
  const { volume = "10.0000", pricePerVolumeUnit = "3.5000", date = new Date() } = choice;
  const totalAmount = totalOf(volume, pricePerVolumeUnit);
  const meterEntryId =
    meterValue === undefined
      ? null
      : (await makeMeterEntry({ account, vehicleId, value: meterValue, date: new Date(date) })).id;
  return bookkeepingDb().fuelEntry.create({
    data: {
      volumeUnits: "us_gallons",
      totalAmount,
      meterEntryId,
      ...choice,
      volume,
      pricePerVolumeUnit,
      date,
      accountId: account.id,
      vehicleId,
    },
  });
}
