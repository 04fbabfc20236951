import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";

import type { Actor } from "@/lib/auth/actor";
import { trackCommit } from "@/lib/auth/track-commits";
import type { Permission } from "@/lib/auth/permissions";
import type { Permit } from "@/lib/auth/permit";
import { recheckRights } from "@/lib/auth/recheck-rights";
import { isPrismaRefusal } from "@/lib/platform/database/errors";
import { Prisma } from "@/lib/platform/database/db";
import type { Channel } from "@/lib/platform/database/state";
import { env } from "@/lib/platform/env";
import { redactSecrets, redactSecretsWithin } from "@/lib/platform/secret-patterns";
import { writeTransaction, type Tx } from "@/lib/platform/database/write-db";
import { chainHash, CHAIN_START, type ChainedFacts } from "./chain";
import type { DomainEvent } from "./events";
import { keepFinalActs, writeFinalActs, type SealedAct } from "./final-acts";
import { claimSubmission } from "./submissions";

export type { Tx };

const CHANGED: Channel = "account_changes";

/** What a change came to, and what it leaves. */
export interface Change<T> {
  readonly result: T;
  readonly events: readonly DomainEvent[];
}

const SERIALIZATION_TRIES = 3;

function isSerializationFailure(error: unknown): boolean {
  return isPrismaRefusal(error) && error.code === "P2034";
}

/**
 * The only way to write what is audited. Runs `change` in one transaction and stores its events (audit entries, and one
 * job that publishes them) in the same transaction. `now` is the database's clock. The rights behind the permit are
 * read again first, so that a right taken away in the meantime counts. A refusal thrown by `change` undoes everything.
 * Serialization failures are retried, up to 3 attempts.
 * @throws DomainError as `authorize`; conflict, where this form was saved already; unavailable or outcome_unknown,
 * where the answer to COMMIT was lost
 */
export async function mutate<P extends Permission, T>(
  permit: Permit<P>,
  change: (tx: Tx, now: Date) => Promise<Change<T>>,
): Promise<T> {
  const together = togetherWith.getStore();
  if (together !== undefined) return joinChange(together, permit, change);
  return inTransaction(permit, async (tx, now) => {
    await claimSubmission(tx, permit);
    const { result, events } = await change(tx, now);
    return { result, finalActs: await recordEvents(tx, permit, events, now) };
  });
}

interface Done<T> {
  readonly result: T;
  readonly finalActs: readonly SealedAct[];
}

async function inTransaction<T>(permit: Permit<Permission>, work: (tx: Tx, now: Date) => Promise<Done<T>>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const done = await trackCommit(permit.origin, (aboutToCommit) =>
        writeTransaction(async (tx) => {
          const worked = await work(tx, await recheckRights(tx, permit));
          aboutToCommit();
          return worked;
        }),
      );
      writeFinalActs(done.finalActs);
      return done.result;
    } catch (error) {
      if (attempt >= SERIALIZATION_TRIES || !isSerializationFailure(error)) throw error;
    }
  }
}

/** The state of a transaction that several changes share. */
interface Together {
  readonly tx: Tx;
  readonly now: Date;
  readonly permit: Permit<Permission>;
  readonly events: DomainEvent[];
  readonly known: Map<string, unknown>;
}

const togetherWith = new AsyncLocalStorage<Together>();

/** For look-ups that every change of an account repeats: changes that share a transaction read them once. */
export async function readOnce<T>(name: string, read: () => Promise<T>): Promise<T> {
  const known = togetherWith.getStore()?.known;
  if (known?.has(name)) return known.get(name) as T;
  const found = await read();
  known?.set(name, found);
  return found;
}

/**
 * One transaction around many changes, for large imports. Every `mutate` that `work` awaits, one after the other and
 * with this same permit, joins it; the right is checked again once, at the beginning. A refused change is undone alone.
 * Events are stored at the end, so that the audit head is locked no longer than for a single change.
 */
export async function mutateTogether<P extends Permission, T>(
  permit: Permit<P>,
  work: (tx: Tx, now: Date) => Promise<T>,
): Promise<T> {
  return inTransaction(permit, async (tx, now) => {
    const events: DomainEvent[] = [];
    const together = { tx, now, permit, events, known: new Map() };
    const result = await togetherWith.run(together, () => work(tx, now));
    return { result, finalActs: await recordEvents(tx, permit, events, now) };
  });
}

async function joinChange<T>(
  { tx, now, permit, events }: Together,
  own: Permit<Permission>,
  change: (tx: Tx, now: Date) => Promise<Change<T>>,
): Promise<T> {
  if (own !== permit) throw new Error("a change joins others by their permit alone");
  await tx.$executeRaw`SAVEPOINT one_of_many`;
  try {
    const { result, events: left } = await change(tx, now);
    await tx.$executeRaw`RELEASE SAVEPOINT one_of_many`;
    events.push(...left);
    return result;
  } catch (error) {
    await tx.$executeRaw`ROLLBACK TO SAVEPOINT one_of_many`;
    throw error;
  }
}

function actorFacts(actor: Actor): Pick<ChainedFacts, "actorKind" | "actorId" | "actorName"> {
  switch (actor.kind) {
    case "user":
    case "self":
      return { actorKind: "user", actorId: actor.userId, actorName: actor.name };
    case "apiKey":
      return { actorKind: "apiKey", actorId: actor.apiKeyId, actorName: actor.name };
    case "system":
      return { actorKind: "system", actorId: null, actorName: actor.name };
    case "anyone":
      return { actorKind: "anyone", actorId: null, actorName: "Somebody not signed in" };
  }
}

function accountOf(permit: Permit<Permission>, event: DomainEvent): number {
  const accountId = event.accountId ?? permit.account?.id;
  if (accountId === undefined) throw new Error(`${event.name} names no account`);
  return accountId;
}

/** The actor's e-mail address or, for a key, its name; null for the system and for who is not known by an address. */
function triggeredBy(actor: Actor): string | null {
  switch (actor.kind) {
    case "user":
      return actor.email;
    case "apiKey":
      return actor.name;
    case "self":
    case "system":
    case "anyone":
      return null;
  }
}

/**
 * Audit heads are locked last, in the order of the accounts' ids, so that two changes never deadlock. The job carries
 * everything its listeners need: they read nothing more.
 */
async function recordEvents(
  tx: Tx,
  permit: Permit<Permission>,
  events: readonly DomainEvent[],
  now: Date,
): Promise<SealedAct[]> {
  const accountIds = [...new Set(events.map((event) => accountOf(permit, event)))].sort((a, b) => a - b);
  const entries: Prisma.InputJsonObject[] = [];
  const recorded = [];
  for (const accountId of accountIds) {
    const own = events.filter((event) => accountOf(permit, event) === accountId);
    const sequences = await appendEntries(tx, permit, { accountId, events: own, now });
    for (const [index, event] of own.entries()) {
      const { name, record, payload = null, actor = permit.actor } = event;
      const sequence = sequences[index] ?? 0;
      recorded.push({ event, accountId, sequence });
      entries.push({
        accountId,
        sequence,
        name,
        record,
        payload,
        triggeredBy: triggeredBy(actor),
        occurredAt: now.toISOString(),
      });
    }
  }
  if (entries.length > 0) {
    // Told with the commit: whoever waits for changes of the account wakes.
    await tx.$executeRaw`
      SELECT graphile_worker.add_job('events.publish', ${redactSecrets(JSON.stringify({ entries }))}::json),
        (SELECT count(pg_notify(${CHANGED}, id::text)) FROM unnest(${accountIds}::int[]) id)`;
  }
  return keepFinalActs(tx, recorded, now);
}

interface Head {
  readonly sequence: number;
  readonly hash: Uint8Array;
}

/** The end of the account's chain, locked until the transaction ends; the first event of an account makes it. */
async function lockHead(tx: Tx, accountId: number): Promise<Head> {
  for (;;) {
    const [head] = await tx.$queryRaw<
      Head[]
    >`SELECT sequence, hash FROM audit_heads WHERE account_id = ${accountId} FOR UPDATE`;
    if (head) return head;
    await tx.$executeRaw`
      INSERT INTO audit_heads (account_id, sequence, hash) VALUES (${accountId}, 0, ${CHAIN_START}) ON CONFLICT DO NOTHING`;
  }
}

/**
 * Extends the account's chain. Its head row is the lock that serialises the writers. For `mutate`, and for the history
 * of the demo data.
 */
export async function appendEntries(
  tx: Tx,
  permit: Permit<Permission>,
  {
    accountId,
    events,
    now,
  }: { readonly accountId: number; readonly events: readonly DomainEvent[]; readonly now: Date },
): Promise<number[]> {
  let head = await lockHead(tx, accountId);
  const entries: Prisma.AuditEntryCreateManyInput[] = [];
  for (const event of events) {
    const sequence: number = head.sequence + 1;
    // Old records may hold a secret from before texts were checked for them: it must not enter a log that nobody can
    // change.
    const facts = redactSecretsWithin({
      accountId,
      sequence,
      occurredAt: now,
      ...actorFacts(event.actor ?? permit.actor),
      action: event.name,
      recordType: event.record.type,
      recordId: event.record.id,
      recordName: event.record.name,
      before: event.before ?? null,
      after: event.after ?? null,
      ip: permit.origin.ip,
      requestId: permit.origin.requestId,
    });
    const hash = chainHash(env().AUDIT_SECRET, head.hash, facts);
    entries.push({
      ...facts,
      before: facts.before ?? Prisma.DbNull,
      after: facts.after ?? Prisma.DbNull,
      previousHash: new Uint8Array(head.hash),
      hash,
    });
    head = { sequence, hash };
  }
  await tx.auditEntry.createMany({ data: entries });
  await tx.auditHead.update({
    where: { accountId },
    data: { sequence: head.sequence, hash: new Uint8Array(head.hash) },
  });
  return entries.map(({ sequence }) => sequence);
}

/** Puts the account's creations and orderings in line until this change is through: limits and places are then exact. */
export async function holdAccount(tx: Tx, accountId: number): Promise<void> {
  await tx.$queryRaw`SELECT id FROM accounts WHERE id = ${accountId} FOR NO KEY UPDATE`;
}
