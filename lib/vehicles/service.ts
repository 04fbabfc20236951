import "server-only";

import { archivalOf, changesOf, factsOf, refuseClash } from "@/lib/audit-log/changes";
import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, readOnce, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import {
  customFieldsOfNew,
  mergeCustomFields,
  type CustomFieldDefinition,
  type MergedCustomFields,
} from "@/lib/custom-fields/policy";
import { customFieldDefinitions } from "@/lib/custom-fields/queries";
import { constraintOf } from "@/lib/platform/database/errors";
import { Prisma } from "@/lib/platform/database/db";
import { DomainError, noSuchRecord, wrongFields, type FieldErrors } from "@/lib/platform/errors";
import { presentVehicle, type VehicleRecord } from "./presenter";
import { nameVehicle, vehicleColumns, vehicleTables, vehicleWhere } from "./queries";
import type { CreateVehicleInput, VehicleChangesInput, VehicleRef } from "./schema";
import { findFuelTypeName, findNamedSettings, findSetting } from "./find-setting";
import { mergeExternalIds, unitMeant } from "./policy";

type Writer = Permit<"vehicles.write">;
type Deleter = Permit<"vehicles.delete">;
type Named = { readonly ref: VehicleRef };

const CONSTRAINTS: Readonly<Record<string, FieldErrors>> = {
  vehicles_account_id_name_key: { name: ["has already been taken"] },
  vehicles_account_id_vin_key: { vin: ["has already been taken"] },
  vehicles_type_fkey: { vehicle_type_id: ["must exist"] },
  vehicles_status_fkey: { vehicle_status_id: ["must exist"] },
};

/** What the database refuses, as words at the field. */
async function translated<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const fields = CONSTRAINTS[constraintOf(error) ?? ""];
    throw fields ? wrongFields(fields) : error;
  }
}

function holdVehicles(tx: Tx, where: Prisma.Sql): Promise<VehicleRecord[]> {
  return tx.$queryRaw<VehicleRecord[]>(
    Prisma.sql`SELECT ${vehicleColumns} FROM ${vehicleTables} WHERE ${where} ORDER BY v.id FOR UPDATE OF v`,
  );
}

/** The vehicle as it stands, held against other changes until this one is through. */
export async function holdVehicle(tx: Tx, permit: Writer | Deleter, ref: VehicleRef): Promise<VehicleRecord> {
  const { id: accountId } = permit.account;
  const named = await nameVehicle(accountId, ref, (statement) => tx.$queryRaw<{ id: number }[]>(statement));
  const [vehicle] = await holdVehicles(tx, vehicleWhere(accountId, named));
  // Another system's name of it may have gone to another one meanwhile.
  const isStillNamed = !("externalId" in ref) || vehicle?.externalIds[ref.externalId.key] === ref.externalId.value;
  if (vehicle === undefined || !isStillNamed) throw noSuchRecord();
  return vehicle;
}

function vehicleEvent(
  deed: "created" | "updated" | "deleted" | "archived" | "restored",
  vehicle: VehicleRecord,
  facts: Pick<DomainEvent, "before" | "after"> = {},
): DomainEvent {
  const record = { type: "vehicle", id: vehicle.id, name: vehicle.name } as const;
  return { name: `vehicle.${deed}`, record, ...facts, payload: presentVehicle(vehicle) };
}

function valuesOf(merged: MergedCustomFields) {
  if (!merged.ok) throw wrongFields(merged.errors);
  return merged.values;
}

function asDay(day: string | null | undefined): Date | null | undefined {
  return day ? new Date(day) : day === undefined ? undefined : null;
}

type Facts = Omit<
  VehicleChangesInput,
  | "vehicleTypeId"
  | "vehicleTypeName"
  | "vehicleStatusId"
  | "vehicleStatusName"
  | "fuelTypeId"
  | "externalIds"
  | "customFields"
  | "archivedAt"
  | "meterUnit"
>;

/** Days and prices as the database's client takes them. */
function columnsOf<Given extends Facts>({
  inServiceDate,
  outOfServiceDate,
  estimatedResalePriceCents: cents,
  ...rest
}: Given) {
  const estimatedResalePrice = cents === null || cents === undefined ? cents : new Prisma.Decimal(cents).div(100);
  return {
    ...rest,
    inServiceDate: asDay(inServiceDate),
    outOfServiceDate: asDay(outOfServiceDate),
    estimatedResalePrice,
  };
}

/** What a vehicle is when nobody says: as its account measures. */
async function defaultsOf(tx: Tx, permit: Writer) {
  const account = await tx.account.findUniqueOrThrow({
    where: { id: permit.account.id },
    select: { defaultMeterUnit: true, defaultFuelVolumeUnit: true, systemOfMeasurement: true },
  });
  const { defaultMeterUnit: primaryMeterUnit, defaultFuelVolumeUnit: fuelVolumeUnits, systemOfMeasurement } = account;
  return { primaryMeterUnit, fuelVolumeUnits, systemOfMeasurement, ownership: "owned" } as const;
}

/** What a new vehicle is to be: its columns, and its facts as the audit log writes them. */
async function newVehicle(
  tx: Tx,
  permit: Writer,
  definitions: readonly CustomFieldDefinition[],
  {
    vehicleTypeId,
    vehicleTypeName,
    vehicleStatusId,
    vehicleStatusName,
    fuelTypeId,
    externalIds: givenIds,
    customFields: given,
    ...facts
  }: CreateVehicleInput,
) {
  const customFields = valuesOf(customFieldsOfNew(definitions, given));
  const externalIds = mergeExternalIds({}, givenIds);
  const defaults = await readOnce("a vehicle's defaults", () => defaultsOf(tx, permit));
  const type = await findSetting(tx, permit.account.id, "vehicle_type", { id: vehicleTypeId, name: vehicleTypeName });
  const status = await findSetting(tx, permit.account.id, "vehicle_status", {
    id: vehicleStatusId,
    name: vehicleStatusName,
  });
  if (type === null || status === null) {
    throw wrongFields({
      ...(type === null && { vehicle_type_id: ["can't be blank"] }),
      ...(status === null && { vehicle_status_id: ["can't be blank"] }),
    });
  }
  const wanted = {
    ...facts,
    fuelTypeName: await findFuelTypeName(tx, permit.account.id, { id: fuelTypeId, name: facts.fuelTypeName }),
    primaryMeterUnit: facts.primaryMeterUnit ?? defaults.primaryMeterUnit,
    fuelVolumeUnits: facts.fuelVolumeUnits ?? defaults.fuelVolumeUnits,
    systemOfMeasurement: facts.systemOfMeasurement ?? defaults.systemOfMeasurement,
    ownership: facts.ownership ?? defaults.ownership,
  };
  return {
    columns: { ...columnsOf(wanted), vehicleTypeId: type.id, vehicleStatusId: status.id, externalIds, customFields },
    after: factsOf({ ...wanted, typeName: type.name, statusName: status.name, externalIds, customFields }),
  };
}

/** Adds vehicles to the account's fleet: all, or none where one is refused. @throws DomainError invalid_input */
export async function createVehicles(permit: Writer, inputs: readonly CreateVehicleInput[]): Promise<VehicleRecord[]> {
  const accountId = permit.account.id;
  const definitions = await readOnce("a vehicle's fields", () => customFieldDefinitions(permit, "vehicle"));
  const work = mutate(permit, async (tx, now) => {
    const wanted: Awaited<ReturnType<typeof newVehicle>>[] = [];
    for (const input of inputs) wanted.push(await newVehicle(tx, permit, definitions, input));
    const made = await tx.vehicle.createManyAndReturn({
      data: wanted.map(({ columns }) => ({ ...columns, accountId, createdAt: now, updatedAt: now })),
      select: { id: true },
    });
    const ids = Prisma.join(made.map(({ id }) => id));
    // In the order in which they were given: of one statement, the ids ascend.
    const vehicles = await holdVehicles(tx, Prisma.sql`v.account_id = ${accountId} AND v.id IN (${ids})`);
    const events = vehicles.map((vehicle, index) =>
      vehicleEvent("created", vehicle, { after: wanted[index]?.after ?? {} }),
    );
    return { result: vehicles, events };
  });
  return translated(work);
}

/** @throws DomainError invalid_input */
export async function createVehicle(permit: Writer, input: CreateVehicleInput): Promise<VehicleRecord> {
  const [vehicle] = await createVehicles(permit, [input]);
  if (vehicle === undefined) throw noSuchRecord();
  return vehicle;
}

/** Of a vehicle that exists: its columns as they are to be, and its facts as the audit log compares them. */
async function wantedOf(
  tx: Tx,
  vehicle: VehicleRecord,
  definitions: readonly CustomFieldDefinition[],
  changes: VehicleChangesInput,
) {
  const {
    vehicleTypeId: _id,
    vehicleTypeName: _name,
    vehicleStatusId: _status,
    vehicleStatusName: _,
    fuelTypeId: _fuel,
    ...own
  } = changes;
  const { externalIds, customFields, archivedAt: _at, meterUnit: _unit, primaryMeterUnit: __, ...rest } = own;
  const { type, status, fuelTypeName } = await findNamedSettings(tx, vehicle, changes);
  const facts = { ...rest, fuelTypeName, primaryMeterUnit: unitMeant(vehicle, changes) };
  const objects = {
    externalIds: mergeExternalIds(vehicle.externalIds, externalIds),
    customFields: valuesOf(mergeCustomFields(definitions, vehicle.customFields, customFields)),
  };
  return {
    columns: { ...columnsOf(facts), ...objects, vehicleTypeId: type?.id, vehicleStatusId: status?.id },
    facts: { ...facts, ...objects, typeName: type?.name, statusName: status?.name },
  };
}

/** Changes what is given and leaves the rest; custom fields and external ids entry by entry. @throws DomainError not_found, invalid_input, conflict: not as it was seen, or not the only one of that name */
export async function editVehicle(
  permit: Writer,
  { ref, changes, seen }: Named & { readonly changes: VehicleChangesInput; readonly seen?: VehicleChangesInput },
): Promise<VehicleRecord> {
  const definitions = await customFieldDefinitions(permit, "vehicle");
  const work = mutate(permit, async (tx, now) => {
    const vehicle = await holdVehicle(tx, permit, ref);
    const asInput = { ...vehicle, vehicleTypeId: vehicle.typeId, vehicleStatusId: vehicle.statusId };
    refuseClash(asInput, seen, changes);
    const { columns, facts } = await wantedOf(tx, vehicle, definitions, changes);
    const changed = changesOf(vehicle, facts);
    const move = changes.archivedAt === undefined ? null : archivalOf(vehicle, changes.archivedAt !== null, now);
    if (changed === null && move === null) return { result: vehicle, events: [] };
    const data = { ...(changed && columns), ...(move && { archivedAt: move.archivedAt }), updatedAt: now };
    await tx.vehicle.update({ where: { id: vehicle.id, accountId: permit.account.id }, data, select: { id: true } });
    const after = await holdVehicle(tx, permit, { id: vehicle.id });
    const edited = changed ? [vehicleEvent("updated", after, changed)] : [];
    const moved = move ? [vehicleEvent(move.deed, after, move.changes)] : [];
    return { result: after, events: [...edited, ...moved] };
  });
  return translated(work);
}

function moveVehicle(permit: Writer, ref: VehicleRef, isToBeArchived: boolean): Promise<VehicleRecord> {
  return mutate(permit, async (tx, now) => {
    const vehicle = await holdVehicle(tx, permit, ref);
    const move = archivalOf(vehicle, isToBeArchived, now);
    if (move === null) return { result: vehicle, events: [] };
    await tx.vehicle.update({
      where: { id: vehicle.id, accountId: permit.account.id },
      data: { archivedAt: move.archivedAt, updatedAt: now },
      select: { id: true },
    });
    const moved = await holdVehicle(tx, permit, { id: vehicle.id });
    return { result: moved, events: [vehicleEvent(move.deed, moved, move.changes)] };
  });
}

/** Takes a vehicle out of the list and keeps its history; done twice, the second changes nothing. @throws DomainError not_found */
export function archiveVehicle(permit: Writer, { ref }: Named): Promise<VehicleRecord> {
  return moveVehicle(permit, ref, true);
}

/** Done twice, the second changes nothing. @throws DomainError not_found */
export function restoreVehicle(permit: Writer, { ref }: Named): Promise<VehicleRecord> {
  return moveVehicle(permit, ref, false);
}

function counted(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
}

/** Only one without a history goes. @throws DomainError not_found, invalid_input counting what stands in the way */
export function deleteVehicle(permit: Deleter, { ref }: Named): Promise<VehicleRecord> {
  return mutate(permit, async (tx) => {
    // Whoever adds an entry meanwhile waits for this lock: the counts are exact.
    const vehicle = await holdVehicle(tx, permit, ref);
    const where = { accountId: permit.account.id, vehicleId: vehicle.id };
    const history = [
      ...counted(await tx.vehicleAssignment.count({ where }), "vehicle assignment", "vehicle assignments"),
      ...counted(await tx.meterEntry.count({ where }), "meter entry", "meter entries"),
      ...counted(await tx.fuelEntry.count({ where }), "fuel entry", "fuel entries"),
    ];
    if (history.length > 0) {
      throw new DomainError(
        "invalid_input",
        `${vehicle.name} has ${history.join(", ")} and can't be deleted. Archive the vehicle instead.`,
      );
    }
    await tx.vehicle.delete({ where: { id: vehicle.id, accountId: permit.account.id }, select: { id: true } });
    return { result: vehicle, events: [vehicleEvent("deleted", vehicle)] };
  });
}
