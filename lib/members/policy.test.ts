import { describe, expect, it } from "vitest";

import { ROLES } from "@/lib/auth/permissions";
import { leavesNoOwner, mayGrant, mayTouch, memberVerbs, type ActingMember, type MembershipFacts } from "./policy";

const actingMember = (role: ActingMember["role"], customerLimit: readonly number[] | null = null): ActingMember => ({
  role,
  customerLimit,
});
const facts = (role: MembershipFacts["role"], customerIds: readonly number[] | null = null): MembershipFacts => ({
  role,
  customerIds,
});

describe("what may be granted", () => {
  it.each(ROLES.flatMap((by) => ROLES.map((role) => [by, role] as const)))("%s to %s", (by, role) => {
    expect(mayGrant(actingMember(by), facts(role))).toBe(role !== "owner" || by === "owner");
    expect(mayTouch(actingMember(by), facts(role))).toBe(role !== "owner" || by === "owner");
  });

  it.each([
    [[1, 2], [1], true],
    [[1, 2], [1, 2], true],
    [[1, 2], [2, 3], false],
    [[1, 2], null, false],
    [[], [1], false],
    [null, null, true],
    [null, [1], true],
  ] as const)("whoever looks after %j grants and touches %j: %s", (limit, customerIds, allowed) => {
    for (const role of ["administrator", "member"] as const) {
      expect(mayGrant(actingMember("administrator", limit), facts(role, customerIds))).toBe(allowed);
      expect(mayTouch(actingMember("administrator", limit), facts(role, customerIds))).toBe(allowed);
    }
  });
});

describe("the last owner", () => {
  it.each([
    [1, "owner", null, true],
    [1, "owner", "administrator", true],
    [1, "owner", "owner", false],
    [2, "owner", null, false],
    [2, "owner", "member", false],
    [1, "administrator", null, false],
    [1, "member", "administrator", false],
  ] as const)("%d owners, %s becomes %s: %s", (owners, role, newRole, stuck) => {
    expect(leavesNoOwner(owners, facts(role), newRole)).toBe(stuck);
  });
});

describe("what a row offers", () => {
  it.each([
    ["owner", "owner", false, 2, ["changeRole", "remove"]],
    ["owner", "owner", false, 1, []],
    ["owner", "owner", true, 2, ["leave"]],
    ["owner", "owner", true, 1, []],
    ["owner", "member", false, 1, ["changeRole", "remove"]],
    ["administrator", "owner", false, 2, []],
    ["administrator", "administrator", false, 1, ["changeRole", "remove"]],
    ["administrator", "administrator", true, 1, ["leave"]],
    ["member", "member", true, 1, ["leave"]],
    ["member", "member", false, 1, []],
    ["member", "owner", false, 2, []],
  ] as const)("%s looks at %s (himself: %s, %d owners): %j", (role, target, isSelf, owners, verbs) => {
    expect(memberVerbs(actingMember(role), facts(target), isSelf, owners)).toEqual(verbs);
  });

  it("a limited administrator is offered nobody who sees more", () => {
    const limited = actingMember("administrator", [1]);
    expect(memberVerbs(limited, facts("member"), false, 1)).toEqual([]);
    expect(memberVerbs(limited, facts("member", [1]), false, 1)).toEqual(["changeRole", "remove"]);
  });
});
