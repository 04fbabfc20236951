import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { listAdvisors } from "@/lib/accounts/list-customers";
import { authorize } from "@/lib/auth/permit";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeApiKey,
  makeMembership,
  makePartnerWithPeople,
  makeUser,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { refusal } from "@/testing/refusal";
import { hashInvitationToken, newInvitationToken } from "./invitation-token";
import { acceptInvitation, inviteMember, resendInvitation, withdrawInvitation } from "./invite-member";
import { listMembers, listPendingInvitations } from "./queries";
import { changeRole } from "./service";

let partner: PartnerWithPeople;
let colleague: { id: number; name: string };
const WHOLE = { after: null, before: null };

/** The limited administrator looks after the first customer; a colleague after the first two, another after the third. */
beforeEach(async () => {
  partner = await makePartnerWithPeople();
  const { account, customers } = partner;
  colleague = await makeUser();
  const stranger = await makeUser();
  await makeMembership({ user: colleague, account, role: "member", limitedTo: [customers[0], customers[1]] });
  await makeMembership({ user: stranger, account, role: "member", limitedTo: [customers[2]] });
});

describe("what a limited person is shown of the partner's people", () => {
  it("tells of no other customer, neither by name nor token, and counts no key that reaches one", async () => {
    const { account, customers, limited, owner } = partner;
    await makeApiKey({ account, createdBy: colleague });
    await makeApiKey({ account, createdBy: colleague, customers: [customers[0], customers[1]] });
    await makeApiKey({ account, createdBy: colleague, customers: [customers[0]] });
    const read = async (user: { id: number }) => listMembers(await permitFor("members.read", { user, account }), WHOLE);
    const shown = await read(limited);
    for (const { name, token } of customers.slice(1)) {
      expect(JSON.stringify(shown)).not.toContain(name);
      expect(JSON.stringify(shown)).not.toContain(token);
    }
    const [ours, theirs] = [shown, await read(owner)].map(({ rows }) =>
      rows.find(({ name }) => name === colleague.name),
    );
    expect([ours?.customers?.length, ours?.activeKeys]).toEqual([1, 1]);
    expect([theirs?.customers?.length, theirs?.activeKeys]).toEqual([2, 3]);
  });

  it("tells of no invitation that reaches further, and knows none such", async () => {
    const { account, customers, limited, owner } = partner;
    const invite = async (tokens: readonly string[] | null) => {
      const email = `${randomUUID()}@example.com`;
      const asked = { email, role: "member" as const, customers: tokens === null ? null : [...tokens] };
      await inviteMember(await permitFor("members.invite", { user: owner, account }), asked);
      return db().invitation.findFirstOrThrow({ where: { accountId: account.id, email } });
    };
    const [first, second] = [customers[0].token, customers[1].token];
    const [ours, both, all] = [await invite([first]), await invite([first, second]), await invite(null)];
    const manager = await permitFor("members.manage", { user: limited, account });
    const inviter = await permitFor("members.invite", { user: limited, account });
    expect((await listPendingInvitations(manager)).map(({ id }) => id)).toEqual([ours.id]);
    const unknown = await refusal(withdrawInvitation(manager, { id: 2_000_000_000 }));
    for (const { id } of [both, all]) {
      expect(await refusal(withdrawInvitation(manager, { id }))).toEqual(unknown);
      expect(await refusal(resendInvitation(inviter, { id }))).toEqual(unknown);
    }
  });

  it("does not tell of one by refusing to invite the same address: his own stands beside it, and adds to it", async () => {
    const { account, customers, limited, owner } = partner;
    const email = `${randomUUID()}@example.com`;
    const by = (user: { id: number }) => permitFor("members.invite", { user, account });
    const invite = async (user: { id: number }, reach: readonly { token: string }[], to = email) =>
      inviteMember(await by(user), { email: to, role: "member", customers: reach.map(({ token }) => token) });
    await invite(owner, [customers[1]]);
    const other = `${randomUUID()}@example.com`;
    expect(await invite(limited, [customers[0]])).toEqual({ email });
    expect(await invite(limited, [customers[0]], other)).toEqual({ email: other });
    const manager = await permitFor("members.manage", { user: limited, account });
    expect((await listPendingInvitations(manager)).map((row) => row.email)).toEqual([other, email]);
    await expect(invite(limited, [customers[0]])).rejects.toMatchObject({ code: "conflict" });

    const pending = await db().invitation.findMany({ where: { accountId: account.id, email }, orderBy: { id: "asc" } });
    const accept = async ({ id }: { id: number }) => {
      const token = newInvitationToken();
      await bookkeepingDb().invitation.update({ where: { id }, data: { tokenHash: hashInvitationToken(token) } });
      const authContext = { actor: { kind: "anyone" as const }, account: null, origin: { ip: null, requestId: null } };
      await acceptInvitation(authorize(authContext, "invitations.accept"), { token, name: "Ina" });
    };
    const membership = () =>
      db().membership.findFirstOrThrow({
        where: { accountId: account.id, user: { email } },
        include: { customers: true },
      });
    const reach = async () => (await membership()).customers.map(({ accountId }) => accountId).sort((a, b) => a - b);
    const [theirs, ours] = pending;
    if (!theirs || !ours) throw new Error("no invitations");
    await accept(ours);
    expect(await reach()).toEqual([customers[0].id]);
    await accept(theirs);
    expect(await reach()).toEqual([customers[0].id, customers[1].id]);
  });

  it("an invitation that somebody has besides goes with his membership: it would give back what was taken", async () => {
    const { account, customers, owner } = partner;
    const { email } = await db().user.findUniqueOrThrow({ where: { id: colleague.id } });
    await bookkeepingDb().invitation.create({
      data: { accountId: account.id, email, role: "member", invitedById: owner.id, expiresAt: new Date(4e12) },
    });
    const { id } = await db().membership.findFirstOrThrow({ where: { accountId: account.id, userId: colleague.id } });
    await changeRole(await permitFor("members.changeRole", { user: owner, account }), {
      membershipId: id,
      role: "member",
      customers: [customers[0].token],
    });
    expect(await db().invitation.findFirstOrThrow({ where: { accountId: account.id, email } })).toMatchObject({
      withdrawnAt: expect.any(Date) as unknown,
    });
  });

  it("offers as advisors only who looks after the same customers", async () => {
    const { account, limited } = partner;
    const advisors = await listAdvisors(await permitFor("customers.read", { user: limited, account }));
    expect(advisors.map(({ id }) => id).sort()).toEqual([colleague.id, limited.id].sort());
  });
});
