import { expect, it } from "vitest";

import { makeAccount } from "@/prisma/factories";
import { makeVehicle } from "@/prisma/factories-fleet";
import { makeAssignment, makeContact } from "@/prisma/factories-people-and-entries";
import { constraintOf, isLockTimeout } from "./database-errors";
import { isOutage } from "./database-state";
import { bookkeepingDb } from "./write-db";

async function refusalOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

it("names the constraint that was in the way, of every kind", async () => {
  const account = await makeAccount();
  const vehicle = await makeVehicle({ account });
  const contact = await makeContact({ account, employeeNumber: "7" });
  await makeAssignment({ account, vehicleId: vehicle.id, contactId: contact.id });
  const stranger = await makeContact({ account: await makeAccount() });
  const db = bookkeepingDb();
  const cases: [() => Promise<unknown>, string | null][] = [
    [() => makeContact({ account, employeeNumber: "7" }), "contacts_account_id_employee_number_key"],
    [
      () =>
        db.$executeRaw`INSERT INTO contacts (account_id, first_name, name, employee_number) VALUES (${account.id}, 'A', 'A', '7')`,
      "contacts_account_id_employee_number_key",
    ],
    [() => makeAssignment({ account, vehicleId: vehicle.id }), "vehicle_assignments_no_overlap"],
    [
      () => makeAssignment({ account, startedAt: new Date(2), endedAt: new Date(1) }),
      "vehicle_assignments_end_after_start",
    ],
    [() => makeAssignment({ account, contactId: stranger.id }), "vehicle_assignments_contact_fkey"],
    [() => db.contact.delete({ where: { id: contact.id, accountId: account.id } }), "vehicle_assignments_contact_fkey"],
    [() => db.$executeRaw`SELECT 1 / 0`, null],
    [() => Promise.reject(new Error('violates "something"')), null],
  ];
  for (const [work, constraint] of cases) {
    const refusal = await refusalOf(work());
    expect(refusal).toBeInstanceOf(Error);
    expect(constraintOf(refusal)).toBe(constraint);
  }
});

it("knows of a wait for a lock that took too long, by either way of writing", async () => {
  const vehicle = await makeVehicle({ account: await makeAccount() });
  const db = bookkeepingDb();
  const writes = [
    (tx: typeof db) => tx.$queryRaw`SELECT 1 FROM vehicles WHERE id = ${vehicle.id} FOR UPDATE`,
    (tx: typeof db) => tx.vehicle.update({ where: { id: vehicle.id }, data: { color: "red" } }),
  ];
  await db.$transaction(async (holder) => {
    await holder.$queryRaw`SELECT 1 FROM vehicles WHERE id = ${vehicle.id} FOR UPDATE`;
    for (const write of writes) {
      const refusal = await refusalOf(
        db.$transaction(async (tx) => {
          await tx.$executeRaw`SET LOCAL lock_timeout = '10ms'`;
          await write(tx as typeof db);
        }),
      );
      expect([isLockTimeout(refusal), await isOutage(refusal)]).toEqual([true, true]);
    }
  });
  expect(isLockTimeout(await refusalOf(db.$executeRaw`SELECT 1 / 0`))).toBe(false);
});
