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

/** When a whole record comes back with its id or its name changed, the changed one is what is meant. */
function newlyNamed(current: Setting, { id, name }: SettingChoice): SettingChoice {
  const isNameNew = name !== null && name !== undefined && name !== current.name;
  return isNameNew && (id === null || id === undefined || id === current.id) ? { name } : { id, name };
}

interface NamedSettings {
  readonly vehicleTypeId?: number | null | undefined;
  readonly vehicleTypeName?: string | null | undefined;
  readonly vehicleStatusId?: number | null | undefined;
  readonly vehicleStatusName?: string | null | undefined;
}

/** Type and status of a vehicle that exists, where another one is named by id or by name. */
export async function findNamedSettings(
  tx: Tx,
  accountId: number,
  { typeId, typeName, statusId, statusName }: Pick<VehicleRecord, "typeId" | "typeName" | "statusId" | "statusName">,
  { vehicleTypeId, vehicleTypeName, vehicleStatusId, vehicleStatusName }: NamedSettings,
): Promise<{ readonly type: Setting | null; readonly status: Setting | null }> {
  const type = newlyNamed({ id: typeId, name: typeName }, { id: vehicleTypeId, name: vehicleTypeName });
  const status = newlyNamed({ id: statusId, name: statusName }, { id: vehicleStatusId, name: vehicleStatusName });
  return {
    type: await findSetting(tx, accountId, "vehicle_type", type),
    status: await findSetting(tx, accountId, "vehicle_status", status),
  };
}
