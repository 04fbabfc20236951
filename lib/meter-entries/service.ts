import "server-only";

import { changesOf, factsOf } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { fuelEntryName, presentFuelEntry, type FuelEntryRecord } from "@/lib/fuel-entries/presenter";
import { fuelEntryOf, fuelEntrySource, type FuelEntryRow } from "@/lib/fuel-entries/queries";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord, wrongFields } from "@/lib/platform/errors";
import { readingEvent, tooFarAhead, type Meter } from "./policy";
import { presentMeterEntry, type MeterEntryWithVehicle } from "./presenter";
import { findDisorder, meterEntrySource, readMeterMove } from "./queries";
import type { CreateMeterEntryInput, MeterEntryChangesInput } from "./schema";

type Writer = Permit<"meterEntries.write">;
type Deleter = Permit<"meterEntries.delete">;

function readEntries(tx: Tx, accountId: number, ids: readonly number[]): Promise<MeterEntryWithVehicle[]> {
  const { select, from, where } = meterEntrySource(accountId);
  return tx.$queryRaw<MeterEntryWithVehicle[]>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND me.id IN (${Prisma.join([...ids])}) ORDER BY me.id`,
  );
}

async function readEntry(tx: Tx, permit: Writer | Deleter, id: number): Promise<MeterEntryWithVehicle> {
  const [entry] = await readEntries(tx, permit.account.id, [id]);
  if (entry === undefined) throw noSuchRecord();
  return entry;
}

/** Puts those who move a vehicle's meter in line, in the order of the ids. Gives the ids of the account's among them. */
async function holdVehicles(tx: Tx, accountId: number, ids: readonly number[]): Promise<number[]> {
  const held = await tx.$queryRaw<{ id: number }[]>(
    Prisma.sql`SELECT id FROM vehicles WHERE account_id = ${accountId} AND id IN (${Prisma.join([...ids])}) ORDER BY id FOR NO KEY UPDATE`,
  );
  return held.map(({ id }) => id);
}

/** The entry as it stands, once nobody else moves its vehicle's meter, or the other vehicle's that it is to go to. */
export async function holdEntry(
  tx: Tx,
  permit: Writer | Deleter,
  id: number,
  otherVehicleId?: number,
): Promise<MeterEntryWithVehicle> {
  const seen = await readEntry(tx, permit, id);
  const held = await holdVehicles(tx, permit.account.id, [seen.vehicleId, otherVehicleId ?? seen.vehicleId]);
  if (otherVehicleId !== undefined && !held.includes(otherVehicleId)) throw wrongFields({ vehicle_id: ["must exist"] });
  await tx.$queryRaw`SELECT 1 FROM meter_entries WHERE account_id = ${permit.account.id} AND id = ${id} FOR UPDATE`;
  const entry = await readEntry(tx, permit, id);
  if (entry.vehicleId !== seen.vehicleId)
    throw new DomainError(
      "conflict",
      "This entry was moved to another vehicle at the same moment. Look at it and try again.",
    );
  return entry;
}

/** Has the vehicle's meter stand where its readings say; gives the vehicle's entry, where that changes it. */
async function moveMeter(tx: Tx, accountId: number, meter: Meter, now: Date): Promise<DomainEvent[]> {
  const move = await readMeterMove(tx, accountId, meter);
  if (move === null) return [];
  await tx.vehicle.update({
    where: { id: meter.vehicleId, accountId },
    data: { ...move.columns, updatedAt: now },
    select: { id: true },
  });
  return [move.event];
}

type Placed = Pick<MeterEntryWithVehicle, "vehicleId" | "kind" | "date" | "takenAt" | "value" | "isVoid">;

/** Refuses a reading of a time that is still to come. */
function requirePast({ date, takenAt }: Pick<Placed, "date" | "takenAt">, now: Date): void {
  const complaint = tooFarAhead(takenAt ?? date, now);
  if (complaint !== null) throw wrongFields({ date: [complaint] });
}

/** Refuses readings that would have the meter run back, unless they are void; their vehicles are held. */
async function requireOrder(
  tx: Tx,
  accountId: number,
  readings: readonly (Placed & { readonly id: number })[],
): Promise<void> {
  const counted = readings.filter(({ isVoid }) => !isVoid);
  if (counted.length === 0) return;
  const complaint = await findDisorder(tx, accountId, counted);
  if (complaint !== null) throw wrongFields({ value: [complaint] });
}

function entryEvent(
  deed: "created" | "updated" | "deleted",
  entry: MeterEntryWithVehicle,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  return {
    ...readingEvent(deed, { ...entry, vehicleName: entry.vehicle.name }, facts),
    payload: presentMeterEntry(entry),
  };
}

/** Adds readings, and moves the vehicles' meters with them: all, or none where one is refused. @throws DomainError invalid_input */
export function createMeterEntries(
  permit: Writer,
  inputs: readonly CreateMeterEntryInput[],
): Promise<MeterEntryWithVehicle[]> {
  const accountId = permit.account.id;
  const wanted = inputs.map(({ void: isVoid = false, meterType: kind = "primary", ...rest }) => ({
    ...rest,
    isVoid,
    kind,
  }));
  return mutate(permit, async (tx, now) => {
    for (const each of wanted) requirePast(each, now);
    const vehicleIds = [...new Set(wanted.map(({ vehicleId }) => vehicleId))];
    const held = await holdVehicles(tx, accountId, vehicleIds);
    if (held.length < vehicleIds.length) throw wrongFields({ vehicle_id: ["must exist"] });
    const own = { accountId, createdAt: now, updatedAt: now };
    const made = await tx.meterEntry.createManyAndReturn({
      data: wanted.map((each) => ({ ...each, ...own, date: new Date(each.date) })),
      select: { id: true },
    });
    const entries = wanted.map((each, index) => ({ ...each, id: made[index]?.id ?? 0 }));
    await requireOrder(tx, accountId, entries);
    const moves: DomainEvent[] = [];
    for (const vehicleId of held)
      for (const kind of new Set(entries.flatMap((entry) => (entry.vehicleId === vehicleId ? [entry.kind] : []))))
        moves.push(...(await moveMeter(tx, accountId, { vehicleId, kind }, now)));
    const added = await readEntries(
      tx,
      accountId,
      made.map(({ id }) => id),
    );
    const events = added.map((entry, index) => entryEvent("created", entry, { after: factsOf(wanted[index] ?? {}) }));
    return { result: added, events: [...events, ...moves] };
  });
}

/** @throws DomainError invalid_input */
export async function createMeterEntry(permit: Writer, input: CreateMeterEntryInput): Promise<MeterEntryWithVehicle> {
  const [entry] = await createMeterEntries(permit, [input]);
  if (entry === undefined) throw noSuchRecord();
  return entry;
}

function columnsGiven(
  { vehicleId, value, date, takenAt, void: isVoid, meterType: kind }: MeterEntryChangesInput,
  entry: Pick<MeterEntryWithVehicle, "date">,
) {
  // Who writes the day back as it was read says nothing of the time.
  const saysWhen = date !== undefined && (date !== entry.date || takenAt !== null);
  return {
    ...(vehicleId !== undefined && { vehicleId }),
    ...(value !== undefined && { value }),
    ...(saysWhen && { date, takenAt: takenAt ?? null }),
    ...(isVoid !== undefined && { isVoid }),
    ...(kind !== undefined && { kind }),
  };
}

/** Changes what is given and leaves the rest. @throws DomainError not_found, invalid_input */
export function editMeterEntry(
  permit: Writer,
  { id, changes: given }: { id: number; changes: MeterEntryChangesInput },
): Promise<MeterEntryWithVehicle> {
  const accountId = permit.account.id;
  return mutate(permit, async (tx, now) => {
    const entry = await holdEntry(tx, permit, id, given.vehicleId);
    const wanted = columnsGiven(given, entry);
    const changes = changesOf(entry, wanted);
    if (changes === null) return { result: entry, events: [] };
    const place = { ...entry, ...wanted };
    if (wanted.date !== undefined) requirePast(place, now);
    const isElsewhere = place.vehicleId !== entry.vehicleId || place.kind !== entry.kind;
    if (isElsewhere && entry.fuelEntryId !== null)
      throw wrongFields({ base: ["This reading belongs to a fuel entry and stays with its vehicle and meter."] });
    await requireOrder(tx, accountId, [{ ...place, id }]);
    const { date, ...columns } = wanted;
    await tx.meterEntry.update({
      where: { id, accountId },
      data: { ...columns, ...(date !== undefined && { date: new Date(date) }), updatedAt: now },
    });
    const moves = await moveMeter(tx, accountId, place, now);
    if (isElsewhere) moves.push(...(await moveMeter(tx, accountId, entry, now)));
    const changed = await readEntry(tx, permit, id);
    return { result: changed, events: [entryEvent("updated", changed, changes), ...moves] };
  });
}

async function readFuelEntry(tx: Tx, accountId: number, id: number): Promise<FuelEntryRecord> {
  const { select, from, where } = fuelEntrySource(accountId);
  const [row] = await tx.$queryRaw<FuelEntryRow[]>(
    Prisma.sql`SELECT ${select} FROM ${from} WHERE ${where} AND fe.id = ${id}`,
  );
  if (row === undefined) throw noSuchRecord();
  return fuelEntryOf(row);
}

/** The fuel entry that a reading was taken for stays without it: a change of its own. */
async function partFromFuelEntry(
  tx: Tx,
  { accountId, value, fuelEntryId }: MeterEntryWithVehicle,
  now: Date,
): Promise<DomainEvent[]> {
  if (fuelEntryId === null) return [];
  await tx.fuelEntry.update({
    where: { id: fuelEntryId, accountId },
    data: { meterEntryId: null, updatedAt: now },
    select: { id: true },
  });
  const entry = await readFuelEntry(tx, accountId, fuelEntryId);
  const record = { type: "fuelEntry", id: fuelEntryId, name: fuelEntryName(entry) } as const;
  const facts = { before: { meterValue: value }, after: { meterValue: null } };
  return [{ name: "fuelEntry.updated", record, ...facts, payload: presentFuelEntry(entry) }];
}

/** Takes a reading away, and the vehicle's meter back. @throws DomainError not_found */
export function deleteMeterEntry(permit: Deleter, { id }: { id: number }): Promise<{ id: number }> {
  return mutate(permit, async (tx, now) => {
    const entry = await holdEntry(tx, permit, id);
    const parted = await partFromFuelEntry(tx, entry, now);
    await tx.meterEntry.delete({ where: { id, accountId: permit.account.id }, select: { id: true } });
    const moves = await moveMeter(tx, permit.account.id, entry, now);
    return { result: { id }, events: [entryEvent("deleted", entry), ...parted, ...moves] };
  });
}
