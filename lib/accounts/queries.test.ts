import { beforeAll, describe, expect, it } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import {
  makeAccount,
  makeAccountWithPeople,
  makeMembership,
  makeUser,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { countAccountTokens, listAccountTokens, listGrantableCustomers, listSpaces } from "./queries";
import { ACCOUNT_STATUSES, PLANS } from "./policy";
import { accountListQuery, type AccountListQuery } from "./schema";

const NAMES = [
  "Harbor Point",
  "harbor light",
  "100% Electric",
  "Under_score",
  "Under-score",
  "Ärger & Söhne",
  "Zanzibar Ferry",
];
let partner: AccountWithPeople;
let customers: Account[];
let limited: User;
let foreign: Account;

const view = (given: Record<string, unknown> = {}) => accountListQuery.parse({ q: "", ...given });
const reader = (user: Pick<User, "id"> = partner.owner, account: Pick<Account, "token"> = partner.account) =>
  permitFor("accountTokens.read", { user, account });

beforeAll(async () => {
  partner = await makeAccountWithPeople({ kind: "partner" });
  const partnerId = partner.account.id;
  customers = [];
  for (let index = 0; index < 120; index++) {
    const status = ACCOUNT_STATUSES[index % 5] ?? "active";
    const plan = PLANS[index % 3] ?? "starter";
    const name = NAMES[index] ?? `Customer ${index % 40}`;
    customers.push(
      await makeAccount({ partnerId, status, plan, name, createdAt: new Date(Date.UTC(2026, 0, 1 + (index % 50))) }),
    );
  }
  const other = await makeAccountWithPeople({ kind: "partner" });
  foreign = await makeAccount({ partnerId: other.account.id, name: "Harbor Point" });
  limited = await makeUser();
  await makeMembership({
    user: limited,
    account: partner.account,
    role: "administrator",
    limitedTo: customers.slice(0, 3),
  });
}, 60_000);

/** The view, worked out in memory. */
function model(
  { q, status, plan, sort, direction }: AccountListQuery,
  visible: readonly Account[] = customers,
): Account[] {
  const text = q.toLowerCase();
  const place = (account: Account) =>
    Buffer.from(sort === "name" ? account.name.toLowerCase() : account.createdAt.toISOString());
  return visible
    .filter(
      ({ name, token }) =>
        (text.length < 3 ? name.toLowerCase().startsWith(text) : name.toLowerCase().includes(text)) ||
        token.startsWith(text),
    )
    .filter((account) => (status === null || account.status === status) && (plan === null || account.plan === plan))
    .sort((a, b) => (Buffer.compare(place(a), place(b)) || a.id - b.id) * (direction === "asc" ? 1 : -1));
}

async function compare(query: AccountListQuery): Promise<string[]> {
  const permit = await reader();
  let page = await listAccountTokens(permit, query);
  const expected = model(query).map(({ token }) => token);
  const { counts } = page;
  expect(counts.all).toBe(model({ ...query, status: null }).length);
  for (const status of ACCOUNT_STATUSES) expect(counts[status]).toBe(model({ ...query, status }).length);
  const forward = page.rows.map(({ token }) => token);
  while (page.next !== null) {
    page = await listAccountTokens(permit, { ...query, after: page.next });
    forward.push(...page.rows.map(({ token }) => token));
  }
  const back = page.rows.map(({ token }) => token);
  while (page.previous !== null) {
    page = await listAccountTokens(permit, { ...query, before: page.previous });
    back.unshift(...page.rows.map(({ token }) => token));
  }
  expect(forward).toEqual(expected);
  expect(back).toEqual(expected);
  return forward;
}

describe("listAccountTokens", () => {
  it.each([
    {},
    { direction: "desc" },
    { sort: "created" },
    { sort: "created", direction: "desc" },
    { status: "past_due" },
    { plan: "premium" },
    { status: "active", plan: "starter", q: "customer" },
    { q: "cu", sort: "created" },
    { q: "c" },
    { q: "harbor" },
    { q: "HAR" },
    { q: "ferry" },
    { q: "0% e" },
    { q: "r_s" },
    { q: "_" },
    { q: "%" },
    { q: "är" },
    { q: "qqxyzzy" },
    { q: "zan\u0000zibar" },
  ])("%o, to its end and back, is what it is in memory", async (given) => {
    const query = view(given);
    if (query.q.includes("\u0000"))
      expect((await listAccountTokens(await reader(), query)).rows.map(({ name }) => name)).toEqual(["Zanzibar Ferry"]);
    else await compare(query);
  });

  it("finds a customer by his token and by its beginning", async () => {
    const token = customers[7]?.token ?? "";
    expect(await compare(view({ q: token }))).toEqual([token]);
    expect(await compare(view({ q: token.slice(0, 6).toUpperCase() }))).toContain(token);
  });

  it("shows each row whole, and nothing of anybody else's", async () => {
    const { rows } = await listAccountTokens(await reader(partner.member), view({ q: "Harbor Point" }));
    const [own] = customers;
    expect(rows).toEqual([
      {
        id: own?.id,
        name: "Harbor Point",
        status: "active",
        plan: "starter",
        token: own?.token,
        createdAt: own?.createdAt.toISOString(),
      },
    ]);
    expect((await listAccountTokens(await reader(), view({ q: foreign.token }))).rows).toEqual([]);
  });

  it("shows a limited viewer his own few", async () => {
    const permit = await reader(limited);
    const { rows, counts } = await listAccountTokens(permit, view());
    expect(rows.map(({ id }) => id)).toEqual(model(view(), customers.slice(0, 3)).map(({ id }) => id));
    expect([counts.all, await countAccountTokens(permit)]).toEqual([3, 3]);
  });

  it("shows in a customer's space the accounts that the viewer belongs to", async () => {
    const [first, second, third] = customers;
    if (!first || !second || !third) throw new Error("there are customers");
    const user = await makeUser();
    await makeMembership({ user, account: first, role: "member" });
    await makeMembership({ user, account: third, role: "owner" });
    const permit = await reader(user, first);
    const expected = model(view(), [first, third]).map(({ token }) => token);
    expect((await listAccountTokens(permit, view())).rows.map(({ token }) => token)).toEqual(expected);
    expect(await countAccountTokens(permit)).toBe(2);
  });
});

describe("listGrantableCustomers", () => {
  it("is the partner's customers, a limited viewer's own few, and nobody in a customer's space", async () => {
    const grantable = async (user: Pick<User, "id">, account: Pick<Account, "token">) =>
      listGrantableCustomers(await permitFor("apiKeys.read", { user, account }));
    expect((await grantable(partner.owner, partner.account)).map(({ token }) => token)).toEqual(
      model(view()).map(({ token }) => token),
    );
    expect((await grantable(limited, partner.account)).map(({ token }) => token).sort()).toEqual(
      customers
        .slice(0, 3)
        .map(({ token }) => token)
        .sort(),
    );
    const customer = await makeAccountWithPeople();
    expect(await grantable(customer.owner, customer.account)).toEqual([]);
  });
});

describe("listSpaces", () => {
  it("is the accounts that a person belongs to, partners first", async () => {
    const user = await makeUser();
    const [first] = customers;
    if (!first) throw new Error("there are customers");
    await makeMembership({ user, account: first, role: "member" });
    await makeMembership({ user, account: partner.account, role: "administrator" });
    const spaces = await listSpaces(await permitFor("accounts.open", { user, account: first }));
    expect(spaces).toEqual([
      { name: partner.account.name, token: partner.account.token, kind: "partner", role: "administrator" },
      { name: first.name, token: first.token, kind: "customer", role: "member" },
    ]);
  });
});
