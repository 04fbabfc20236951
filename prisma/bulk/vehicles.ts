import type { Account } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { vinCheckDigit } from "@/lib/vehicles/policy";
import { makeVehicleSettings } from "@/prisma/factories/vehicles";
import { longTransaction } from "@/testing/long-transaction";

const VEHICLES_PER_STATEMENT = 4_000;
const MAKES = [
  ["Ford", "Transit", "1FTBW2CM"],
  ["Chevrolet", "Silverado 1500", "1GCUYDED"],
  ["Ram", "ProMaster 2500", "3C6TRVDG"],
  ["Freightliner", "Cascadia", "1FUJGLDR"],
  ["Toyota", "Tacoma", "3TMCZ5AN"],
] as const;
const YEAR_CODES = "JKLMNPRS";
const FIRST_YEAR = 2018;

/** The VIN of the car that left the works as number `serial`; its check digit fits. */
export function vinOf(start: string, year: number, serial: number): string {
  const vin = `${start}0${YEAR_CODES[(year - FIRST_YEAR) % YEAR_CODES.length] ?? "S"}F${String(serial % 1_000_000).padStart(6, "0")}`;
  return `${vin.slice(0, 8)}${vinCheckDigit(vin)}${vin.slice(9)}`;
}

interface NewVehicle {
  readonly name: string;
  readonly vin: string;
  readonly make: string;
  readonly model: string;
  readonly year: number;
  readonly plate: string;
}

function vehicleNumber(number: number): NewVehicle {
  const [make, model, start] = MAKES[number % MAKES.length] ?? MAKES[0];
  const year = FIRST_YEAR + (Math.floor(number / MAKES.length) % YEAR_CODES.length);
  return {
    name: `${model} ${number}`,
    vin: vinOf(start, year, number),
    make,
    model,
    year,
    plate: `${(number * 7919) % 900_000}-${number}`,
  };
}

async function insertVehicles(account: Pick<Account, "id">, vehicles: readonly NewVehicle[]): Promise<void> {
  const column = <Key extends keyof NewVehicle>(key: Key) => vehicles.map((vehicle) => vehicle[key]);
  await longTransaction(
    (tx) => tx.$executeRaw`
    WITH types AS (SELECT array_agg(id ORDER BY id) AS ids FROM vehicle_types WHERE account_id = ${account.id}),
      statuses AS (SELECT array_agg(id ORDER BY position, id) AS ids FROM vehicle_statuses WHERE account_id = ${account.id})
    INSERT INTO vehicles (account_id, name, vin, make, model, year, license_plate, vehicle_type_id, vehicle_status_id, fuel_volume_units,
      system_of_measurement, primary_meter_unit, external_ids, archived_at, created_at, updated_at)
    SELECT a.id, g.name, g.vin, g.make, g.model, g.year, g.plate, types.ids[1 + g.number % cardinality(types.ids)],
      statuses.ids[CASE WHEN g.number % 10 < 7 THEN 1 ELSE 1 + g.number % cardinality(statuses.ids) END], a.default_fuel_volume_unit,
      a.system_of_measurement, a.default_meter_unit, jsonb_build_object('telematics', 'T' || g.vin),
      CASE WHEN g.number % 40 = 0 THEN now() END, now() - make_interval(mins => (g.number % 500000)::int), now() - make_interval(mins => (g.number % 50000)::int)
    FROM unnest(${column("name")}::text[], ${column("vin")}::text[], ${column("make")}::text[], ${column("model")}::text[],
        ${column("year")}::int[], ${column("plate")}::text[]) WITH ORDINALITY AS g (name, vin, make, model, year, plate, number),
      types, statuses, accounts a
    WHERE a.id = ${account.id}
    ON CONFLICT DO NOTHING`,
  );
}

/** So many vehicles more in one account, for trying things at scale. */
export async function makeManyVehicles(account: Pick<Account, "id">, count: number): Promise<void> {
  const where = { accountId: account.id };
  if ((await bookkeepingDb().vehicleType.count({ where })) === 0) await makeVehicleSettings(account);
  const first = (await bookkeepingDb().vehicle.count({ where })) + 1;
  for (let from = first; from < first + count; from += VEHICLES_PER_STATEMENT) {
    const length = Math.min(VEHICLES_PER_STATEMENT, first + count - from);
    await insertVehicles(
      account,
      Array.from({ length }, (_, index) => vehicleNumber(from + index)),
    );
  }
  // The planner must know of them before autovacuum finds the time.
  await bookkeepingDb().$executeRaw`ANALYZE vehicles, vehicle_types, vehicle_statuses`;
}
