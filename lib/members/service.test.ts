import { randomBytes, randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { findCredential } from "@/lib/auth/credentials";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { authorize } from "@/lib/auth/permit";
import {
  makeAccountWithPeople,
  makeApiKey,
  makeMembership,
  makePartnerWithPeople,
  makePerson,
  permitFor,
  type AccountWithPeople,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { hashInvitationToken, newInvitationToken } from "./invitation-token";
import { acceptInvitation, inviteMember, resendInvitation, withdrawInvitation } from "./invite-member";
import { changeRole, leaveAccount, removeMember } from "./service";

let customer: AccountWithPeople;
let partner: PartnerWithPeople;
const someAddress = () => `invited-${randomBytes(5).toString("hex")}@example.com`;
const permit = <
  P extends "members.manage" | "members.invite" | "members.remove" | "members.changeRole" | "members.leave",
>(
  permission: P,
  user: { id: number },
  { account } = customer,
) => permitFor(permission, { user, account });
const membershipOf = async (user: { id: number }, { account } = customer) =>
  db().membership.findFirst({ where: { userId: user.id, accountId: account.id }, include: { customers: true } });
const idOf = async (user: { id: number }, space = customer) => (await membershipOf(user, space))?.id ?? 0;
const entriesOf = ({ account } = customer) =>
  db().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } });
const actionsOf = async (space = customer) => (await entriesOf(space)).map(({ action }) => action);
const anyone = () =>
  authorize(
    { actor: { kind: "anyone" }, account: null, origin: { ip: "203.0.113.9", requestId: randomUUID() } },
    "invitations.accept",
  );
const queued = (task: string, key: string, value: unknown) => bookkeepingDb().$queryRaw<{ payload: unknown }[]>`
  SELECT j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
  WHERE t.identifier = ${task} AND j.payload->>${key} = ${String(value)}`;

beforeEach(async () => {
  [customer, partner] = [await makeAccountWithPeople(), await makePartnerWithPeople()];
});

async function invite(role: "owner" | "administrator" | "member" = "member", email = someAddress()) {
  await inviteMember(await permit("members.invite", customer.owner), { email, role, customers: null });
  return db().invitation.findFirstOrThrow({ where: { accountId: customer.account.id, email } });
}
/** As the mail's job leaves it. */
async function mail(id: number): Promise<string> {
  const token = newInvitationToken();
  await bookkeepingDb().invitation.update({ where: { id }, data: { tokenHash: hashInvitationToken(token) } });
  return token;
}

describe("inviting", () => {
  it("keeps the invitation for 7 days, queues its mail without a token, and writes it down", async () => {
    const { id, expiresAt, createdAt, tokenHash } = await invite("administrator");
    expect([expiresAt.getTime() - createdAt.getTime(), tokenHash]).toEqual([7 * 86_400_000, null]);
    expect(await queued("invitations.send", "invitationId", id)).toEqual([{ payload: { invitationId: id } }]);
    expect(await entriesOf()).toMatchObject([
      {
        action: "invitation.created",
        actorId: customer.owner.id,
        recordId: id,
        after: { role: "administrator", customers: "all" },
      },
    ]);
  });

  it.each([
    ["an administrator who invites an owner", "administrator", { role: "owner", customers: null }, "forbidden"],
    ["a limited one who grants all", "limited", { role: "member", customers: null }, "forbidden"],
    ["a limited one who grants another's customer", "limited", { role: "member", customers: 1 }, "invalid_input"],
    ["an owner limited to some", "owner", { role: "owner", customers: 0 }, "invalid_input"],
  ] as const)("refuses %s", async (_, by, { role, customers }, code) => {
    const tokens = customers === null ? null : [partner.customers[customers].token];
    const asked = inviteMember(await permit("members.invite", partner[by], partner), {
      email: someAddress(),
      role,
      customers: tokens,
    });
    await expect(asked).rejects.toMatchObject({ code });
    expect(await db().invitation.count({ where: { accountId: partner.account.id } })).toBe(0);
    expect(await actionsOf(partner)).toEqual([]);
  });

  it("lets a limited administrator grant what he looks after", async () => {
    const email = someAddress();
    await inviteMember(await permit("members.invite", partner.limited, partner), {
      email,
      role: "member",
      customers: [partner.customers[0].token],
    });
    expect(await db().invitation.findFirst({ where: { email } })).toMatchObject({
      limited: true,
      customerIds: [partner.customers[0].id],
    });
  });

  it("refuses another's customer like one that does not exist, and one that a limited person does not look after", async () => {
    const other = await makePartnerWithPeople();
    const ask = async (token: string, by = partner.owner) =>
      inviteMember(await permit("members.invite", by, partner), {
        email: someAddress(),
        role: "member",
        customers: [token],
      }).catch((error: unknown) => error);
    expect(await ask(other.customers[0].token)).toEqual(await ask("0123456789"));
    const { limited, customers } = partner;
    expect(await ask(customers[1].token, limited)).toEqual(await ask("0123456789", limited));
  });

  it("refuses a member, and an address that is invited already, also at the same instant", async () => {
    const manager = await permit("members.invite", customer.owner);
    await expect(
      inviteMember(manager, { email: customer.member.email, role: "member", customers: null }),
    ).rejects.toMatchObject({ code: "conflict" });
    const email = someAddress();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 5 }, () => inviteMember(manager, { email, role: "member", customers: null })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await db().invitation.count({ where: { email } })).toBe(1);
  });
});

describe("a pending invitation", () => {
  it("is sent again: the link before is dead, the days begin anew", async () => {
    const { id } = await invite();
    const token = await mail(id);
    await bookkeepingDb().invitation.update({ where: { id }, data: { expiresAt: new Date(Date.now() - 1000) } });
    await resendInvitation(await permit("members.invite", customer.administrator), { id });
    await expect(acceptInvitation(anyone(), { token, name: "Ina" })).rejects.toMatchObject({ code: "not_found" });
    expect((await db().invitation.findUniqueOrThrow({ where: { id } })).expiresAt.getTime()).toBeGreaterThan(
      Date.now() + 6 * 86_400_000,
    );
    expect(await queued("invitations.send", "invitationId", id)).toHaveLength(2);
    expect(await actionsOf()).toEqual(["invitation.created", "invitation.resent"]);
  });

  it("is withdrawn: nobody can use it, and it is not sent again", async () => {
    const { id } = await invite();
    const token = await mail(id);
    const manager = await permit("members.manage", customer.owner);
    const inviter = await permit("members.invite", customer.owner);
    await withdrawInvitation(manager, { id });
    await expect(acceptInvitation(anyone(), { token, name: "Ina" })).rejects.toMatchObject({ code: "not_found" });
    await expect(resendInvitation(inviter, { id })).rejects.toMatchObject({ code: "conflict" });
    await expect(withdrawInvitation(manager, { id })).rejects.toMatchObject({ code: "conflict" });
    expect(await actionsOf()).toEqual(["invitation.created", "invitation.withdrawn"]);
  });

  it("is not there for another account, nor an owner's for an administrator", async () => {
    const { id } = await invite("owner");
    for (const [user, space, code] of [
      [partner.owner, partner, "not_found"],
      [customer.administrator, customer, "forbidden"],
    ] as const) {
      const [inviter, manager] = [
        await permit("members.invite", user, space),
        await permit("members.manage", user, space),
      ];
      await expect(resendInvitation(inviter, { id })).rejects.toMatchObject({ code });
      await expect(withdrawInvitation(manager, { id })).rejects.toMatchObject({ code });
    }
    expect(await actionsOf()).toEqual(["invitation.created"]);
  });
});

describe("accepting", () => {
  it("makes a new person a member, once, and mails a sign-in link", async () => {
    const { id, email } = await invite("administrator");
    const token = await mail(id);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => acceptInvitation(anyone(), { token, name: "Ina New" })),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const user = await db().user.findUniqueOrThrow({ where: { email } });
    expect([user.name, user.lastAccountId]).toEqual(["Ina New", customer.account.id]);
    expect(await membershipOf(user)).toMatchObject({ role: "administrator", limited: false });
    expect(await queued("signIn.sendLink", "email", email)).toHaveLength(1);
    expect((await entriesOf()).at(-1)).toMatchObject({
      action: "membership.created",
      actorKind: "user",
      actorId: user.id,
      after: { role: "administrator", email },
    });
  });

  it("leaves somebody who is known here his name, and gives him the chosen customers", async () => {
    const { member } = customer;
    await inviteMember(await permit("members.invite", partner.owner, partner), {
      email: member.email,
      role: "administrator",
      customers: [partner.customers[1].token],
    });
    const invitation = await db().invitation.findFirstOrThrow({ where: { email: member.email } });
    await acceptInvitation(anyone(), { token: await mail(invitation.id), name: "Somebody Else" });
    expect(await db().user.findUniqueOrThrow({ where: { id: member.id } })).toMatchObject({
      name: member.name,
      lastAccountId: partner.account.id,
    });
    expect(await membershipOf(member, partner)).toMatchObject({
      role: "administrator",
      limited: true,
      customers: [{ accountId: partner.customers[1].id }],
    });
  });

  it("is too late to the millisecond", async () => {
    const { id } = await invite();
    const token = await mail(id);
    await bookkeepingDb().$executeRaw`UPDATE invitations SET expires_at = clock_timestamp() WHERE id = ${id}`;
    await expect(acceptInvitation(anyone(), { token, name: "Ina" })).rejects.toMatchObject({ code: "not_found" });
    await expect(acceptInvitation(anyone(), { token: newInvitationToken(), name: "Ina" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("changing a role", () => {
  it("counts, and says what it was and is", async () => {
    await changeRole(await permit("members.changeRole", customer.administrator), {
      membershipId: await idOf(customer.member),
      role: "administrator",
      customers: null,
    });
    expect(await membershipOf(customer.member)).toMatchObject({ role: "administrator" });
    expect(await entriesOf()).toMatchObject([
      { action: "membership.roleChanged", before: { role: "member" }, after: { role: "administrator" } },
    ]);
  });

  it.each([
    ["oneself", "administrator", "administrator", "owner", "forbidden"],
    ["an owner, by an administrator", "administrator", "owner", "member", "forbidden"],
    ["a member to owner, by an administrator", "administrator", "member", "owner", "forbidden"],
  ] as const)("refuses %s", async (_, by, whom, role, code) => {
    const membershipId = await idOf(customer[whom]);
    await expect(
      changeRole(await permit("members.changeRole", customer[by]), { membershipId, role, customers: null }),
    ).rejects.toMatchObject({ code });
    expect(await actionsOf()).toEqual([]);
  });

  it("refuses another account's member like one that does not exist", async () => {
    const manager = await permit("members.changeRole", customer.owner);
    const ask = (membershipId: number) =>
      changeRole(manager, { membershipId, role: "member", customers: null }).catch((error: unknown) => error);
    expect(await ask(await idOf(partner.member, partner))).toMatchObject({ code: "not_found" });
    expect(await ask(await idOf(partner.member, partner))).toEqual(await ask(2_000_000_000));
    const remover = await permit("members.remove", customer.owner);
    await expect(removeMember(remover, { membershipId: await idOf(partner.member, partner) })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("a limited administrator changes nobody who sees more than he", async () => {
    const manager = await permit("members.changeRole", partner.limited, partner);
    const change = {
      membershipId: await idOf(partner.member, partner),
      role: "member" as const,
      customers: [partner.customers[0].token],
    };
    await expect(changeRole(manager, change)).rejects.toMatchObject({ code: "forbidden" });
  });
});

describe("the last owner", () => {
  it("cannot leave", async () => {
    await expect(leaveAccount(await permit("members.leave", customer.owner))).rejects.toMatchObject({
      code: "conflict",
    });
  });

  it("stays, of two who demote or remove each other, or leave, at the same instant", async () => {
    for (const way of ["demote", "remove", "leave"] as const) {
      const space = await makeAccountWithPeople();
      const second = await makePerson(space.account, "owner");
      const owners = [space.owner, second] as const;
      const act = async (by: { id: number }, whom: { id: number }) => {
        const membershipId = await idOf(whom, space);
        if (way === "leave") return leaveAccount(await permit("members.leave", by, space));
        if (way === "remove") return removeMember(await permit("members.remove", by, space), { membershipId });
        return changeRole(await permit("members.changeRole", by, space), {
          membershipId,
          role: "member",
          customers: null,
        });
      };
      const outcomes = await Promise.allSettled([act(owners[0], owners[1]), act(owners[1], owners[0])]);
      expect(
        outcomes.filter(({ status }) => status === "fulfilled"),
        way,
      ).toHaveLength(1);
      expect(await db().membership.count({ where: { accountId: space.account.id, role: "owner" } }), way).toBe(1);
    }
  });
});

describe("a leaver's keys", () => {
  const stateOf = async (token: string) => (await findCredential(token, null))?.state;

  it.each(["removed", "left"] as const)(
    "of a customer's account end when he has %s, and inviting him again revives none",
    async (way) => {
      const { administrator, account } = customer;
      const own = await makeApiKey({ account, createdBy: administrator });
      const others = await makeApiKey({ account, createdBy: customer.owner });
      const elsewhere = await makeAccountWithPeople();
      await makeMembership({ user: administrator, account: elsewhere.account, role: "administrator" });
      const untouched = await makeApiKey({ account: elsewhere.account, createdBy: administrator });
      const done =
        way === "left"
          ? await leaveAccount(await permit("members.leave", administrator))
          : await removeMember(await permit("members.remove", customer.owner), {
              membershipId: await idOf(administrator),
            });
      expect(done.endedKeys).toBe(1);
      expect(await db().apiKey.findUniqueOrThrow({ where: { id: own.key.id } })).toMatchObject({
        revokedReason: "owner_left",
      });
      expect([await stateOf(own.token), await stateOf(others.token), await stateOf(untouched.token)]).toEqual([
        "revoked",
        "valid",
        "valid",
      ]);
      const [left, revoked] = await entriesOf();
      expect(left).toMatchObject({ action: `membership.${way}`, before: { role: "administrator" } });
      expect(revoked).toMatchObject({
        action: "apiKey.revoked",
        recordId: own.key.id,
        after: { reason: "owner_left" },
      });
      await makeMembership({ user: administrator, account, role: "owner" });
      expect(await stateOf(own.token)).toBe("revoked");
    },
  );

  it("of a partner's account go on", async () => {
    const { account, administrator: createdBy } = partner;
    const { token, key } = await makeApiKey({ account, createdBy });
    await makeApiKey({ account, createdBy, state: "revoked" });
    await removeMember(await permit("members.remove", partner.owner, partner), {
      membershipId: await idOf(partner.administrator, partner),
    });
    expect(await stateOf(token)).toBe("valid");
    // Those that have ended are nobody's concern.
    const [, flagged, ...more] = await entriesOf(partner);
    expect([flagged, more]).toMatchObject([
      {
        action: "apiKey.flagged",
        recordId: key.id,
        after: { reason: "creator_left", creator: partner.administrator.name },
      },
      [],
    ]);
  });
});

it("nobody removes himself that way, and an administrator no owner", async () => {
  await expect(
    removeMember(await permit("members.remove", customer.administrator), {
      membershipId: await idOf(customer.administrator),
    }),
  ).rejects.toMatchObject({ code: "conflict" });
  await expect(
    removeMember(await permit("members.remove", customer.administrator), { membershipId: await idOf(customer.owner) }),
  ).rejects.toMatchObject({ code: "forbidden" });
  expect(await actionsOf()).toEqual([]);
});
