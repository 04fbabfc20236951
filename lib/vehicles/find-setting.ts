import "server-only";

import { readOnce, type Tx } from "@/lib/audit-log/mutate";
import { Prisma } from "@/lib/platform/database/db";
import { wrongFields } from "@/lib/platform/errors";
import type { VehicleRecord } from "./presenter";

interface Setting {
  readonly id: number;
  readonly name: string;
}

type SettingChoice = { readonly id?: number | null | undefined; readonly name?: string | null | undefined };

const SETTING_TABLES = {
  fuel_type: Prisma.sql`fuel_types`,
  vehicle_type: Prisma.sql`vehicle_types`,
  vehicle_status: Prisma.sql`vehicle_statuses`,
} as const;

/** The account's type or status that is meant: by id, else by name in whatever case; null when none is named. */
export async function findSetting(
  tx: Tx,
  accountId: number,
  noun: keyof typeof SETTING_TABLES,
  { id, name }: SettingChoice,
): Promise<Setting | null> {
  const isById = id !== null && id !== undefined;
  if (!isById && (name === null || name === undefined)) return null;
  const meant = isById ? Prisma.sql`id = ${id}` : Prisma.sql`lower(name) = lower(${name})`;
  const [found] = await readOnce(JSON.stringify([noun, id, name]), () =>
    tx.$queryRaw<Setting[]>(
      Prisma.sql`SELECT id, name FROM ${SETTING_TABLES[noun]} WHERE account_id = ${accountId} AND ${meant} ORDER BY name = ${name ?? ""} DESC, id LIMIT 1`,
    ),
  );
  if (found === undefined)
    throw wrongFields(
      isById ? { [`${noun}_id`]: ["must exist"] } : { [`${noun}_name`]: [`“${name}” does not exist in this account`] },
    );
  return found;
}

/**
 * What a fuel type that is named is called: as the account writes it already, whatever the case. A name that is new
 * becomes a fuel type with the record that carries it. Undefined: nothing is said of it.
 */
export async function findFuelTypeName(
  tx: Tx,
  accountId: number,
  { id, name }: SettingChoice,
): Promise<string | null | undefined> {
  if (id !== null && id !== undefined) return (await findSetting(tx, accountId, "fuel_type", { id }))?.name;
  if (name === null || name === undefined) return name === undefined && id === null ? null : name;
  const [known] = await readOnce(
    JSON.stringify(["fuel type's name", name]),
    () =>
      tx.$queryRaw<{ name: string }[]>`
      SELECT name FROM fuel_types WHERE account_id = ${accountId} AND lower(name) = lower(${name}) ORDER BY name = ${name} DESC, id LIMIT 1`,
  );
  return known?.name ?? name;
}

/** When a whole record comes back with its id or its name changed, the changed one is what is meant. */
function newlyNamed(
  current: { readonly id: number | null; readonly name: string | null },
  { id, name }: SettingChoice,
): SettingChoice {
  const isNameNew = name !== null && name !== undefined && name !== current.name;
  return isNameNew && (id === null || id === undefined || id === current.id) ? { name } : { id, name };
}

interface NamedSettings {
  readonly fuelTypeId?: number | null | undefined;
  readonly fuelTypeName?: string | null | undefined;
  readonly vehicleTypeId?: number | null | undefined;
  readonly vehicleTypeName?: string | null | undefined;
  readonly vehicleStatusId?: number | null | undefined;
  readonly vehicleStatusName?: string | null | undefined;
}

interface FoundSettings {
  readonly type: Setting | null;
  readonly status: Setting | null;
  /** Null takes it away; undefined: it stays. */
  readonly fuelTypeName: string | null | undefined;
}

/** Type, status and fuel type of a vehicle that exists, where another one is named by id or by name. */
export async function findNamedSettings(
  tx: Tx,
  { accountId, typeId, typeName, statusId, statusName, ...vehicle }: VehicleRecord,
  { vehicleTypeId, vehicleTypeName, vehicleStatusId, vehicleStatusName, ...given }: NamedSettings,
): Promise<FoundSettings> {
  const type = newlyNamed({ id: typeId, name: typeName }, { id: vehicleTypeId, name: vehicleTypeName });
  const status = newlyNamed({ id: statusId, name: statusName }, { id: vehicleStatusId, name: vehicleStatusName });
  const current = { id: vehicle.fuelTypeId, name: vehicle.fuelTypeName };
  const fuelType = newlyNamed(current, { id: given.fuelTypeId, name: given.fuelTypeName });
  return {
    type: await findSetting(tx, accountId, "vehicle_type", type),
    status: await findSetting(tx, accountId, "vehicle_status", status),
    fuelTypeName: await findFuelTypeName(tx, accountId, fuelType),
  };
}
