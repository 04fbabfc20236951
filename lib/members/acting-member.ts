import "server-only";

import type { Tx } from "@/lib/audit-log/mutate";
import type { Role } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";
import type { ActingMember } from "./policy";

/** Whoever changes the people of an account. */
export type Manager = Permit<
  "members.manage" | "members.invite" | "members.remove" | "members.changeRole" | "members.leave"
>;

export function actingMemberOf(permit: Manager): ActingMember & { userId: number } {
  const { actor } = permit;
  if (actor.kind !== "user") throw new Error("only people manage members");
  return { userId: actor.userId, role: actor.role, customerLimit: actor.customerLimit };
}

/** The chosen customers' ids; null = not limited. Only a partner's administrators and members can be limited. */
export async function resolveLimit(
  tx: Tx,
  permit: Manager,
  role: Role,
  tokens: readonly string[] | null,
): Promise<number[] | null> {
  if (tokens === null) return null;
  if (role === "owner") throw refuseField("customers", "An owner cannot be limited to some customers.");
  // One that the viewer does not look after is like one that does not exist.
  const { customerLimit: limit } = actingMemberOf(permit);
  const found = await tx.account.findMany({
    where: { token: { in: [...tokens] }, partnerId: permit.account.id, ...(limit && { id: { in: [...limit] } }) },
    select: { id: true },
  });
  if (found.length !== new Set(tokens).size) {
    throw refuseField("customers", "One of the chosen customers is no longer yours. Choose again.");
  }
  return found.map((customer) => customer.id);
}

export function refuseField(field: string, message: string): DomainError {
  return new DomainError("invalid_input", message, { [field]: [message] });
}

export function refuseGrant(actingMember: ActingMember, role: Role): DomainError {
  const message =
    role === "owner" && actingMember.role !== "owner"
      ? "Only an owner makes owners."
      : "You can grant only the customers that you look after. Choose some of them.";
  return new DomainError("forbidden", message, { role: [message] });
}
