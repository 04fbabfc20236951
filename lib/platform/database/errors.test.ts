import { expect, it } from "vitest";

import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact } from "@/prisma/factories/contacts-and-entries";
import { constraintOf, isWriteRefused, sqlStateOf } from "./errors";
import { isOutage } from "./state";
import type { Prisma } from "./db";
import { readPool } from "./pool";
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

type Tx = Prisma.TransactionClient;

/** What a transaction with such settings says of a statement. */
function refusedUnder(setting: string, statement: (tx: Tx) => Promise<unknown>): Promise<unknown> {
  return refusalOf(
    bookkeepingDb().$transaction(async (tx) => {
      await tx.$executeRawUnsafe(`SET LOCAL ${setting}`);
      await statement(tx);
    }),
  );
}

it("takes a wait for a lock that took too long for a busy database, by either way of writing", async () => {
  const vehicle = await makeVehicle({ account: await makeAccount() });
  const lock = (tx: Tx) => tx.$queryRaw`SELECT 1 FROM vehicles WHERE id = ${vehicle.id} FOR UPDATE`;
  const change = (tx: Tx) => tx.vehicle.update({ where: { id: vehicle.id }, data: { color: "red" } });
  await bookkeepingDb().$transaction(async (holder) => {
    await lock(holder);
    for (const write of [lock, change]) {
      const refusal = await refusedUnder("lock_timeout = '10ms'", write);
      expect([sqlStateOf(refusal), await isOutage(refusal)]).toEqual(["55P03", true]);
    }
  });
});

it("takes a statement that took too long for a busy database, through Prisma and through the pool", async () => {
  const throughPrisma = await refusedUnder(
    "statement_timeout = '10ms'",
    (tx) => tx.$queryRaw`SELECT pg_sleep(5)::text`,
  );
  const client = await readPool().connect();
  await client.query("SET statement_timeout = '10ms'");
  const throughThePool = await refusalOf(client.query("SELECT pg_sleep(5)"));
  client.release(true);
  for (const refusal of [throughPrisma, throughThePool])
    expect([sqlStateOf(refusal), await isOutage(refusal)]).toEqual(["57014", true]);
});

it("knows a database that takes no change, by either way of writing", async () => {
  const account = await makeAccount();
  const writes = [
    (tx: Tx) => tx.account.update({ where: { id: account.id }, data: { city: "Lyon" } }),
    (tx: Tx) => tx.$executeRaw`UPDATE accounts SET city = 'Lyon' WHERE id = ${account.id}`,
  ];
  for (const write of writes) {
    const refusal = await refusedUnder("transaction_read_only = on", write);
    expect([sqlStateOf(refusal), isWriteRefused(refusal), await isOutage(refusal)]).toEqual(["25006", true, true]);
  }
});

it("takes no bug for either", async () => {
  for (const bug of [await refusalOf(bookkeepingDb().$executeRaw`SELECT 1 / 0`), new Error("a bug"), null, "a bug"]) {
    expect([isWriteRefused(bug), await isOutage(bug)]).toEqual([false, false]);
  }
});

it("knows a refusal of a Prisma that another bundle loaded", async () => {
  class PrismaClientKnownRequestError extends Error {
    override readonly name = "PrismaClientKnownRequestError";
    readonly code = "P2010";
    readonly meta = { driverAdapterError: { cause: { kind: "postgres", originalCode: "25006" } } };
  }
  const error = new PrismaClientKnownRequestError("raw query failed");
  expect([sqlStateOf(error), isWriteRefused(error), await isOutage(error)]).toEqual(["25006", true, true]);
});
