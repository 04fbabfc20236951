import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import type { Invitation } from "@/generated/prisma/client";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { hashInvitationToken } from "./invitation-token";
import { sendInvitationJob } from "./jobs";
import { findOpenInvitation, listMembers, listPendingInvitations } from "./queries";
import { authorize } from "@/lib/auth/permit";

let space: AccountWithPeople;
let invitation: Invitation;
const mails = () => db().outboxMail.findMany({ where: { to: invitation.email }, orderBy: { id: "asc" } });
const tokensOf = async () =>
  (await mails()).map(
    ({ text }) =>
      new URL(/https?:\S+\/invitation\S+/.exec(text)?.[0] ?? "http://missing").searchParams.get("token") ?? "",
  );
const open = (token: string) =>
  findOpenInvitation(
    authorize(
      { actor: { kind: "anyone" }, account: null, origin: { ip: null, requestId: null } },
      "invitations.accept",
    ),
    { token },
  );

beforeEach(async () => {
  space = await makeAccountWithPeople();
  invitation = await bookkeepingDb().invitation.create({
    data: {
      accountId: space.account.id,
      email: `invited-${randomBytes(5).toString("hex")}@example.com`,
      role: "member",
      invitedById: space.owner.id,
      expiresAt: new Date(Date.now() + 7 * 86_400_000),
    },
  });
});

describe("the job that mails an invitation", () => {
  it("mails a link of the configured address and keeps only its hash", async () => {
    await sendInvitationJob.perform({ invitationId: invitation.id });
    const [mail] = await mails();
    expect(mail?.subject).toBe(`${space.owner.name} invites you to ${space.account.name} on Fleet Advisor Hub`);
    expect(mail?.text).toContain("http://localhost:3000/invitation?token=");
    const [token = ""] = await tokensOf();
    expect(token).toMatch(/^[\w-]{43}$/);
    const row = await db().invitation.findUniqueOrThrow({ where: { id: invitation.id } });
    expect(Buffer.from(row.tokenHash ?? [])).toEqual(Buffer.from(hashInvitationToken(token)));
    expect(await open(token)).toEqual({
      accountName: space.account.name,
      role: "member",
      invitedBy: space.owner.name,
      email: invitation.email,
      knownAs: null,
    });
  });

  it("run twice leaves one link that works: the later one", async () => {
    await sendInvitationJob.perform({ invitationId: invitation.id });
    await sendInvitationJob.perform({ invitationId: invitation.id });
    const [first = "", second = ""] = await tokensOf();
    expect(first).not.toBe(second);
    expect([await open(first), (await open(second))?.email]).toEqual([null, invitation.email]);
  });

  it.each([
    ["withdrawn", { withdrawnAt: new Date() }],
    ["accepted", { acceptedAt: new Date() }],
  ])("mails nothing of one that was %s meanwhile", async (_, data) => {
    await bookkeepingDb().invitation.update({ where: { id: invitation.id }, data });
    await sendInvitationJob.perform({ invitationId: invitation.id });
    expect(await mails()).toEqual([]);
    expect(await db().invitation.findUniqueOrThrow({ where: { id: invitation.id } })).toMatchObject({
      tokenHash: null,
    });
  });
});

describe("what the page lists", () => {
  it("the account's people and invitations, and nobody else's", async () => {
    const other = await makeAccountWithPeople();
    const reader = await permitFor("members.read", { user: other.owner, account: other.account });
    const people = await listMembers(reader, { after: null, before: null });
    expect(people.rows.map(({ name }) => name).sort()).toEqual(
      [other.owner, other.administrator, other.member].map(({ name }) => name).sort(),
    );
    expect(people.rows.find(({ isSelf }) => isSelf)).toMatchObject({ name: other.owner.name, verbs: [] });
    expect(
      await listPendingInvitations(await permitFor("members.manage", { user: other.owner, account: other.account })),
    ).toEqual([]);
    const own = await listPendingInvitations(
      await permitFor("members.manage", { user: space.administrator, account: space.account }),
    );
    expect(own).toMatchObject([
      { id: invitation.id, email: invitation.email, invitedBy: space.owner.name, isExpired: false },
    ]);
  });
});
