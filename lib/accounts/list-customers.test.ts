import { beforeAll, describe, expect, it } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { countStatements } from "@/testing/count-statements";
import {
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  makePerson,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { getCustomer, listAdvisors, listCustomers } from "./list-customers";
import { customerListQuery } from "./schema";

let partner: PartnerWithPeople;
let other: PartnerWithPeople;

const view = (given: Record<string, unknown> = {}) => customerListQuery.parse({ q: "", ...given });
const reading = (user: Pick<User, "id"> = partner.owner, account: Pick<Account, "token"> = partner.account) =>
  permitFor("customers.read", { user, account });

beforeAll(async () => {
  [partner, other] = [await makePartnerWithPeople(), await makePartnerWithPeople()];
});

describe("listCustomers", () => {
  it("shows every customer with its advisors; all three roles see them", async () => {
    const advisor = { id: partner.limited.id, name: partner.limited.name };
    for (const user of [partner.owner, partner.administrator, partner.member]) {
      const { rows, counts } = await listCustomers(await reading(user), view());
      expect(rows).toHaveLength(3);
      expect(counts.all).toBe(3);
      expect(new Map(rows.map(({ id, advisors }) => [id, advisors]))).toEqual(
        new Map(partner.customers.map(({ id }, index) => [id, index === 0 ? [advisor] : []])),
      );
    }
  });

  it("takes three statements, however many customers and advisors there are", async () => {
    const [permit, one] = [await reading(), await reading(partner.limited)];
    expect(await countStatements(() => listCustomers(permit, view()))).toBe(3);
    expect(await countStatements(() => listCustomers(one, view()))).toBe(3);
  });

  it("narrows to one advisor's; a foreign advisor has none here", async () => {
    const permit = await reading();
    const { rows, counts } = await listCustomers(permit, view({ advisor: String(partner.limited.id) }));
    expect(rows.map(({ id }) => id)).toEqual([partner.customers[0].id]);
    expect(counts.all).toBe(1);
    for (const advisor of [other.limited.id, partner.member.id])
      expect((await listCustomers(permit, view({ advisor: String(advisor) }))).rows).toEqual([]);
    for (const advisor of ["x", "0", "-1", "99999999999", ["1", "2"]])
      expect((await listCustomers(permit, view({ advisor }))).rows).toHaveLength(3);
  });

  it("shows a limited viewer his own few", async () => {
    const { rows } = await listCustomers(await reading(partner.limited), view());
    expect(rows.map(({ id }) => id)).toEqual([partner.customers[0].id]);
  });

  it("knows nothing of customers in a customer's space", async () => {
    const customer = await makeAccountWithPeople();
    const permit = await reading(customer.owner, customer.account);
    await expect(listCustomers(permit, view())).rejects.toMatchObject({ code: "not_found" });
    await expect(getCustomer(permit, customer.account.token)).rejects.toMatchObject({ code: "not_found" });
  });

  it("offers the limited people as advisors", async () => {
    expect(await listAdvisors(await reading())).toEqual([{ id: partner.limited.id, name: partner.limited.name }]);
  });
});

describe("getCustomer", () => {
  it("is the customer whole: people, invited owners, advisors, and what may be done with it", async () => {
    const [customer] = partner.customers;
    const owner = await makePerson(customer, "owner");
    const member = await makePerson(customer, "member");
    await bookkeepingDb().invitation.create({
      data: { accountId: customer.id, email: "second@owner.example", role: "owner", expiresAt: new Date(4e12) },
    });
    const details = await getCustomer(await reading(), customer.token);
    expect(details).toMatchObject({
      name: customer.name,
      token: customer.token,
      plan: "professional",
      status: "active",
      vehicles: 0,
      peopleCount: 2,
      people: [
        { name: owner.name, email: owner.email, role: "owner" },
        { name: member.name, email: member.email, role: "member" },
      ],
      hasOwner: true,
      invitedOwners: [{ email: "second@owner.example", isExpired: false }],
      advisors: [{ id: partner.limited.id, name: partner.limited.name }],
      verbs: ["changePlan", "deactivate"],
    });
    expect((await getCustomer(await reading(partner.administrator), customer.token)).verbs).toEqual([]);
  });

  it("lists the keys that reach it and are valid: its own, the partner's for all, the partner's for it", async () => {
    const [, customer, neighbour] = partner.customers;
    const made = async (choice: Parameters<typeof makeApiKey>[0]) => (await makeApiKey(choice)).key.id;
    const own = await made({ account: customer });
    const chosen = await made({ account: partner.account, customers: [customer] });
    const all = await made({ account: partner.account });
    await made({ account: partner.account, customers: [neighbour] });
    await made({ account: partner.account, state: "revoked" });
    await made({ account: customer, state: "expired" });
    await made({ account: neighbour });
    await made({ account: other.account });
    const permit = await reading();
    expect(await countStatements(() => getCustomer(permit, customer.token))).toBe(4);
    const { keys, keyCount } = await getCustomer(permit, customer.token);
    expect(keyCount).toBe(3);
    expect(keys.map(({ id, ofPartner, reachesAll }) => [id, ofPartner, reachesAll])).toEqual([
      [own, false, false],
      [all, true, true],
      [chosen, true, false],
    ]);
  });

  it("is not found where it is out of a limited viewer's reach, another partner's, or unknown", async () => {
    const limited = await reading(partner.limited);
    expect((await getCustomer(limited, partner.customers[0].token)).name).toBe(partner.customers[0].name);
    for (const token of [partner.customers[1].token, other.customers[0].token, "ffffffffff", partner.account.token])
      await expect(getCustomer(limited, token)).rejects.toMatchObject({ code: "not_found" });
  });
});
