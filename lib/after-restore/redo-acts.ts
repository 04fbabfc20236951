import { personOf, type FinalAct } from "@/lib/audit-log/final-acts";
import type { FinalDeed } from "@/lib/resources";
import type { Tx } from "@/lib/audit-log/mutate";

/** done = it was not so, and is now. already = it was so. missing = there is nothing to do it to. */
export type Redone = "done" | "already" | "missing";

/** A new secret for this webhook, as its row holds it; the webhooks' own business, handed in. */
export type MakeWebhookSecret = (webhookId: number) => Uint8Array<ArrayBuffer>;

interface Redoing {
  readonly tx: Tx;
  readonly accountId: number;
  readonly act: FinalAct;
  readonly now: Date;
  readonly makeWebhookSecret: MakeWebhookSecret;
}

type Redo = (redoing: Redoing) => Promise<Redone>;

/** The row is the one that was meant: not another one that was given the same id since. */
function rowOf({ accountId, act: { record } }: Redoing) {
  const createdAt = record.createdAt === null ? new Date(NaN) : new Date(record.createdAt);
  return record.id === null || Number.isNaN(createdAt.getTime()) ? null : { accountId, id: record.id, createdAt };
}

const REASONS = ["by_hand", "reported_leaked", "owner_left"] as const;

async function revokeAgain(redoing: Redoing): Promise<Redone> {
  const { tx, act } = redoing;
  const where = rowOf(redoing);
  if (where === null || (await tx.apiKey.count({ where })) === 0) return "missing";
  const reason = REASONS.find((known) => known === act.facts.reason) ?? "by_hand";
  const changed = await tx.$executeRaw`
    UPDATE api_keys SET revoked_at = clock_timestamp(), revoked_reason = ${reason}::revoked_reason, revision = revision + 1, updated_at = clock_timestamp()
    WHERE id = ${where.id} AND account_id = ${where.accountId} AND revoked_at IS NULL`;
  return changed > 0 ? "done" : "already";
}

/** The tokens from before end as they were to end; the one that replaced them is known to nobody here. */
async function retireTokensAgain(redoing: Redoing): Promise<Redone> {
  const { tx, act } = redoing;
  const where = rowOf(redoing);
  if (where === null || (await tx.apiKey.count({ where })) === 0) return "missing";
  const at = new Date(act.at);
  const until = act.facts.oldTokenUntil === undefined ? at : new Date(act.facts.oldTokenUntil);
  const changed = await tx.$executeRaw`
    UPDATE api_key_tokens SET retires_at = CASE WHEN retires_at IS NULL THEN ${until} ELSE LEAST(retires_at, ${at}) END
    WHERE api_key_id = ${where.id} AND created_at < ${at} AND (retires_at IS NULL OR retires_at > ${at})`;
  if (changed > 0)
    await tx.$executeRaw`UPDATE api_keys SET revision = revision + 1 WHERE id = ${where.id} AND account_id = ${where.accountId}`;
  return changed > 0 ? "done" : "already";
}

/** The memberships of the person, as far as they are older than the act: he may have been invited again since. */
async function membershipsOf({ tx, accountId, act }: Redoing) {
  const members = await tx.membership.findMany({
    where: { accountId, createdAt: { lt: new Date(act.at) } },
    select: { id: true, role: true, limited: true, user: { select: { email: true } }, customers: true },
  });
  return members.filter(({ user }) => personOf(user.email) === act.facts.person);
}

async function invitationsOf({ tx, accountId, act }: Redoing) {
  const open = await tx.invitation.findMany({
    where: { accountId, acceptedAt: null, withdrawnAt: null, createdAt: { lt: new Date(act.at) } },
    select: { id: true, email: true },
  });
  return open.filter(({ email }) => personOf(email) === act.facts.person).map(({ id }) => id);
}

/** An invitation that he had accepted is open again: it would let him in once more. */
async function takeOutAgain(redoing: Redoing): Promise<Redone> {
  const { tx, now } = redoing;
  const members = await membershipsOf(redoing);
  const invitations = await invitationsOf(redoing);
  if (members.length === 0 && invitations.length === 0) return "missing";
  await tx.membership.deleteMany({ where: { id: { in: members.map(({ id }) => id) } } });
  await tx.invitation.updateMany({ where: { id: { in: invitations } }, data: { withdrawnAt: now, tokenHash: null } });
  return "done";
}

const RANKS = ["owner", "administrator", "member"] as const;

/** The lesser of what he may here and of what he might after the act: nothing is ever given back by a log. */
async function demoteAgain(redoing: Redoing): Promise<Redone> {
  const { tx, act } = redoing;
  const [member] = await membershipsOf(redoing);
  if (member === undefined) return "missing";
  const { role: logged = "member", customers: tokens = null } = act.facts;
  const role = RANKS[Math.max(RANKS.indexOf(member.role), RANKS.indexOf(logged))] ?? "member";
  const allowed = tokens === null ? null : await tx.account.findMany({ where: { token: { in: [...tokens] } } });
  const own = member.limited ? member.customers.map(({ accountId }) => accountId) : null;
  const ids = allowed?.map(({ id }) => id) ?? null;
  const limit = own === null ? ids : ids === null ? own : own.filter((id) => ids.includes(id));
  if (role === member.role && limit?.length === own?.length) return "already";
  await tx.membershipCustomer.deleteMany({ where: { membershipId: member.id } });
  await tx.membership.update({
    where: { id: member.id },
    data: { role, limited: limit !== null, customers: { create: (limit ?? []).map((accountId) => ({ accountId })) } },
  });
  return "done";
}

async function withdrawAgain(redoing: Redoing): Promise<Redone> {
  const where = rowOf(redoing);
  if (where === null || (await redoing.tx.invitation.count({ where })) === 0) return "missing";
  const changed = await redoing.tx.invitation.updateMany({
    where: { ...where, withdrawnAt: null, acceptedAt: null },
    data: { withdrawnAt: redoing.now, tokenHash: null },
  });
  return changed.count > 0 ? "done" : "already";
}

async function endLinkAgain(redoing: Redoing): Promise<Redone> {
  const where = rowOf(redoing);
  if (where === null || (await redoing.tx.invitation.count({ where })) === 0) return "missing";
  const changed = await redoing.tx.invitation.updateMany({
    where: { ...where, tokenHash: { not: null } },
    data: { tokenHash: null },
  });
  return changed.count > 0 ? "done" : "already";
}

/** Its receiver checks by a secret that nobody has here: it sends nothing until a person has put this new one in. */
async function loseSecretAgain(redoing: Redoing): Promise<Redone> {
  const where = rowOf(redoing);
  if (where === null || (await redoing.tx.webhook.count({ where: { ...where, deletedAt: null } })) === 0)
    return "missing";
  await redoing.tx.webhook.update({
    where: { id: where.id, accountId: where.accountId },
    data: {
      secret: redoing.makeWebhookSecret(where.id),
      previousSecret: null,
      previousSecretEndsAt: null,
      enabled: false,
      disabledAt: redoing.now,
      disabledReason: "secret_lost",
      revision: { increment: 1 },
    },
  });
  return "done";
}

async function deleteWebhookAgain(redoing: Redoing): Promise<Redone> {
  const where = rowOf(redoing);
  if (where === null || (await redoing.tx.webhook.count({ where })) === 0) return "missing";
  const changed = await redoing.tx.webhook.updateMany({
    where: { ...where, deletedAt: null },
    data: {
      deletedAt: redoing.now,
      secret: null,
      previousSecret: null,
      previousSecretEndsAt: null,
      authorization: null,
      enabled: false,
      disabledAt: redoing.now,
      disabledReason: "by_hand",
    },
  });
  return changed.count > 0 ? "done" : "already";
}

/**
 * Its host knows the key that came after this one, which nobody has here, or the credential was not to be any more: in
 * either case it holds no key, and asks nobody anything, until a person has put one in.
 */
async function loseKeyAgain(redoing: Redoing): Promise<Redone> {
  const where = rowOf(redoing);
  if (where === null || (await redoing.tx.integrationCredential.count({ where: { ...where, deletedAt: null } })) === 0)
    return "missing";
  const changed = await redoing.tx.integrationCredential.updateMany({
    where: { ...where, apiKey: { not: null } },
    data: { apiKey: null, apiKeyId: null, revision: { increment: 1 } },
  });
  return changed.count > 0 ? "done" : "already";
}

/** How each final act is done again. Sessions end all together, whatever the log says. */
export const redoActs: Readonly<Record<FinalDeed, Redo>> = {
  keyRevoked: revokeAgain,
  tokenReplaced: retireTokensAgain,
  memberGone: takeOutAgain,
  memberDemoted: demoteAgain,
  invitationWithdrawn: withdrawAgain,
  invitationLinkReplaced: endLinkAgain,
  sessionEnded: () => Promise.resolve("already"),
  secretRotated: loseSecretAgain,
  webhookDeleted: deleteWebhookAgain,
  credentialReplaced: loseKeyAgain,
  credentialDeleted: loseKeyAgain,
};
