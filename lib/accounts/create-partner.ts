import "server-only";
import { randomBytes } from "node:crypto";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { lockRights } from "@/lib/auth/recheck-rights";
import { ADVISORY_LOCKS } from "@/lib/platform/database/advisory-locks";
import { DomainError } from "@/lib/platform/errors";
import type { CreatePartnerInput } from "./schema";

export interface CreatedPartner {
  readonly name: string;
  readonly token: string;
  readonly ownerEmail: string;
  /** `owned`: it stood already with this owner; nothing was made and nobody mailed. `given`: it stood without any. */
  readonly done: "made" | "given" | "owned";
}

async function findPartner(tx: Tx, name: string) {
  const [found] = await tx.$queryRaw<{ id: number; name: string; token: string }[]>`
    SELECT id, name, token FROM accounts WHERE kind = 'partner' AND lower(name) = lower(${name}) ORDER BY id LIMIT 1`;
  return found;
}

/** Makes somebody its owner, and mails a link to sign in. */
async function giveOwner(tx: Tx, accountId: number, { ownerEmail, ownerName }: CreatePartnerInput, now: Date) {
  const owner = await tx.user.upsert({
    where: { email: ownerEmail },
    create: { email: ownerEmail, name: ownerName ?? ownerEmail, createdAt: now },
    update: {},
    select: { id: true, email: true, name: true },
  });
  const who = { userId: owner.id, accountId };
  const membership = await tx.membership.upsert({
    where: { userId_accountId: who },
    create: { ...who, role: "owner", createdAt: now },
    update: { role: "owner", limited: false, customers: { deleteMany: {} } },
    select: { id: true },
  });
  await tx.$executeRaw`SELECT graphile_worker.add_job('signIn.sendLink', ${JSON.stringify({ email: owner.email, next: "/" })}::json)`;
  return { ...owner, membershipId: membership.id };
}

/**
 * What a second run finds. Another owner would be a takeover by command line; where a restore has left none, it is the
 * only way to one.
 */
async function standingPartner(
  tx: Tx,
  partner: { id: number; name: string; token: string },
  input: CreatePartnerInput,
  now: Date,
): Promise<{ result: CreatedPartner; events: DomainEvent[] }> {
  const { ownerEmail } = input;
  const { id: accountId, name, token } = partner;
  await lockRights(tx, accountId, "changerOfPeople");
  const owners = await tx.membership.findMany({
    where: { accountId, role: "owner" },
    select: { user: { select: { email: true } } },
  });
  if (owners.length === 0) {
    const owner = await giveOwner(tx, accountId, input, now);
    const record = { type: "membership" as const, id: owner.membershipId, name: owner.name };
    const after = { role: "owner", email: owner.email };
    return {
      result: { name, token, ownerEmail, done: "given" },
      events: [{ name: "membership.created", accountId, record, after }],
    };
  }
  if (!owners.some(({ user }) => user.email === ownerEmail)) {
    throw new DomainError(
      "conflict",
      `There is a partner “${partner.name}” already, and ${ownerEmail} is not its owner. Choose another name, or let its owner invite them.`,
    );
  }
  return { result: { name, token, ownerEmail, done: "owned" }, events: [] };
}

/**
 * Makes a partner and its first owner, and mails them a link to sign in. Done twice, the second changes nothing.
 * @throws DomainError conflict
 */
export function createPartner(
  permit: Permit<"accounts.createPartner">,
  input: CreatePartnerInput,
): Promise<CreatedPartner> {
  const { name, ownerEmail } = input;
  return mutate(permit, async (tx, now) => {
    // One partner at a time: the look-up by name and the insert must not be overtaken.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.partnerCreation}::bigint)`;
    const standing = await findPartner(tx, name);
    if (standing) return standingPartner(tx, standing, input, now);
    const token = randomBytes(5).toString("hex");
    const account = await tx.account.create({
      data: { kind: "partner", plan: "premium", status: "active", name, token, createdAt: now, updatedAt: now },
      select: { id: true },
    });
    const owner = await giveOwner(tx, account.id, input, now);
    const event = {
      name: "account.created" as const,
      accountId: account.id,
      record: { type: "account" as const, id: account.id, name },
      after: { kind: "partner", token, owner: owner.email },
    };
    return { result: { name, token, ownerEmail, done: "made" }, events: [event] };
  });
}
