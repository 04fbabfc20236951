import "server-only";
import { randomBytes } from "node:crypto";

import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { DomainError } from "@/lib/platform/errors";
import type { CreatePartnerInput } from "./schema";

export interface CreatedPartner {
  readonly name: string;
  readonly token: string;
  readonly ownerEmail: string;
  /** False where it stood already: then nothing was made and nobody mailed. */
  readonly isNew: boolean;
}

/** One partner at a time: the look-up by name and the insert must not be overtaken. Any number, used for nothing else. */
const CREATION_LOCK = 7_264_114;

async function findPartner(tx: Tx, name: string) {
  const [found] = await tx.$queryRaw<{ id: number; name: string; token: string }[]>`
    SELECT id, name, token FROM accounts WHERE kind = 'partner' AND lower(name) = lower(${name}) ORDER BY id LIMIT 1`;
  return found;
}

/** What a second run finds; another owner would be a takeover by command line. */
async function standingPartner(
  tx: Tx,
  partner: { id: number; name: string; token: string },
  ownerEmail: string,
): Promise<CreatedPartner> {
  const owns = await tx.membership.findFirst({
    where: { accountId: partner.id, role: "owner", user: { email: ownerEmail } },
    select: { id: true },
  });
  if (owns === null) {
    throw new DomainError(
      "conflict",
      `There is a partner “${partner.name}” already, and ${ownerEmail} is not its owner. Choose another name, or let its owner invite them.`,
    );
  }
  return { name: partner.name, token: partner.token, ownerEmail, isNew: false };
}

/**
 * Makes a partner and its first owner, and mails them a link to sign in. Done twice, the second changes nothing.
 * @throws DomainError conflict
 */
export function createPartner(
  permit: Permit<"accounts.createPartner">,
  input: CreatePartnerInput,
): Promise<CreatedPartner> {
  const { name, ownerEmail, ownerName } = input;
  return mutate(permit, async (tx, now) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${CREATION_LOCK}::bigint)`;
    const standing = await findPartner(tx, name);
    if (standing) return { result: await standingPartner(tx, standing, ownerEmail), events: [] };
    const token = randomBytes(5).toString("hex");
    const account = await tx.account.create({
      data: { kind: "partner", plan: "premium", status: "active", name, token, createdAt: now, updatedAt: now },
      select: { id: true },
    });
    const owner = await tx.user.upsert({
      where: { email: ownerEmail },
      create: { email: ownerEmail, name: ownerName ?? ownerEmail, createdAt: now },
      update: {},
      select: { id: true, email: true },
    });
    await tx.membership.create({ data: { userId: owner.id, accountId: account.id, role: "owner", createdAt: now } });
    await tx.$executeRaw`SELECT graphile_worker.add_job('signIn.sendLink', ${JSON.stringify({ email: owner.email, next: "/" })}::json)`;
    const event = {
      name: "account.created" as const,
      accountId: account.id,
      record: { type: "account" as const, id: account.id, name },
      after: { kind: "partner", token, owner: owner.email },
    };
    return { result: { name, token, ownerEmail, isNew: true }, events: [event] };
  });
}
