/** An account that nobody owns, and who could invite an owner. */
export interface OwnerlessAccount {
  readonly token: string;
  readonly name: string;
  readonly kind: "partner" | "customer";
  /** Of a customer: its partner's name; null where it has none. */
  readonly partner: string | null;
}

/**
 * What an operator is told of it, and what to do. Whoever owned it before the restore did not yet when the backup was
 * made: that is not in the log, and nobody guesses it.
 */
export function sayOwnerless({ token, name, kind, partner }: OwnerlessAccount): string {
  const what = `${token}: “${name}” has no owner now: who was one in the backup is none any more, and whom he made one is not known.`;
  if (kind === "partner")
    return `${what} Say who is: npm run partner:create -- --name ${JSON.stringify(name)} --owner <e-mail address>`;
  return partner === null
    ? `${what} It belongs to no partner, so nobody can invite one.`
    : `${what} An owner of “${partner}” invites one: Customers, “${name}”, Invite an owner.`;
}
