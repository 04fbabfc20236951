import "server-only";

import type { FuelVolumeUnit } from "@/generated/prisma/enums";
import { changesOf, factsOf } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { customFieldsOfNew, mergeCustomFields } from "@/lib/custom-fields/policy";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { meterColumns, outOfOrder, type ReadingsBeside } from "@/lib/meter-entries/policy";
import { readingsBeside, readingsThatCount } from "@/lib/meter-entries/queries";
import { Prisma } from "@/lib/platform/db";
import { DomainError, noSuchRecord, wrongFields } from "@/lib/platform/errors";
import { meterFacts, type MeterReading } from "@/lib/vehicles/policy";
import { totalOf, volumeGiven, type Volume } from "./policy";
import { presentFuelEntry, type FuelEntryRecord } from "./presenter";
import { fuelEntryOf, fuelEntrySource, type FuelEntryRow } from "./queries";
import type { CreateFuelEntryInput, FuelEntryChangesInput } from "./schema";

type Writer = Permit<"fuelEntries.write">;
type Deleter = Permit<"fuelEntries.delete">;

const LARGEST_TOTAL = 9_999_999_999.99;

async function readEntry(tx: Tx, permit: Writer | Deleter, id: number): Promise<FuelEntryRecord> {
  const { select, from, where } = fuelEntrySource(permit.account.id);
  const [row] = await tx.$queryRaw<FuelEntryRow[]>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND fe.id = ${id}`,
  );
  if (row === undefined) throw noSuchRecord();
  return fuelEntryOf(row);
}

interface HeldVehicle {
  readonly id: number;
  readonly fuelVolumeUnits: FuelVolumeUnit;
}

/** Puts those who move a vehicle's meter in line, in the order of the ids. Gives the account's among them. */
function holdVehicles(tx: Tx, accountId: number, ids: readonly number[]): Promise<HeldVehicle[]> {
  return tx.$queryRaw<HeldVehicle[]>(
    Prisma.sql`SELECT id, fuel_volume_units::text AS "fuelVolumeUnits" FROM vehicles
      WHERE account_id = ${accountId} AND id IN (${Prisma.join([...ids])}) ORDER BY id FOR NO KEY UPDATE`,
  );
}

/** The account's vehicle among those held. */
function requireHeld(held: readonly HeldVehicle[], id: number): HeldVehicle {
  const vehicle = held.find((each) => each.id === id);
  if (vehicle === undefined) throw wrongFields({ vehicle_id: ["must exist"] });
  return vehicle;
}

/** The entry as it stands, once nobody else moves its vehicle's meter, or the other vehicle's that it is to go to. */
async function holdEntry(tx: Tx, permit: Writer | Deleter, id: number, otherVehicleId?: number) {
  const seen = await readEntry(tx, permit, id);
  const held = await holdVehicles(tx, permit.account.id, [seen.vehicleId, otherVehicleId ?? seen.vehicleId]);
  await tx.$queryRaw`SELECT 1 FROM fuel_entries WHERE account_id = ${permit.account.id} AND id = ${id} FOR UPDATE`;
  const entry = await readEntry(tx, permit, id);
  if (entry.vehicleId !== seen.vehicleId)
    throw new DomainError(
      "conflict",
      "This entry was moved to another vehicle at the same moment. Look at it and try again.",
    );
  return { entry, vehicle: requireHeld(held, otherVehicleId ?? seen.vehicleId) };
}

async function moveMeter(tx: Tx, accountId: number, vehicleId: number, now: Date): Promise<void> {
  const readings = await tx.$queryRaw<MeterReading[]>(readingsThatCount(accountId, vehicleId, "primary"));
  await tx.vehicle.update({
    where: { id: vehicleId, accountId },
    data: { ...meterColumns("primary", meterFacts(readings)), updatedAt: now },
  });
}

interface Reading {
  readonly value?: string | null | undefined;
  readonly void?: boolean | undefined;
}

interface NewReading {
  readonly vehicleId: number;
  readonly date: Date;
  readonly value: string;
  readonly isVoid: boolean;
}

function dayOf(instant: Date): Date {
  return new Date(instant.toISOString().slice(0, 10));
}

type Place = Pick<FuelEntryRecord, "vehicleId" | "date">;
type MeterEntry = FuelEntryRecord["meterEntry"];

/** Refuses a reading that would have the meter run back, unless it is void; one that stays as it is stays. */
async function requireOrder(tx: Tx, accountId: number, current: MeterEntry, reading: NewReading): Promise<void> {
  const date = reading.date.toISOString().slice(0, 10);
  const { vehicleId, value, isVoid } = reading;
  if (isVoid || (current && changesOf(current, { vehicleId, value, isVoid, date }) === null)) return;
  const placed = { id: current?.id ?? null, kind: "primary", vehicleId, date } as const;
  const [beside] = await tx.$queryRaw<ReadingsBeside[]>(readingsBeside(accountId, placed));
  const complaint = beside && outOfOrder(value, beside);
  if (complaint) throw wrongFields({ "meter_entry_attributes.value": [complaint] });
}

/** Writes the reading that goes with the entry: a new one, a changed one, or none where none is known. Gives its id. */
async function writeReading(
  tx: Tx,
  accountId: number,
  place: Place,
  current: MeterEntry,
  given: Reading | null | undefined,
  now: Date,
): Promise<number | null> {
  const value = given?.value === undefined ? current?.value : given.value;
  if (value === undefined || value === null) {
    if (current) await tx.meterEntry.delete({ where: { id: current.id, accountId } });
    return null;
  }
  const data = {
    vehicleId: place.vehicleId,
    date: dayOf(place.date),
    value,
    isVoid: given?.void ?? current?.isVoid ?? false,
    updatedAt: now,
  };
  await requireOrder(tx, accountId, current, data);
  if (current) {
    await tx.meterEntry.update({ where: { id: current.id, accountId }, data });
    return current.id;
  }
  const made = await tx.meterEntry.create({
    data: { ...data, kind: "primary", accountId, createdAt: now },
    select: { id: true },
  });
  return made.id;
}

function entryEvent(
  deed: "created" | "updated" | "deleted",
  entry: FuelEntryRecord,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  const name = `${entry.vehicle.name} on ${entry.date.toISOString().slice(0, 10)}`;
  return {
    name: `fuelEntry.${deed}`,
    record: { type: "fuelEntry", id: entry.id, name },
    ...facts,
    payload: presentFuelEntry(entry),
  };
}

/** What volume and price come to, unless the total was given. */
function amounts({ volume }: Volume, pricePerVolumeUnit: string | null, given: string | null | undefined) {
  const totalAmount = given ?? totalOf(volume, pricePerVolumeUnit);
  if (Number(totalAmount) > LARGEST_TOTAL) throw wrongFields({ total_amount: ["is too large"] });
  return { pricePerVolumeUnit, totalAmount };
}

/** The fields that stand in the table as they were given. */
function plainColumns(given: FuelEntryChangesInput) {
  const { fuelTypeName, partial, personal, reset, reference, vendorName, externalId } = given;
  return { fuelTypeName, partial, personal, reset, reference, vendorName, externalId };
}

/** Adds a fuelling; the reading that comes with it moves the vehicle's meter. @throws DomainError invalid_input */
export async function createFuelEntry(permit: Writer, input: CreateFuelEntryInput): Promise<FuelEntryRecord> {
  const merged = customFieldsOfNew(await customFieldDefinitions(permit, "fuel_entry"), input.customFields);
  if (!merged.ok) throw wrongFields(merged.errors);
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    const vehicle = requireHeld(await holdVehicles(tx, accountId, [input.vehicleId]), input.vehicleId);
    const volume = volumeGiven(input, vehicle.fuelVolumeUnits);
    if (volume === null) throw wrongFields({ [vehicle.fuelVolumeUnits]: ["can't be blank"] });
    const place = { vehicleId: vehicle.id, date: input.date };
    const wanted = {
      ...plainColumns(input),
      ...place,
      ...volume,
      ...amounts(volume, input.pricePerVolumeUnit ?? null, input.totalAmount),
      customFields: merged.values,
    };
    const meterEntryId = await writeReading(tx, accountId, place, null, input.meterEntryAttributes, now);
    const { id } = await tx.fuelEntry.create({
      data: { ...wanted, meterEntryId, accountId, createdAt: now, updatedAt: now },
      select: { id: true },
    });
    if (meterEntryId !== null) await moveMeter(tx, accountId, vehicle.id, now);
    const entry = await readEntry(tx, permit, id);
    const after = factsOf({ ...wanted, meterValue: entry.meterEntry?.value });
    return { result: entry, events: [entryEvent("created", entry, { after })] };
  });
}

/** What of an entry is to be different; the total follows volume and price unless it is given. */
function columnsWanted(
  entry: FuelEntryRecord,
  given: FuelEntryChangesInput,
  vehicle: HeldVehicle,
  customFields: FuelEntryRecord["customFields"],
) {
  const volume = volumeGiven(given, vehicle.fuelVolumeUnits) ?? {
    volume: entry.volume,
    volumeUnits: entry.volumeUnits,
  };
  const price = given.pricePerVolumeUnit === undefined ? entry.pricePerVolumeUnit : given.pricePerVolumeUnit;
  const keepsTotal = volume.volume === entry.volume && price === entry.pricePerVolumeUnit;
  const money = amounts(
    volume,
    price,
    given.totalAmount === undefined && keepsTotal ? entry.totalAmount : given.totalAmount,
  );
  return {
    ...plainColumns(given),
    vehicleId: vehicle.id,
    date: given.date ?? entry.date,
    ...volume,
    ...money,
    customFields: { ...customFields },
  };
}

/** Changes what is given and leaves the rest. @throws DomainError not_found, invalid_input */
export async function editFuelEntry(
  permit: Writer,
  { id, changes: given }: { id: number; changes: FuelEntryChangesInput },
): Promise<FuelEntryRecord> {
  const definitions = await customFieldDefinitions(permit, "fuel_entry");
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    const { entry, vehicle } = await holdEntry(tx, permit, id, given.vehicleId);
    const merged = mergeCustomFields(definitions, entry.customFields, given.customFields);
    if (!merged.ok) throw wrongFields(merged.errors);
    const wanted = columnsWanted(entry, given, vehicle, merged.values);
    const { value: meterValue, void: meterVoid } = given.meterEntryAttributes ?? {};
    const before = { ...entry, meterValue: entry.meterEntry?.value, meterVoid: entry.meterEntry?.isVoid };
    const changes = changesOf(before, {
      ...wanted,
      meterValue,
      meterVoid: entry.meterEntry || meterValue ? meterVoid : undefined,
    });
    if (changes === null) return { result: entry, events: [] };
    const meterEntryId = await writeReading(tx, accountId, wanted, entry.meterEntry, given.meterEntryAttributes, now);
    await tx.fuelEntry.update({ where: { id, accountId }, data: { ...wanted, meterEntryId, updatedAt: now } });
    if (meterEntryId !== null || entry.meterEntry !== null) await moveMeter(tx, accountId, vehicle.id, now);
    if (entry.meterEntry !== null && entry.vehicleId !== vehicle.id)
      await moveMeter(tx, accountId, entry.vehicleId, now);
    const changed = await readEntry(tx, permit, id);
    return { result: changed, events: [entryEvent("updated", changed, changes)] };
  });
}

/** Takes a fuelling away, and its reading with it. @throws DomainError not_found */
export function deleteFuelEntry(permit: Deleter, { id }: { id: number }): Promise<{ id: number }> {
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    const { entry } = await holdEntry(tx, permit, id);
    await tx.fuelEntry.delete({ where: { id, accountId } });
    if (entry.meterEntry !== null) {
      await tx.meterEntry.delete({ where: { id: entry.meterEntry.id, accountId } });
      await moveMeter(tx, accountId, entry.vehicleId, now);
    }
    return { result: { id }, events: [entryEvent("deleted", entry)] };
  });
}
