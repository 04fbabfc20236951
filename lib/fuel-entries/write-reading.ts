import "server-only";

import { changesOf } from "@/lib/audit-log/changes";
import type { Tx } from "@/lib/audit-log/mutate";
import { meterColumns, outOfOrder, timeOnDay, type ReadingsBeside } from "@/lib/meter-entries/policy";
import { readingsBeside, readingsThatCount } from "@/lib/meter-entries/queries";
import { wrongFields } from "@/lib/platform/errors";
import { meterFacts, type MeterReading } from "@/lib/vehicles/policy";
import type { FuelEntryRecord } from "./presenter";
import type { CreateFuelEntryInput } from "./schema";

/** Where the vehicle's meter stands, after its readings. */
export async function moveMeter(tx: Tx, accountId: number, vehicleId: number, now: Date): Promise<void> {
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
  const placed = await tx.$queryRaw<ReadingsBeside[]>(readingsBeside(accountId, counted));
  const complaint = placed.map(outOfOrder).find((said) => said !== null);
  if (complaint !== undefined) throw wrongFields({ "meter_entry_attributes.value": [complaint] });
}

/** Writes the reading that goes with the entry: a new one, a changed one, or none where none is known. Gives its id. */
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
): Promise<number | null> {
  const value = given?.value === undefined ? current?.value : given.value;
  if (value === undefined || value === null) {
    if (current) await tx.meterEntry.delete({ where: { id: current.id, accountId } });
    return null;
  }
  const isVoid = given?.void ?? current?.isVoid ?? false;
  const { date, takenAt } = current && !isMoved ? current : whenRead(place.date);
  const reading = { vehicleId: place.vehicleId, date, takenAt, value, isVoid };
  // One that stays as it is stays.
  if (current === null || changesOf(current, reading) !== null)
    await requireOrder(tx, accountId, [{ ...reading, id: current?.id ?? null }]);
  const data = { ...reading, date: new Date(reading.date), updatedAt: now };
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
