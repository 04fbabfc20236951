import type { AccountKind } from "@/generated/prisma/enums";
import type { Role } from "@/lib/auth/permissions";

interface RoleWords {
  readonly name: string;
  /** What one may do with it, by the kind of the account: only a customer's has a fleet. */
  readonly may: Readonly<Record<AccountKind, string>>;
}

export const ROLE_WORDS: Readonly<Record<Role, RoleWords>> = {
  owner: {
    name: "Owner",
    may: {
      partner: "Everything, also making owners",
      customer: "Everything, also making owners and changing the plan",
    },
  },
  administrator: {
    name: "Administrator",
    may: { partner: "API keys, webhooks, members", customer: "The fleet, API keys, webhooks, custom fields, members" },
  },
  member: {
    name: "Member",
    may: {
      partner: "Sees keys, copies account tokens",
      customer: "The fleet without deleting; sees keys, copies account tokens",
    },
  },
};

/** Only owners make owners. */
export function grantableRoles(viewer: Role): Role[] {
  return viewer === "owner" ? ["owner", "administrator", "member"] : ["administrator", "member"];
}
