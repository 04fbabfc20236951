import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import {
  makeAccount,
  makeAccountWithPeople,
  makePartnerWithPeople,
  permitFor,
} from "@/prisma/factories/accounts-and-keys";
import type { AccountWithPeople, PartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import { addCustomerInput } from "./schema";
import { addCustomer, changeCustomerPlan, changePlan, deactivateCustomer, reactivateCustomer } from "./service";

let partner: PartnerWithPeople;
let other: PartnerWithPeople;

beforeAll(async () => {
  [partner, other] = [await makePartnerWithPeople(), await makePartnerWithPeople()];
});

const managing = (user: Pick<User, "id"> = partner.owner, account: Pick<Account, "token"> = partner.account) =>
  permitFor("customers.manage", { user, account });
const input = (changes: Record<string, unknown> = {}) =>
  addCustomerInput.parse({
    name: `Customer ${randomUUID()}`,
    plan: "professional",
    ownerEmail: `owner-${randomUUID()}@example.com`,
    ...changes,
  });
const logOf = async (accountId: number, recordId: number) =>
  (
    await db().auditEntry.findMany({
      where: { accountId, recordType: "account", recordId },
      orderBy: { sequence: "asc" },
    })
  ).map(({ action, before, after }) => ({ action, before, after }));
const invitationsQueued = (invitationId: number) =>
  readSql<{ count: number }>(Prisma.sql`
    SELECT count(*)::int AS count FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
    WHERE t.identifier = 'invitations.send' AND j.payload->>'invitationId' = ${String(invitationId)}`);
const stored = (token: string) => db().account.findUniqueOrThrow({ where: { token } });

describe("addCustomer", () => {
  it("makes the account, what its fleet starts with, and the invitation of its owner; both logs say so", async () => {
    const given = input({ ownerEmail: "  ＯＷＮＥＲ@New.example " });
    const { token } = await addCustomer(await managing(), given);
    const account = await db().account.findUniqueOrThrow({
      where: { token },
      include: { memberships: true, invitations: true, vehicleTypes: true, vehicleStatuses: true },
    });
    expect(account).toMatchObject({
      kind: "customer",
      partnerId: partner.account.id,
      name: given.name,
      plan: "professional",
      status: "active",
      memberships: [],
      invitations: [{ email: "owner@new.example", role: "owner", limited: false, invitedById: partner.owner.id }],
    });
    expect(account.vehicleTypes.length * account.vehicleStatuses.length).toBeGreaterThan(0);
    expect(await invitationsQueued(account.invitations[0]?.id ?? 0)).toEqual([{ count: 1 }]);
    const after = { kind: "customer", token, plan: "professional", owner: "owner@new.example" };
    for (const accountId of [partner.account.id, account.id])
      expect(await logOf(accountId, account.id)).toEqual([{ action: "account.created", before: null, after }]);
    expect(await db().auditEntry.count({ where: { accountId: account.id, action: "invitation.created" } })).toBe(1);
  });

  it("makes one of a double submit, even of two at once, and says that the name is taken", async () => {
    const given = input();
    const permit = await managing();
    const both = await Promise.allSettled([addCustomer(permit, given), addCustomer(permit, given)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    await expect(addCustomer(permit, { ...given, name: given.name.toUpperCase() })).rejects.toMatchObject({
      code: "conflict",
      fields: { name: [expect.any(String)] },
    });
    expect(await db().account.count({ where: { name: { equals: given.name, mode: "insensitive" } } })).toBe(1);
  });

  it("lets another partner have a customer of the same name", async () => {
    const given = input();
    await addCustomer(await managing(), given);
    const { token } = await addCustomer(await managing(other.owner, other.account), given);
    expect(await stored(token)).toMatchObject({ partnerId: other.account.id });
  });

  it("knows nothing of customers in a customer's space", async () => {
    const customer = await makeAccountWithPeople();
    const permit = await managing(customer.owner, customer.account);
    await expect(addCustomer(permit, input())).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("changeCustomerPlan", () => {
  it("changes the plan, in both logs; the same plan again leaves nothing", async () => {
    const { id, token } = await makeAccount({ partnerId: partner.account.id, plan: "starter" });
    const permit = await managing();
    await changeCustomerPlan(permit, { customer: token, plan: "premium" });
    await changeCustomerPlan(permit, { customer: token, plan: "premium" });
    expect(await stored(token)).toMatchObject({ plan: "premium" });
    for (const accountId of [partner.account.id, id])
      expect(await logOf(accountId, id)).toEqual([
        { action: "account.planChanged", before: { plan: "starter" }, after: { plan: "premium" } },
      ]);
  });
});

describe("deactivateCustomer and reactivateCustomer", () => {
  it.each(["active", "trial", "past_due", "suspended"] as const)("turns one that is %s off and on", async (status) => {
    const { id, token } = await makeAccount({ partnerId: partner.account.id, status });
    const permit = await managing();
    await expect(reactivateCustomer(permit, { customer: token })).rejects.toMatchObject({ code: "conflict" });
    await deactivateCustomer(permit, { customer: token });
    expect(await stored(token)).toMatchObject({ status: "canceled" });
    await expect(deactivateCustomer(permit, { customer: token })).rejects.toMatchObject({ code: "conflict" });
    await reactivateCustomer(permit, { customer: token });
    expect(await stored(token)).toMatchObject({ status: "active" });
    for (const accountId of [partner.account.id, id])
      expect(await logOf(accountId, id)).toEqual([
        { action: "account.deactivated", before: { status }, after: { status: "canceled" } },
        { action: "account.reactivated", before: { status: "canceled" }, after: { status: "active" } },
      ]);
  });
});

describe("somebody else's customer", () => {
  it.each([
    ["another partner's", () => other.customers[0].token],
    ["an unknown one", () => "ffffffffff"],
    ["the partner itself", () => partner.account.token],
  ])("%s is not found, and stays as it is", async (_, tokenOf) => {
    const permit = await managing();
    const customer = tokenOf();
    const refused = { code: "not_found" };
    await expect(changeCustomerPlan(permit, { customer, plan: "starter" })).rejects.toMatchObject(refused);
    await expect(deactivateCustomer(permit, { customer })).rejects.toMatchObject(refused);
    await expect(reactivateCustomer(permit, { customer })).rejects.toMatchObject(refused);
    expect(await stored(other.customers[0].token)).toMatchObject({ plan: "professional", status: "active" });
  });
});

describe("changePlan", () => {
  let customer: AccountWithPeople;
  const changing = (people: AccountWithPeople) =>
    permitFor("accounts.changePlan", { user: people.owner, account: people.account });

  beforeAll(async () => {
    customer = await makeAccountWithPeople({ plan: "starter" });
  });

  it("changes the own account's plan, in its own log", async () => {
    expect(await changePlan(await changing(customer), { plan: "professional" })).toEqual({ plan: "professional" });
    await changePlan(await changing(customer), { plan: "professional" });
    expect(await stored(customer.account.token)).toMatchObject({ plan: "professional" });
    expect(await logOf(customer.account.id, customer.account.id)).toEqual([
      { action: "account.planChanged", before: { plan: "starter" }, after: { plan: "professional" } },
    ]);
  });

  it("is the owner's alone", async () => {
    for (const user of [customer.administrator, customer.member])
      await expect(permitFor("accounts.changePlan", { user, account: customer.account })).rejects.toMatchObject({
        code: "forbidden",
      });
  });

  it("does not change a partner's", async () => {
    await expect(changePlan(await changing(partner), { plan: "starter" })).rejects.toMatchObject({ code: "conflict" });
  });
});
