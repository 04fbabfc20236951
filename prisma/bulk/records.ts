import type { Account } from "@/generated/prisma/client";
import { makeManyVehicles } from "./vehicles";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { longTransaction } from "@/testing/long-transaction";

const CONTACTS = 2000;
const ASSIGNMENTS_EACH = 10;
const ENTRIES_EACH = 10;

/** Vehicles, drivers, assignments that follow each other, and a reading with each fuelling; for trying things at scale. */
export async function makeManyRecords(account: Pick<Account, "id">, vehicles: number): Promise<{ vehicle: number }> {
  await makeManyVehicles(account, vehicles);
  const { id: vehicle } = await makeVehicle({ account, name: "Truck Zanzibar" });
  await makeContact({ account, firstName: "Zara", lastName: "Zanzibar" });
  await longTransaction(async (tx) => {
    await tx.$executeRaw`
      INSERT INTO contacts (account_id, first_name, last_name, name, email)
      SELECT ${account.id}, 'Driver', 'Truckman ' || n, 'Driver Truckman ' || n, 'driver' || n || '@example.com'
      FROM generate_series(1, ${CONTACTS}::int) n`;
    await tx.$executeRaw`
      WITH people AS (SELECT array_agg(id ORDER BY id) AS ids FROM contacts WHERE account_id = ${account.id})
      INSERT INTO vehicle_assignments (account_id, vehicle_id, contact_id, started_at, ended_at)
      SELECT v.account_id, v.id, people.ids[1 + (v.id * 7 + n) % cardinality(people.ids)],
        date_trunc('minute', now()) + make_interval(days => (n - 8) * 10, mins => v.id % 1000),
        date_trunc('minute', now()) + make_interval(days => (n - 7) * 10, mins => v.id % 1000)
      FROM vehicles v, people, generate_series(1, ${ASSIGNMENTS_EACH}::int) n WHERE v.account_id = ${account.id}`;
    await tx.$executeRaw`
      INSERT INTO meter_entries (account_id, vehicle_id, value, date)
      SELECT v.account_id, v.id, n * 100 + v.id % 50, (now() - make_interval(days => (${ENTRIES_EACH} - n) * 5))::date
      FROM vehicles v, generate_series(1, ${ENTRIES_EACH}::int) n WHERE v.account_id = ${account.id}`;
    await tx.$executeRaw`
      INSERT INTO fuel_entries (account_id, vehicle_id, meter_entry_id, date, volume, volume_units, total_amount, partial)
      SELECT m.account_id, m.vehicle_id, m.id, m.date, 10 + m.id % 7, 'us_gallons', 40, m.id % 5 = 0
      FROM meter_entries m WHERE m.account_id = ${account.id}`;
    // The planner must know of them before autovacuum finds the time.
    await tx.$executeRaw`ANALYZE vehicles, contacts, vehicle_assignments, meter_entries, fuel_entries`;
  });
  return { vehicle };
}
