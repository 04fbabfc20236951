import { expect, it } from "vitest";

import { makeAccount } from "@/prisma/factories";
import { makeVehicle } from "@/prisma/factories-fleet";
import { makeAssignment, makeContact } from "@/prisma/factories-people-and-entries";
import { constraintOf } from "./database-errors";
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
