import { expect, it } from "vitest";

import { sayOwnerless } from "./ownerless-account";

const NO_OWNER = "has no owner now: who was one in the backup is none any more, and whom he made one is not known.";

it.each([
  [
    "a partner",
    { kind: "partner", name: "North “west” Fleet", partner: null } as const,
    'Say who is: npm run partner:create -- --name "North “west” Fleet" --owner <e-mail address>',
  ],
  [
    "a customer",
    { kind: "customer", name: "Acme", partner: "Northwind" } as const,
    "An owner of “Northwind” invites one: Customers, “Acme”, Invite an owner.",
  ],
  [
    "a customer that left its partner",
    { kind: "customer", name: "Acme", partner: null } as const,
    "It belongs to no partner, so nobody can invite one.",
  ],
])("says of %s without an owner who may put one there", (_what, account, advice) => {
  expect(sayOwnerless({ token: "act_1", ...account })).toBe(`act_1: “${account.name}” ${NO_OWNER} ${advice}`);
});
