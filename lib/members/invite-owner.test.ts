import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { getCustomer } from "@/lib/accounts/list-customers";
import { addCustomer } from "@/lib/accounts/service";
import { authorize } from "@/lib/auth/permit";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makePartnerWithPeople,
  makePerson,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { hashInvitationToken, newInvitationToken } from "./invitation-token";
import { acceptInvitation } from "./invite-member";
import { inviteOwner } from "./invite-owner";
import { findOpenInvitation } from "./queries";
import { changeRole } from "./service";

let partner: PartnerWithPeople;
let customer: { id: number; token: string };
let first: string;

const someAddress = () => `owner-${randomBytes(5).toString("hex")}@example.com`;
const anyone = () =>
  authorize(
    { actor: { kind: "anyone" }, account: null, origin: { ip: null, requestId: randomUUID() } },
    "invitations.accept",
  );
const inviter = (user: { id: number } = partner.owner, account = partner.account) =>
  permitFor("customers.inviteOwner", { user, account });
const invitations = () => db().invitation.findMany({ where: { accountId: customer.id }, orderBy: { id: "asc" } });
/** As the mail's job leaves it. */
async function mail(email: string): Promise<string> {
  const token = newInvitationToken();
  const pending = { accountId: customer.id, email, withdrawnAt: null };
  await bookkeepingDb().invitation.updateMany({ where: pending, data: { tokenHash: hashInvitationToken(token) } });
  return token;
}
const offered = async () => {
  const permit = await permitFor("customers.read", { user: partner.owner, account: partner.account });
  return (await getCustomer(permit, customer.token)).verbs.includes("inviteOwner");
};

beforeEach(async () => {
  partner = await makePartnerWithPeople();
  const ask = await permitFor("customers.manage", { user: partner.owner, account: partner.account });
  first = someAddress();
  const { token } = await addCustomer(ask, { name: "New one", plan: "professional", ownerEmail: first });
  customer = await db().account.findUniqueOrThrow({ where: { token } });
});

describe("the first owner of a customer", () => {
  it("is invited again after the link has expired, and comes in; then nobody is invited so any more", async () => {
    const old = await mail(first);
    await bookkeepingDb().invitation.updateMany({
      where: { accountId: customer.id },
      data: { expiresAt: new Date(Date.now() - 1000) },
    });
    expect(await findOpenInvitation(anyone(), { token: old })).toBeNull();
    expect(await offered()).toBe(true);
    expect(await inviteOwner(await inviter(), { customer: customer.token, email: first })).toEqual({ email: first });
    const token = await mail(first);
    expect(await findOpenInvitation(anyone(), { token })).toMatchObject({ role: "owner", email: first });
    await acceptInvitation(anyone(), { token, name: "Ina" });
    expect(await db().membership.findMany({ where: { accountId: customer.id } })).toMatchObject([{ role: "owner" }]);
    expect(await offered()).toBe(false);
    await expect(
      inviteOwner(await inviter(), { customer: customer.token, email: someAddress() }),
    ).rejects.toMatchObject({ code: "conflict" });
  });

  it("is invited at another address: the link before opens nothing, and both logs say so", async () => {
    const old = await mail(first);
    const email = someAddress();
    await inviteOwner(await inviter(), { customer: customer.token, email });
    expect(await findOpenInvitation(anyone(), { token: old })).toBeNull();
    expect((await invitations()).map(({ email: to, withdrawnAt }) => [to, withdrawnAt === null])).toEqual([
      [first, false],
      [email, true],
    ]);
    const deeds = async (accountId: number) =>
      (
        await db().auditEntry.findMany({
          where: { accountId, recordType: "invitation" },
          orderBy: { sequence: "asc" },
        })
      ).map(({ action, recordName, after }) => [action, recordName, after]);
    expect((await deeds(customer.id)).slice(1)).toEqual([
      ["invitation.withdrawn", first, { reason: "replaced" }],
      ["invitation.created", email, { role: "owner" }],
    ]);
    expect(await deeds(partner.account.id)).toEqual([
      ["invitation.created", email, { role: "owner", account: customer.token, customers: "all" }],
    ]);
  });

  it("is invited anew after whoever invited him lost the right to, by whoever has it", async () => {
    const second = await makePerson(partner.account, "owner");
    await inviteOwner(await inviter(second), { customer: customer.token, email: first });
    const membership = await db().membership.findFirstOrThrow({
      where: { userId: second.id, accountId: partner.account.id },
    });
    const token = await mail(first);
    await changeRole(await permitFor("members.changeRole", { user: partner.owner, account: partner.account }), {
      membershipId: membership.id,
      role: "administrator",
      customers: null,
    });
    expect(await findOpenInvitation(anyone(), { token })).toBeNull();
    expect((await invitations()).every(({ withdrawnAt }) => withdrawnAt !== null)).toBe(true);
    await inviteOwner(await inviter(), { customer: customer.token, email: first });
    expect(await findOpenInvitation(anyone(), { token: await mail(first) })).toMatchObject({ email: first });
  });

  it("is raised where he belongs to it as less", async () => {
    const person = await makePerson({ id: customer.id }, "administrator");
    await inviteOwner(await inviter(), { customer: customer.token, email: person.email });
    await acceptInvitation(anyone(), { token: await mail(person.email), name: person.name });
    expect(await db().membership.findMany({ where: { accountId: customer.id } })).toMatchObject([
      { userId: person.id, role: "owner" },
    ]);
    expect(
      await db().auditEntry.findFirstOrThrow({ where: { accountId: customer.id, action: "membership.roleChanged" } }),
    ).toMatchObject({
      before: { role: "administrator", customers: "all" },
      after: { role: "owner", customers: "all" },
    });
  });

  it("is the partner's owner's to invite alone, of his own customers, and within his limit", async () => {
    const stranger = await makePartnerWithPeople();
    for (const token of [stranger.customers[0].token, "ffffffffff", partner.account.token])
      await expect(inviteOwner(await inviter(), { customer: token, email: first })).rejects.toMatchObject({
        code: "not_found",
      });
    await expect(inviter(partner.administrator)).rejects.toMatchObject({ code: "forbidden" });
    const owner = await makePerson({ id: customer.id }, "owner");
    const account = await db().account.findUniqueOrThrow({ where: { id: customer.id } });
    await expect(
      inviteOwner(await inviter(owner, account), { customer: customer.token, email: first }),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  it("counts among what a person may invite in an hour", async () => {
    const permit = await inviter();
    await inviteOwner(permit, { customer: customer.token, email: first });
    // As if he had invited 19 more.
    await bookkeepingDb().$executeRaw`
      INSERT INTO audit_entries (account_id, sequence, occurred_at, actor_kind, actor_id, actor_name, action, record_type, record_id, record_name, after, previous_hash, hash)
      SELECT account_id, 1000 + n, occurred_at, actor_kind, actor_id, actor_name, action, record_type, record_id, record_name, after, previous_hash, hash
      FROM audit_entries, generate_series(1, 19) n WHERE account_id = ${partner.account.id} AND action = 'invitation.created'`;
    await expect(inviteOwner(permit, { customer: customer.token, email: first })).rejects.toMatchObject({
      code: "too_many_requests",
    });
  });
});
