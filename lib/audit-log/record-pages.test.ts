import { beforeAll, describe, expect, it } from "vitest";

import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { countStatements } from "@/testing/count-statements";
import {
  makeApiKey,
  makeMembership,
  makePartnerWithPeople,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle } from "@/prisma/factories/vehicles";
import { makeAssignment, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { getEntry, listEntries } from "./entries";
import type { EventName, Noun } from "@/lib/resources";
import { mutate } from "./mutate";
import { auditListQuery } from "./schema";

interface Written {
  readonly type: Noun;
  readonly id: number | null;
  /** Where its entry should lead. */
  readonly page: string | null;
}

let partner: PartnerWithPeople;
const customer = () => partner.customers[0];

beforeAll(async () => {
  partner = await makePartnerWithPeople();
  for (const account of partner.customers) await makeMembership({ user: partner.owner, account, role: "owner" });
});

async function logOf(account: { id: number; token: string }, written: readonly Written[]) {
  const permit = await permitFor("auditLog.read", { user: partner.owner, account });
  const events = written.map(({ type, id }) => ({
    name: `${type}.changed` as EventName,
    record: { type, id, name: "R" },
  }));
  await mutate(permit, () => Promise.resolve({ result: null, events }));
  return { permit, list: () => listEntries(permit, auditListQuery.parse({})) };
}

const idOf = (record: { id: number }) => record.id;

describe("an entry of the audit log", () => {
  it("leads to its record wherever a page shows that", async () => {
    const account = customer();
    const expiresAt = new Date(Date.now() + 86_400_000);
    const { id: assignmentId, vehicleId, contactId } = await makeAssignment({ account });
    const key = (await makeApiKey({ account, createdBy: partner.owner })).key.id;
    const webhook = (await makeWebhook({ account })).webhook.id;
    const db = bookkeepingDb();
    const file = { fileName: "v.csv", headers: [], columns: [], rowCount: 0 };
    const importId = idOf(
      await db.import.create({
        data: { ...file, record: "vehicles", accountId: account.id, userId: partner.owner.id },
      }),
    );
    const whom = { accountId: account.id, email: "new@example.com", role: "member", expiresAt } as const;
    const membership = await db.membership.findFirstOrThrow({ where: { accountId: account.id } });
    const written: Written[] = [
      { type: "account", id: account.id, page: "settings" },
      { type: "apiKey", id: key, page: `api-keys/${key}` },
      { type: "vehicle", id: vehicleId, page: `vehicles/${vehicleId}` },
      { type: "contact", id: contactId, page: `contacts/${contactId}` },
      { type: "vehicleAssignment", id: assignmentId, page: `vehicle-assignments/${assignmentId}` },
      {
        type: "meterEntry",
        id: idOf(await makeMeterEntry({ account, vehicleId })),
        page: `meter-entries?vehicle=${vehicleId}`,
      },
      {
        type: "fuelEntry",
        id: idOf(await makeFuelEntry({ account, vehicleId })),
        page: `fuel-entries?vehicle=${vehicleId}`,
      },
      {
        type: "customField",
        id: idOf(await makeCustomField({ account, recordType: "contact" })),
        page: "custom-fields?record=contact",
      },
      { type: "import", id: importId, page: `imports/${importId}` },
      { type: "membership", id: membership.id, page: "members" },
      { type: "invitation", id: idOf(await db.invitation.create({ data: whom })), page: "members" },
      {
        type: "invitation",
        id: idOf(await db.invitation.create({ data: { ...whom, withdrawnAt: new Date() } })),
        page: null,
      },
      { type: "webhook", id: webhook, page: `webhooks/${webhook}` },
      { type: "user", id: partner.owner.id, page: null },
      { type: "auditLog", id: null, page: null },
    ];
    const { permit, list } = await logOf(account, written);
    const { rows } = await list();
    expect(rows.map(({ recordType, recordPage }) => [recordType, recordPage]).reverse()).toEqual(
      written.map(({ type, page }) => [type, page]),
    );
    expect(await getEntry(permit, 3)).toMatchObject({ recordPage: `vehicles/${vehicleId}` });
    const { list: none } = await logOf(partner.customers[2], []);
    expect(await countStatements(list)).toBe(await countStatements(none));
  });

  it("leads nowhere when the record is gone or is another account's", async () => {
    const [, account] = partner.customers;
    const gone = await makeVehicle({ account });
    await bookkeepingDb().vehicle.delete({ where: { id: gone.id } });
    const foreign = await makeVehicle({ account: customer() });
    const { list } = await logOf(account, [
      { type: "vehicle", id: gone.id, page: null },
      { type: "vehicle", id: foreign.id, page: null },
      { type: "account", id: customer().id, page: null },
      { type: "membership", id: 2_000_000_000, page: null },
    ]);
    expect((await list()).rows.map(({ recordPage }) => recordPage)).toEqual([null, null, null, null]);
  });

  it("of a partner leads to the customer's page in the Hub, and not to one that is another's", async () => {
    const other = await makePartnerWithPeople();
    const { list } = await logOf(partner.account, [
      { type: "account", id: customer().id, page: null },
      { type: "account", id: other.customers[0].id, page: null },
      { type: "account", id: partner.account.id, page: null },
    ]);
    const pages = (await list()).rows.map(({ recordPage }) => recordPage);
    expect(pages.reverse()).toEqual([`customers/${customer().token}`, null, null]);
  });
});
