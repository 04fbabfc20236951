import { createHmac, timingSafeEqual } from "node:crypto";

import { Prisma } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { bookkeepingDb, type Tx } from "@/lib/platform/database/write-db";
import { canonicalJson } from "./chain";
import type { FinalDeed } from "@/lib/resources";
import { EVENTS, type DomainEvent } from "./events";

/**
 * How many times each act is written to the log again, one day apart: a log that could not be written for a day or two
 * still gets it.
 */
const KEPT = "3 days";
const BATCH = 500;

/**
 * What is needed to repeat the act in a restored database that does not know of it. Never an id alone: after a restore
 * the same id is given out twice.
 */
export interface FinalAct {
  readonly deed: FinalDeed;
  /** ISO 8601, the database's. */
  readonly at: string;
  /** The account's token. */
  readonly account: string;
  /** The sequence of its audit entry: where the database holds the same entry there, it knows of the act already. */
  readonly sequence: number;
  readonly event: string;
  readonly record: { readonly id: number | null; readonly createdAt: string | null };
  readonly facts: ActFacts;
}

export interface ActFacts {
  /** Of a key: the first characters of its token. */
  readonly prefix?: string;
  readonly reason?: string;
  /** Until when the token before goes on. */
  readonly oldTokenUntil?: string;
  /** Of a person: a keyed digest of the address, which the log does not hold. */
  readonly person?: string;
  readonly role?: "owner" | "administrator" | "member";
  /** The tokens of the customers that he is limited to; null = all. */
  readonly customers?: readonly string[] | null;
}

function keyed(purpose: string, text: string): Buffer {
  return createHmac("sha256", env().AUDIT_SECRET).update(`${purpose}\0`).update(text).digest();
}

/** An address as the log may have it: nobody reads it there, and who holds it finds it again. */
export function personOf(email: string): string {
  return keyed("person of a final act", email.toLowerCase()).toString("hex").slice(0, 32);
}

/** Of anything that the log says and that is acted upon later. */
export function sealOf(kind: "finalAct" | "highestIds", value: unknown): string {
  return keyed(kind, canonicalJson(value)).toString("hex");
}

/** Whether a line of the log is one that this hub wrote: nobody else knows the secret. */
export function isSealed(kind: "finalAct" | "highestIds", value: unknown, hmac: unknown): boolean {
  if (typeof hmac !== "string" || !/^[0-9a-f]{64}$/.test(hmac)) return false;
  return timingSafeEqual(Buffer.from(sealOf(kind, value), "hex"), Buffer.from(hmac, "hex"));
}

export interface SealedAct {
  readonly act: FinalAct;
  readonly hmac: string;
}

/** Whether the event took something away for good. */
function deedOf({ name, before, after }: DomainEvent): FinalDeed | null {
  const deed: FinalDeed | null = EVENTS[name] ?? null;
  return deed === "memberDemoted" && !takesAway(before ?? {}, after ?? {}) ? null : deed;
}

const RANKS: readonly unknown[] = ["owner", "administrator", "member"];

/** A lesser role, or a limit to fewer or other customers; "all" is no limit. */
function takesAway(before: Prisma.InputJsonObject, after: Prisma.InputJsonObject): boolean {
  if (RANKS.indexOf(after.role) > RANKS.indexOf(before.role)) return true;
  return after.customers !== "all";
}

type RecordFacts = ActFacts & { readonly createdAt: Date | null };

const NOTHING: RecordFacts = { createdAt: null };

/** What the record says of itself, as the act left it. */
async function factsOf(tx: Tx, event: DomainEvent): Promise<RecordFacts> {
  const { record, before, after } = event;
  const id = record.id ?? 0;
  switch (record.type) {
    case "apiKey": {
      const key = await tx.apiKey.findUnique({ where: { id }, select: { prefix: true, createdAt: true } });
      const { reason, oldTokenUntil } = after ?? {};
      const prefix = typeof before?.prefix === "string" ? before.prefix : key?.prefix;
      return {
        createdAt: key?.createdAt ?? null,
        ...(prefix !== undefined && { prefix }),
        ...(typeof reason === "string" && { reason }),
        ...(typeof oldTokenUntil === "string" && { oldTokenUntil }),
      };
    }
    case "membership":
      return membershipFacts(tx, event);
    case "invitation": {
      const select = { email: true, createdAt: true } as const;
      const invitation = await tx.invitation.findUnique({ where: { id }, select });
      return invitation === null ? NOTHING : { createdAt: invitation.createdAt, person: personOf(invitation.email) };
    }
    case "credential": {
      const credential = await tx.integrationCredential.findUnique({ where: { id }, select: { createdAt: true } });
      return credential ?? NOTHING;
    }
    case "webhook": {
      const webhook = await tx.webhook.findUnique({ where: { id }, select: { createdAt: true } });
      return webhook ?? NOTHING;
    }
    default:
      return NOTHING;
  }
}

async function membershipFacts(tx: Tx, { record, before }: DomainEvent): Promise<RecordFacts> {
  const membership = await tx.membership.findUnique({
    where: { id: record.id ?? 0 },
    select: {
      createdAt: true,
      role: true,
      limited: true,
      user: { select: { email: true } },
      customers: { select: { account: { select: { token: true } } } },
    },
  });
  // A removed member has no membership left to read.
  if (membership === null)
    return typeof before?.email === "string" ? { createdAt: null, person: personOf(before.email) } : NOTHING;
  const { createdAt, role, limited, user, customers } = membership;
  const tokens = limited ? customers.map(({ account }) => account.token) : null;
  return { createdAt, person: personOf(user.email), role, customers: tokens };
}

interface RecordedEvent {
  readonly event: DomainEvent;
  readonly accountId: number;
  readonly sequence: number;
}

/**
 * Stores final acts in the transaction that performs them. The caller writes the returned lines to the log once that
 * transaction has committed.
 */
export async function keepFinalActs(tx: Tx, events: readonly RecordedEvent[], now: Date): Promise<SealedAct[]> {
  const sealed: SealedAct[] = [];
  for (const { event, accountId, sequence } of events) {
    const deed = deedOf(event);
    if (deed === null) continue;
    const { token } = await tx.account.findUniqueOrThrow({ where: { id: accountId }, select: { token: true } });
    const { createdAt, ...facts } = await factsOf(tx, event);
    const act: FinalAct = {
      deed,
      at: now.toISOString(),
      account: token,
      sequence,
      event: event.name,
      record: { id: event.record.id, createdAt: createdAt?.toISOString() ?? null },
      facts,
    };
    sealed.push({ act, hmac: sealOf("finalAct", act) });
  }
  const data = sealed.map(({ act, hmac }) => ({ hmac, act: JSON.stringify(act), createdAt: now }));
  if (data.length > 0) await tx.finalAct.createMany({ data });
  return sealed;
}

/**
 * Written at any LOG_LEVEL but `silent`, because these lines are kept for restores and not for reading. The embedded
 * hub logs to a terminal, where nothing is kept: there they appear at `debug` alone.
 */
function write(fields: Readonly<Record<string, unknown>>, message: string): void {
  const { HUB_EMBEDDED, LOG_LEVEL } = env();
  if (HUB_EMBEDDED) log().debug(fields, message);
  else if (LOG_LEVEL !== "silent") log().child({}, { level: "info" }).info(fields, message);
}

/** For after COMMIT: what a restore of an older backup must not bring back. */
export function writeFinalActs(acts: readonly SealedAct[]): void {
  for (const { act, hmac } of acts) write({ finalAct: act, hmac }, "a final act, for `npm run after-restore -- --log`");
}

/** Writes those of the last days once more: whether the log took them at the time is not known. */
export async function writeFinalActsAgain(): Promise<void> {
  for (let after = ""; ;) {
    const kept = await bookkeepingDb().finalAct.findMany({
      where: { hmac: { gt: after } },
      orderBy: { hmac: "asc" },
      take: BATCH,
      select: { hmac: true, act: true },
    });
    writeFinalActs(kept.map(({ hmac, act }) => ({ hmac, act: JSON.parse(act) as FinalAct })));
    const last = kept.at(-1);
    if (last === undefined) break;
    after = last.hmac;
  }
  await bookkeepingDb().$executeRaw`
    DELETE FROM final_acts WHERE created_at < clock_timestamp() - ${Prisma.raw(`interval '${KEPT}'`)}`;
}

/** Writes how far the ids have come: after a restore none is given a second time. */
export async function writeHighestIds(): Promise<void> {
  const rows = await bookkeepingDb().$queryRaw<{ name: string; last: string }[]>`
    SELECT sequencename AS name, last_value::text AS last FROM pg_sequences
    WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename`;
  const highestIds = Object.fromEntries(rows.map(({ name, last }) => [name, Number(last)]));
  const hmac = sealOf("highestIds", highestIds);
  write({ highestIds, hmac }, "the highest ids given, for `npm run after-restore -- --log`");
}
