import "server-only";

import type { FuelVolumeUnit } from "@/generated/prisma/enums";
import { changesOf, factsOf } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, readOnce, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { customFieldsOfNew, mergeCustomFields, type CustomFieldDefinition } from "@/lib/custom-fields/policy";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord, wrongFields } from "@/lib/platform/errors";
import { readingEvent, tooFarAhead } from "@/lib/meter-entries/policy";
import { totalOf, volumeGiven, type Volume } from "./policy";
import { fuelEntryName, presentFuelEntry, type FuelEntryRecord } from "./presenter";
import { fuelEntryOf, fuelEntrySource, type FuelEntryRow } from "./queries";
import { addReadings, moveMeter, writeReading } from "./write-reading";
import type { CreateFuelEntryInput, FuelEntryChangesInput } from "./schema";

type Writer = Permit<"fuelEntries.write">;
type Deleter = Permit<"fuelEntries.delete">;

const LARGEST_TOTAL = 9_999_999_999.99;

async function readEntries(tx: Tx, accountId: number, ids: readonly number[]): Promise<FuelEntryRecord[]> {
  const { select, from, where } = fuelEntrySource(accountId);
  const rows = await tx.$queryRaw<FuelEntryRow[]>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND fe.id IN (${Prisma.join([...ids])}) ORDER BY fe.id`,
  );
  return rows.map(fuelEntryOf);
}

async function readEntry(tx: Tx, permit: Writer | Deleter, id: number): Promise<FuelEntryRecord> {
  const [entry] = await readEntries(tx, permit.account.id, [id]);
  if (entry === undefined) throw noSuchRecord();
  return entry;
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
export async function holdEntry(tx: Tx, permit: Writer | Deleter, id: number, otherVehicleId?: number) {
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

function entryEvent(
  deed: "created" | "updated" | "deleted",
  entry: FuelEntryRecord,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  return {
    name: `fuelEntry.${deed}`,
    record: { type: "fuelEntry", id: entry.id, name: fuelEntryName(entry) },
    ...facts,
    payload: presentFuelEntry(entry),
  };
}

/** Refuses a fuelling of a time that is still to come. */
function requirePast(date: Date, now: Date): void {
  const complaint = tooFarAhead(date, now);
  if (complaint !== null) throw wrongFields({ date: [complaint] });
}

/** What happened to an entry's reading, which has an entry of its own; webhooks hear of the fuel entry alone. */
function readingEvents(
  deed: "created" | "updated" | "deleted" | null,
  { meterEntry, vehicle }: FuelEntryRecord,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent[] {
  if (deed === null || meterEntry === null) return [];
  return [readingEvent(deed, { ...meterEntry, vehicleName: vehicle.name }, facts)];
}

function readingFacts({ meterEntry }: FuelEntryRecord) {
  if (meterEntry === null) return {};
  const { vehicleId, kind, value, date, takenAt, isVoid } = meterEntry;
  return factsOf({ vehicleId, kind, value, date, takenAt, isVoid });
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

/** What a new entry is to be, in the unit of its vehicle where none is given. */
function newEntry(input: CreateFuelEntryInput, vehicle: HeldVehicle, definitions: readonly CustomFieldDefinition[]) {
  const merged = customFieldsOfNew(definitions, input.customFields);
  if (!merged.ok) throw wrongFields(merged.errors);
  const volume = volumeGiven(input, vehicle.fuelVolumeUnits);
  if (volume === null) throw wrongFields({ [vehicle.fuelVolumeUnits]: ["can't be blank"] });
  return {
    ...plainColumns(input),
    vehicleId: vehicle.id,
    date: input.date,
    ...volume,
    ...amounts(volume, input.pricePerVolumeUnit ?? null, input.totalAmount),
    customFields: merged.values,
  };
}

/**
 * Adds fuellings; the readings that come with them move the vehicles' meters: all, or none where one is refused.
 * @throws DomainError invalid_input
 */
export async function createFuelEntries(
  permit: Writer,
  inputs: readonly CreateFuelEntryInput[],
): Promise<FuelEntryRecord[]> {
  const definitions = await readOnce("a fuel entry's fields", () => customFieldDefinitions(permit, "fuel_entry"));
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    for (const { date } of inputs) requirePast(date, now);
    const vehicleIds = [...new Set(inputs.map(({ vehicleId }) => vehicleId))];
    const held = await holdVehicles(tx, accountId, vehicleIds);
    const wanted = inputs.map((input) => newEntry(input, requireHeld(held, input.vehicleId), definitions));
    const meterEntryIds = await addReadings(tx, accountId, inputs, now);
    const made = await tx.fuelEntry.createManyAndReturn({
      data: wanted.map((each, index) => {
        const meterEntryId = meterEntryIds[index] ?? null;
        return { ...each, meterEntryId, accountId, createdAt: now, updatedAt: now };
      }),
      select: { id: true },
    });
    const moves: DomainEvent[] = [];
    for (const { id } of held)
      if (inputs.some(({ vehicleId }, index) => vehicleId === id && meterEntryIds[index] !== null))
        moves.push(...(await moveMeter(tx, accountId, id, now)));
    const ids = made.map(({ id }) => id);
    const entries = await readEntries(tx, accountId, ids);
    const events = entries.flatMap((entry, index) => {
      const after = factsOf({ ...wanted[index], meterValue: entry.meterEntry?.value });
      const ofReading = readingEvents("created", entry, { after: readingFacts(entry) });
      return [entryEvent("created", entry, { after }), ...ofReading];
    });
    return { result: entries, events: [...events, ...moves] };
  });
}

/** @throws DomainError invalid_input */
export async function createFuelEntry(permit: Writer, input: CreateFuelEntryInput): Promise<FuelEntryRecord> {
  const [entry] = await createFuelEntries(permit, [input]);
  if (entry === undefined) throw noSuchRecord();
  return entry;
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
    const isMoved = wanted.date.getTime() !== entry.date.getTime();
    if (isMoved) requirePast(wanted.date, now);
    const reading = await writeReading(tx, accountId, {
      place: wanted,
      isMoved,
      current: entry.meterEntry,
      given: given.meterEntryAttributes,
      now,
    });
    const { meterEntryId, deed } = reading;
    await tx.fuelEntry.update({ where: { id, accountId }, data: { ...wanted, meterEntryId, updatedAt: now } });
    const moves = deed === null ? [] : await moveMeter(tx, accountId, vehicle.id, now);
    if (entry.meterEntry !== null && entry.vehicleId !== vehicle.id)
      moves.push(...(await moveMeter(tx, accountId, entry.vehicleId, now)));
    const changed = await readEntry(tx, permit, id);
    const ofReading = readingEvents(deed, deed === "deleted" ? entry : changed, reading.changes);
    return { result: changed, events: [entryEvent("updated", changed, changes), ...ofReading, ...moves] };
  });
}

/** Takes a fuelling away, and its reading with it. @throws DomainError not_found */
export function deleteFuelEntry(permit: Deleter, { id }: { id: number }): Promise<{ id: number }> {
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    const { entry } = await holdEntry(tx, permit, id);
    await tx.fuelEntry.delete({ where: { id, accountId }, select: { id: true } });
    if (entry.meterEntry === null) return { result: { id }, events: [entryEvent("deleted", entry)] };
    await tx.meterEntry.delete({ where: { id: entry.meterEntry.id, accountId }, select: { id: true } });
    const moves = await moveMeter(tx, accountId, entry.vehicleId, now);
    return { result: { id }, events: [entryEvent("deleted", entry), ...readingEvents("deleted", entry), ...moves] };
  });
}
