import "server-only";

import { changesOf, factsOf, type Changes } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import type { Tx } from "@/lib/audit-log/mutate";
import { timeOnDay } from "@/lib/meter-entries/policy";
import { findDisorder, readMeterMove } from "@/lib/meter-entries/queries";
import { wrongFields } from "@/lib/platform/errors";
import type { FuelEntryRecord } from "./presenter";
import type { CreateFuelEntryInput } from "./schema";

/** Has the vehicle's meter stand where its readings say; gives the vehicle's entry, where that changes it. */
export async function moveMeter(tx: Tx, accountId: number, vehicleId: number, now: Date): Promise<DomainEvent[]> {
  const move = await readMeterMove(tx, accountId, { vehicleId, kind: "primary" });
  if (move === null) return [];
  await tx.vehicle.update({
    where: { id: vehicleId, accountId },
    data: { ...move.columns, updatedAt: now },
    select: { id: true },
  });
  return [move.event];
}

interface Reading {
  readonly value?: string | null | undefined;
  readonly void?: boolean | undefined;
}

interface NewReading {
  readonly vehicleId: number;
  /** Such as "2026-11-22". */
  readonly date: string;
  readonly takenAt: Date | null;
  readonly value: string;
  readonly isVoid: boolean;
}

/** When the fuelling was, as a reading has it. */
function whenRead(instant: Date): Pick<NewReading, "date" | "takenAt"> {
  return { date: instant.toISOString().slice(0, 10), takenAt: timeOnDay(instant) };
}

type Place = Pick<FuelEntryRecord, "vehicleId" | "date">;
type MeterEntry = FuelEntryRecord["meterEntry"];

/** Refuses readings that would have the meter run back, unless they are void. */
async function requireOrder(
  tx: Tx,
  accountId: number,
  readings: readonly (NewReading & { readonly id: number | null })[],
): Promise<void> {
  const counted = readings.filter(({ isVoid }) => !isVoid).map((each) => ({ ...each, kind: "primary" as const }));
  if (counted.length === 0) return;
  const complaint = await findDisorder(tx, accountId, counted);
  if (complaint !== null) throw wrongFields({ "meter_entry_attributes.value": [complaint] });
}

/** What became of an entry's reading. */
export interface ReadingChange {
  /** Of the reading that the entry has now; null where none is known. */
  readonly meterEntryId: number | null;
  /** Null where the reading stays as it is. */
  readonly deed: "created" | "updated" | "deleted" | null;
  readonly changes: Partial<Changes>;
}

const NO_READING: ReadingChange = { meterEntryId: null, deed: null, changes: {} };

/** Writes the reading that goes with the entry: a new one, a changed one, or none where none is known. */
export async function writeReading(
  tx: Tx,
  accountId: number,
  {
    place,
    isMoved,
    current,
    given,
    now,
  }: {
    readonly place: Place;
    /** In time; a reading whose fuelling stays when it was does so too. */
    readonly isMoved: boolean;
    readonly current: MeterEntry;
    readonly given: Reading | null | undefined;
    readonly now: Date;
  },
): Promise<ReadingChange> {
  const value = given?.value === undefined ? current?.value : given.value;
  if (value === undefined || value === null) {
    if (current === null) return NO_READING;
    await tx.meterEntry.delete({ where: { id: current.id, accountId }, select: { id: true } });
    return { ...NO_READING, deed: "deleted" };
  }
  const isVoid = given?.void ?? current?.isVoid ?? false;
  const { date, takenAt } = current && !isMoved ? current : whenRead(place.date);
  const reading = { vehicleId: place.vehicleId, date, takenAt, value, isVoid };
  const changes = current === null ? null : changesOf(current, reading);
  // One that stays as it is stays.
  if (current !== null && changes === null) return { meterEntryId: current.id, deed: null, changes: {} };
  await requireOrder(tx, accountId, [{ ...reading, id: current?.id ?? null }]);
  const data = { ...reading, date: new Date(reading.date), updatedAt: now };
  if (current !== null) {
    await tx.meterEntry.update({ where: { id: current.id, accountId }, data, select: { id: true } });
    return { meterEntryId: current.id, deed: "updated", changes: changes ?? {} };
  }
  const made = await tx.meterEntry.create({
    data: { ...data, kind: "primary", accountId, createdAt: now },
    select: { id: true },
  });
  return { meterEntryId: made.id, deed: "created", changes: { after: factsOf(reading) } };
}

/** Writes the readings that come with new entries, and gives the id of each; null where none comes. */
export async function addReadings(
  tx: Tx,
  accountId: number,
  inputs: readonly CreateFuelEntryInput[],
  now: Date,
): Promise<(number | null)[]> {
  const given = inputs.flatMap(({ vehicleId, date, meterEntryAttributes: reading }) =>
    reading?.value ? [{ vehicleId, ...whenRead(date), value: reading.value, isVoid: reading.void ?? false }] : [],
  );
  const own = { kind: "primary", accountId, createdAt: now, updatedAt: now } as const;
  const made = await tx.meterEntry.createManyAndReturn({
    data: given.map((each) => ({ ...each, ...own, date: new Date(each.date) })),
    select: { id: true },
  });
  await requireOrder(
    tx,
    accountId,
    given.map((each, index) => ({ ...each, id: made[index]?.id ?? null })),
  );
  const ids = made.values();
  return inputs.map(({ meterEntryAttributes }) =>
    meterEntryAttributes?.value ? (ids.next().value?.id ?? null) : null,
  );
}
