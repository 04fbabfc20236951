import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";

import { authorize } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeUser } from "@/prisma/factories/accounts-and-keys";
import { createPartnerInput } from "./schema";
import { createPartner } from "./create-partner";

const actor = { kind: "system", name: "npm run partner:create" } as const;
const permit = authorize({ actor, account: null, origin: { ip: null, requestId: null } }, "accounts.createPartner");
const input = (changes: Record<string, unknown> = {}) =>
  createPartnerInput.parse({
    name: `Partner ${randomUUID()}`,
    ownerEmail: `owner-${randomUUID()}@example.com`,
    ...changes,
  });
const mailsTo = (email: string) =>
  readSql<{ payload: unknown }>(Prisma.sql`
    SELECT j.payload FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
    WHERE t.identifier = 'signIn.sendLink' AND j.payload->>'email' = ${email}`);

describe("createPartner", () => {
  it("makes the account and its owner, mails him a link, and says so in the new account's log", async () => {
    const given = input({ ownerName: "Olivia West" });
    const made = await createPartner(permit, given);
    expect(made).toEqual({
      name: given.name,
      token: expect.stringMatching(/^[0-9a-f]{10}$/),
      ownerEmail: given.ownerEmail,
      done: "made",
    });
    const account = await db().account.findUniqueOrThrow({
      where: { token: made.token },
      include: { memberships: { include: { user: true } } },
    });
    expect(account).toMatchObject({ kind: "partner", name: given.name, status: "active", partnerId: null });
    expect(account.memberships).toMatchObject([
      { role: "owner", limited: false, user: { email: given.ownerEmail, name: "Olivia West" } },
    ]);
    expect(await mailsTo(given.ownerEmail)).toEqual([{ payload: { email: given.ownerEmail, next: "/" } }]);
    expect(await db().auditEntry.findMany({ where: { accountId: account.id } })).toMatchObject([
      {
        sequence: 1,
        action: "account.created",
        recordType: "account",
        recordId: account.id,
        actorKind: "system",
        actorName: actor.name,
      },
    ]);
  });

  it("changes nothing the second time, nor when two run at once", async () => {
    const given = input();
    const both = await Promise.all([createPartner(permit, given), createPartner(permit, given)]);
    expect(both.map(({ done }) => done).sort()).toEqual(["made", "owned"]);
    expect(await createPartner(permit, { ...given, name: given.name.toUpperCase() })).toMatchObject({
      done: "owned",
      token: both[0].token,
    });
    expect(await db().account.count({ where: { name: given.name } })).toBe(1);
    expect(await mailsTo(given.ownerEmail)).toHaveLength(1);
  });

  it("gives a person who is known already the new account, and leaves his name", async () => {
    const user = await makeUser({ name: "Adam Reyes" });
    const { token } = await createPartner(
      permit,
      input({ ownerEmail: user.email.toUpperCase(), ownerName: "Somebody else" }),
    );
    const memberships = await db().membership.findMany({
      where: { userId: user.id },
      include: { account: true, user: true },
    });
    expect(memberships).toMatchObject([{ role: "owner", account: { token }, user: { name: "Adam Reyes" } }]);
  });

  it("refuses a name that another owner's partner has", async () => {
    const given = input();
    await createPartner(permit, given);
    await expect(createPartner(permit, input({ name: given.name }))).rejects.toMatchObject({ code: "conflict" });
  });

  it("gives a partner that a restore has left without an owner one, known there as less or not at all", async () => {
    const given = input();
    const { token } = await createPartner(permit, given);
    const { id: accountId } = await db().account.findUniqueOrThrow({ where: { token } });
    await bookkeepingDb().membership.updateMany({ where: { accountId }, data: { role: "member", limited: true } });
    const roles = async () =>
      (await db().membership.findMany({ where: { accountId }, orderBy: { id: "asc" } })).map(({ role, limited }) => [
        role,
        limited,
      ]);
    const other = input({ name: given.name });
    expect(await createPartner(permit, other)).toMatchObject({ token, done: "given", ownerEmail: other.ownerEmail });
    expect(await roles()).toEqual([
      ["member", true],
      ["owner", false],
    ]);
    expect(await mailsTo(other.ownerEmail)).toHaveLength(1);
    await expect(createPartner(permit, given)).rejects.toMatchObject({ code: "conflict" });
    await bookkeepingDb().membership.deleteMany({ where: { accountId, role: "owner" } });
    expect(await createPartner(permit, given)).toMatchObject({ done: "given" });
    expect(await roles()).toEqual([["owner", false]]);
    expect(await db().auditEntry.count({ where: { accountId, action: "membership.created" } })).toBe(2);
  });
});

describe("createPartnerInput", () => {
  it("takes an address as one person's, however it is typed", () => {
    expect(input({ ownerEmail: "  ＯＬＩＶＩＡ@Example.COM " }).ownerEmail).toBe("olivia@example.com");
  });

  it.each([
    [{ name: undefined }, "--name is missing"],
    [{ name: "  " }, "--name is empty"],
    [{ ownerEmail: undefined }, "--owner is missing"],
    [{ ownerEmail: "nobody" }, "--owner is no e-mail address"],
    [{ ownerName: "" }, "--owner-name is empty"],
  ])("says what is wrong with %o", (changes, sentence) => {
    const parsed = createPartnerInput.safeParse({ name: "Northwind", ownerEmail: "a@example.com", ...changes });
    expect(parsed.error?.issues.map(({ message }) => message)).toEqual([expect.stringContaining(sentence)]);
  });
});
