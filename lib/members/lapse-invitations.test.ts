import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { addCustomer } from "@/lib/accounts/service";
import { authorize } from "@/lib/auth/permit";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeMembership,
  makePartnerWithPeople,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { raceRightsChange } from "@/testing/race-rights-change";
import { hashInvitationToken, newInvitationToken } from "./invitation-token";
import { acceptInvitation, inviteMember, resendInvitation } from "./invite-member";
import { findOpenInvitation } from "./queries";
import { changeRole, leaveAccount, removeMember } from "./service";

let partner: PartnerWithPeople;
const someAddress = () => `invited-${randomBytes(5).toString("hex")}@example.com`;
const anyone = () =>
  authorize(
    { actor: { kind: "anyone" }, account: null, origin: { ip: null, requestId: randomUUID() } },
    "invitations.accept",
  );

beforeEach(async () => {
  partner = await makePartnerWithPeople();
});

type Role = "owner" | "administrator" | "member";

async function invite(by: { id: number }, role: Role, customers: readonly { token: string }[] | null = null) {
  const { account } = partner;
  const email = someAddress();
  const tokens = customers === null ? null : customers.map(({ token }) => token);
  await inviteMember(await permitFor("members.invite", { user: by, account }), { email, role, customers: tokens });
  return db().invitation.findFirstOrThrow({ where: { accountId: account.id, email } });
}
/** As the mail's job leaves it. */
async function mail({ id }: { id: number }): Promise<string> {
  const token = newInvitationToken();
  await bookkeepingDb().invitation.update({ where: { id }, data: { tokenHash: hashInvitationToken(token) } });
  return token;
}
const membershipId = async (user: { id: number }) =>
  (await db().membership.findFirstOrThrow({ where: { userId: user.id, accountId: partner.account.id } })).id;
const stands = async ({ id }: { id: number }) =>
  (await db().invitation.findUniqueOrThrow({ where: { id } })).withdrawnAt === null;

async function change(user: { id: number }, role: Role, customers: readonly { token: string }[] | null = null) {
  const permit = await permitFor("members.changeRole", { user: partner.owner, account: partner.account });
  const tokens = customers === null ? null : customers.map(({ token }) => token);
  await changeRole(permit, { membershipId: await membershipId(user), role, customers: tokens });
}

describe("what somebody invited", () => {
  it("lapses when he is demoted, where he could not invite so any more, and says so in the log", async () => {
    await change(partner.administrator, "owner");
    const [owner, administrator] = [
      await invite(partner.administrator, "owner"),
      await invite(partner.administrator, "administrator"),
    ];
    const others = await invite(partner.owner, "owner");
    const token = await mail(owner);
    await change(partner.administrator, "administrator");
    expect([await stands(owner), await stands(administrator), await stands(others)]).toEqual([false, true, true]);
    expect(await findOpenInvitation(anyone(), { token })).toBeNull();
    await expect(acceptInvitation(anyone(), { token, name: "Ina" })).rejects.toMatchObject({ code: "not_found" });
    const entry = await db().auditEntry.findFirst({
      where: { accountId: partner.account.id, action: "invitation.withdrawn" },
    });
    expect(entry).toMatchObject({
      recordId: owner.id,
      actorId: partner.owner.id,
      after: { reason: "inviter_lost_right" },
    });
    await change(partner.administrator, "member");
    expect([await stands(administrator), await stands(others)]).toEqual([false, true]);
  });

  it("lapses when he is limited, where it reaches further than he does by then", async () => {
    const [one, two] = partner.customers;
    const all = await invite(partner.administrator, "member");
    const both = await invite(partner.administrator, "member", [one, two]);
    const within = await invite(partner.administrator, "administrator", [one]);
    await change(partner.administrator, "administrator", [one]);
    expect([await stands(all), await stands(both), await stands(within)]).toEqual([false, false, true]);
  });

  it.each(["removed", "left"])("lapses when he has %s", async (way) => {
    const invitation = await invite(partner.administrator, "member");
    const { account, owner, administrator } = partner;
    if (way === "left") await leaveAccount(await permitFor("members.leave", { user: administrator, account }));
    else
      await removeMember(await permitFor("members.remove", { user: owner, account }), {
        membershipId: await membershipId(administrator),
      });
    expect(await stands(invitation)).toBe(false);
  });

  it("lapses as the first owner of a customer, whose partner is no longer his", async () => {
    const second = await makePartnerWithPeople();
    await makeMembership({ user: second.owner, account: partner.account, role: "owner" });
    const ask = await permitFor("customers.manage", { user: second.owner, account: partner.account });
    const { token } = await addCustomer(ask, { name: "New one", plan: "professional", ownerEmail: someAddress() });
    const find = () => db().invitation.findFirstOrThrow({ where: { account: { token } }, include: { account: true } });
    const mailed = await mail(await find());
    expect(await findOpenInvitation(anyone(), { token: mailed })).toMatchObject({ accountName: "New one" });
    await change(second.owner, "administrator");
    const { withdrawnAt, accountId } = await find();
    expect(withdrawnAt).not.toBeNull();
    expect(await db().auditEntry.count({ where: { accountId, action: "invitation.withdrawn" } })).toBe(1);
  });

  it("is not accepted either where his right went without this, or goes at the same instant", async () => {
    const { account, administrator } = partner;
    const gone = { userId: administrator.id, accountId: account.id };
    const tokens = [
      await mail(await invite(administrator, "member")),
      await mail(await invite(administrator, "member")),
    ];
    const [before = "", during = ""] = tokens;
    const late = raceRightsChange(
      account,
      () => acceptInvitation(anyone(), { token: during, name: "Ina" }),
      async (tx, { mode }) => {
        expect(mode).toBe("ExclusiveLock");
        await tx.membership.deleteMany({ where: gone });
      },
    );
    await expect(late).rejects.toMatchObject({ code: "not_found" });
    await expect(acceptInvitation(anyone(), { token: before, name: "Ina" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("how many a person invites", () => {
  /** As if he had sent so many, so long ago. */
  async function sent(count: number, minutesAgo: number): Promise<void> {
    await bookkeepingDb().$executeRaw`
      INSERT INTO audit_entries (account_id, sequence, occurred_at, actor_kind, actor_id, actor_name, action, record_type, record_id, record_name, after, previous_hash, hash)
      SELECT ${partner.account.id}, (SELECT COALESCE(max(sequence), 0) FROM audit_entries WHERE account_id = ${partner.account.id}) + n,
        clock_timestamp() - make_interval(mins => ${minutesAgo}::int), 'user', ${partner.owner.id}, '', 'invitation.created', 'invitation', n, '',
        '{"customers": "all"}'::jsonb, '\\x00', '\\x00' FROM generate_series(1, ${count}::int) n`;
    await bookkeepingDb().$executeRaw`
      INSERT INTO audit_heads (account_id, sequence, hash)
      SELECT ${partner.account.id}, max(sequence), '\\x00' FROM audit_entries WHERE account_id = ${partner.account.id}
      ON CONFLICT (account_id) DO UPDATE SET sequence = EXCLUDED.sequence`;
  }

  it("is 20 an hour, resent ones too; customers that he adds are not counted, nor what others invite", async () => {
    await sent(18, 50);
    const last = await invite(partner.owner, "member");
    const inviter = await permitFor("members.invite", { user: partner.owner, account: partner.account });
    await resendInvitation(inviter, { id: last.id });
    const refused = await invite(partner.owner, "member").catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: "too_many_requests" });
    expect((refused as { reason: string }).reason).toMatch(
      /^You have sent 20 invitations within an hour, the most that one person may\. .* go on in (10|9) minutes\.$/,
    );
    await expect(resendInvitation(inviter, { id: last.id })).rejects.toMatchObject({ code: "too_many_requests" });
    const ask = await permitFor("customers.manage", { user: partner.owner, account: partner.account });
    await addCustomer(ask, { name: "Not counted", plan: "professional", ownerEmail: someAddress() });
    await invite(partner.administrator, "member");
  });

  it("is 200 a day", async () => {
    await sent(200, 23 * 60);
    const refused = invite(partner.owner, "member");
    await expect(refused).rejects.toMatchObject({ code: "too_many_requests" });
    await expect(refused).rejects.toThrow("200 invitations within a day");
  });

  it("counts two at the same instant one after the other", async () => {
    await sent(19, 5);
    const outcomes = await Promise.allSettled([invite(partner.owner, "member"), invite(partner.owner, "member")]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});
