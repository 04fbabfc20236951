import { beforeEach, describe, expect, it } from "vitest";

import type { CustomRecordType } from "@/generated/prisma/enums";
import { databaseNow, db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact, makeFuelEntry } from "@/prisma/factories/contacts-and-entries";
import { sweepCustomFieldJob } from "./jobs";
import { deleteCustomField } from "./service";

let space: AccountWithPeople;
const customFields = { note: "x", other: "y" };

beforeEach(async () => {
  space = await makeAccountWithPeople();
});

async function deleted(recordType: CustomRecordType = "vehicle"): Promise<number> {
  const { id } = await makeCustomField({ account: space.account, label: "Note", recordType });
  const permit = await permitFor("customFields.manage", { user: space.owner, account: space.account });
  await deleteCustomField(permit, { id });
  return id;
}
const queuedFor = (id: number) => bookkeepingDb().$queryRaw<{ isLater: boolean }[]>`
  SELECT j.run_at > clock_timestamp() + interval '30 seconds' AS "isLater"
  FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
  WHERE t.identifier = 'customFields.sweep' AND (j.payload->>'id')::int = ${id} ORDER BY j.run_at`;
const later = async () => new Date((await databaseNow()).getTime() + 61_000);

describe("sweeping a deleted field's values", () => {
  it("is queued with the deletion, and takes them out of every kind of record of that account alone", async () => {
    const { account } = space;
    const elsewhere = await makeVehicle({ account: (await makeAccountWithPeople()).account, customFields });
    const vehicle = await makeVehicle({ account, customFields });
    const contact = await makeContact({ account, customFields });
    const assignment = await makeAssignment({ account, customFields });
    const entry = await makeFuelEntry({ account, customFields });
    for (const type of ["vehicle", "contact", "vehicle_assignment", "fuel_entry"] as const) {
      const id = await deleted(type);
      expect(await queuedFor(id)).toEqual([{ isLater: false }]);
      await sweepCustomFieldJob.perform({ id });
    }
    const left = [
      await db().vehicle.findUnique({ where: { id: vehicle.id } }),
      await db().contact.findUnique({ where: { id: contact.id } }),
      await db().vehicleAssignment.findUnique({ where: { id: assignment.id } }),
      await db().fuelEntry.findUnique({ where: { id: entry.id } }),
    ];
    expect(left.map((record) => record?.customFields)).toEqual(left.map(() => ({ other: "y" })));
    expect((await db().vehicle.findUnique({ where: { id: elsewhere.id } }))?.customFields).toEqual(customFields);
  });

  it("comes again a minute later for what a last writer put back; then the key is free", async () => {
    const vehicle = await makeVehicle({ account: space.account, customFields });
    const id = await deleted();
    await sweepCustomFieldJob.perform({ id });
    expect((await queuedFor(id)).map(({ isLater }) => isLater)).toEqual([false, true]);
    await bookkeepingDb().vehicle.update({ where: { id: vehicle.id }, data: { customFields } });
    await sweepCustomFieldJob.perform({ id }, await later());
    expect((await db().vehicle.findUnique({ where: { id: vehicle.id } }))?.customFields).toEqual({ other: "y" });
    expect(await db().customField.findUnique({ where: { id } })).toBeNull();
    await sweepCustomFieldJob.perform({ id }, await later());
  });

  it("touches no field that is in use", async () => {
    const vehicle = await makeVehicle({ account: space.account, customFields });
    const { id } = await makeCustomField({ account: space.account, label: "Note" });
    await sweepCustomFieldJob.perform({ id }, await later());
    expect((await db().vehicle.findUnique({ where: { id: vehicle.id } }))?.customFields).toEqual(customFields);
    expect(await db().customField.findUnique({ where: { id } })).not.toBeNull();
  });

  it("goes through as many records as there are", async () => {
    const { account } = space;
    await makeVehicle({ account });
    await bookkeepingDb().$executeRaw`
      INSERT INTO contacts (account_id, first_name, name, custom_fields)
      SELECT ${account.id}, 'Dana', 'Dana ' || n, '{"note": "x"}'::jsonb FROM generate_series(1, 1200) AS n`;
    const id = await deleted("contact");
    await sweepCustomFieldJob.perform({ id });
    const held = await bookkeepingDb().$queryRaw`
      SELECT 1 FROM contacts WHERE account_id = ${account.id} AND jsonb_exists(custom_fields, 'note')`;
    expect(held).toEqual([]);
  });
});
