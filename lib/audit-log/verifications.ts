import "server-only";

import type { Permit } from "@/lib/auth/permit";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import type { ChainFault } from "./faults";
import { listChains, listLostLogs, verifyChain, type Chain, type ChainAnchor, type ChainVerdict } from "./queries";

type Verifier = Permit<"auditLog.verify">;

const BATCH = 500;

/** What a page says of its account's chain. */
export interface ChainState {
  /** Every entry up to this one was as it was written when it was last looked at; 0 where nothing was yet. */
  readonly verifiedTo: number;
  readonly verifiedAt: string | null;
  readonly fault: ChainFault | null;
}

interface Progress {
  readonly accountToken: string;
  readonly verified: ChainAnchor;
  readonly fault: ChainFault | null;
}

interface StoredState {
  readonly verifiedTo: number;
  readonly verifiedAt: Date | null;
  readonly faultSequence: number | null;
  readonly faultKind: ChainFault["kind"] | null;
  readonly first: number;
  readonly last: number;
  readonly head: number;
}

/** What the first entry and the head reveal without a walk through the chain. */
function faultAtEnds({ first, last, head }: StoredState): ChainFault | null {
  if (first < 1) return { sequence: first, kind: "unaccounted" };
  if (last > head) return { sequence: head + 1, kind: "unaccounted" };
  return last < head ? { sequence: last + 1, kind: "cut" } : null;
}

/** How far the hub has verified the log, and what is wrong with it as far as is known: by one statement. */
export async function chainState(permit: Permit<"auditLog.read">): Promise<ChainState> {
  const [row] = await readSql<StoredState>(Prisma.sql`
    SELECT COALESCE(v.verified_to, 0) AS "verifiedTo", v.verified_at AS "verifiedAt", v.fault_sequence AS "faultSequence",
      v.fault_kind AS "faultKind", COALESCE(h.sequence, 0) AS head,
      COALESCE((SELECT min(e.sequence) FROM audit_entries e WHERE e.account_id = a.id), 1) AS first,
      COALESCE((SELECT max(e.sequence) FROM audit_entries e WHERE e.account_id = a.id), 0) AS last
    FROM accounts a LEFT JOIN audit_heads h ON h.account_id = a.id LEFT JOIN audit_verifications v ON v.account_id = a.id
    WHERE a.id = ${permit.account.id}`);
  if (row === undefined) throw new Error(`there is no account ${permit.account.id}`);
  const { verifiedTo, verifiedAt, faultSequence, faultKind } = row;
  const known = faultSequence === null || faultKind === null ? null : { sequence: faultSequence, kind: faultKind };
  return { verifiedTo, verifiedAt: verifiedAt?.toISOString() ?? null, fault: known ?? faultAtEnds(row) };
}

/** Where the hub's own walk through a log ended; null where there was none yet. */
export async function lastVerified(
  _permit: Verifier,
  { accountId }: { readonly accountId: number },
): Promise<ChainAnchor | null> {
  const row = await db().auditVerification.findUnique({
    where: { accountId },
    select: { verifiedTo: true, verifiedHash: true },
  });
  return row && { sequence: row.verifiedTo, hash: Buffer.from(row.verifiedHash).toString("hex") };
}

async function writeProgress(accountId: number, { accountToken, verified, fault }: Progress): Promise<void> {
  const hash = Buffer.from(verified.hash, "hex");
  await bookkeepingDb().$executeRaw`
    INSERT INTO audit_verifications (account_id, account_token, verified_to, verified_hash, verified_at, fault_sequence, fault_kind)
    VALUES (${accountId}, ${accountToken}, ${verified.sequence}, ${hash}, clock_timestamp(), ${fault?.sequence ?? null}::int, ${fault?.kind ?? null})
    ON CONFLICT (account_id) DO UPDATE SET account_token = excluded.account_token, verified_to = excluded.verified_to, verified_hash = excluded.verified_hash,
      verified_at = excluded.verified_at, fault_sequence = excluded.fault_sequence, fault_kind = excluded.fault_kind`;
}

/** Verifies one chain, from where the last walk ended or from its beginning, and notes how far it is whole. */
export async function renewVerification(
  permit: Verifier,
  { accountId, fromStart }: { readonly accountId: number; readonly fromStart: boolean },
): Promise<ChainVerdict> {
  const earlier = await lastVerified(permit, { accountId });
  const verdict = await verifyChain(permit, { accountId, ...(fromStart ? { anchor: earlier } : { from: earlier }) });
  // How far a truncated log once reached is the only evidence left of it: it is not lowered.
  const verified = verdict.fault?.kind === "cut" && earlier !== null ? earlier : verdict.verified;
  const { accountToken, fault } = verdict;
  await writeProgress(accountId, { accountToken, verified, fault });
  if (fault) {
    log().error({ accountToken, fault }, "an audit log is not as it was written: run `npm run audit:verify`");
  }
  return verdict;
}

/**
 * The next chains that have grown, shrunk or been found wrong since they were verified, and those that have an entry
 * where their head says that there is none.
 */
function listChangedChains(after: number): Promise<Chain[]> {
  return readSql(Prisma.sql`
    SELECT a.id AS "accountId", a.token AS "accountToken" FROM accounts a
    LEFT JOIN audit_heads h ON h.account_id = a.id LEFT JOIN audit_verifications v ON v.account_id = a.id
    WHERE a.id > ${after} AND (h.sequence IS DISTINCT FROM v.verified_to OR v.fault_sequence IS NOT NULL
      OR (SELECT min(e.sequence) FROM audit_entries e WHERE e.account_id = a.id) < 1
      OR (SELECT max(e.sequence) FROM audit_entries e WHERE e.account_id = a.id) IS DISTINCT FROM NULLIF(h.sequence, 0))
    ORDER BY a.id LIMIT ${BATCH}`);
}

/** Verifies every account's chain; from their beginnings also those that nothing was added to. */
export async function renewAllVerifications(
  permit: Verifier,
  { fromStart }: { readonly fromStart: boolean },
): Promise<void> {
  for (let after = 0; ;) {
    const chains = fromStart ? await listChains(permit, { after }) : await listChangedChains(after);
    for (const { accountId } of chains) await renewVerification(permit, { accountId, fromStart });
    const last = chains.at(-1);
    if (last === undefined) break;
    after = last.accountId;
  }
  if (fromStart) await tellLostLogs(permit);
}

async function tellLostLogs(permit: Verifier): Promise<void> {
  for (const { accountToken, reached } of await listLostLogs(permit))
    log().error({ accountToken, reached }, "an account is gone that has an audit log: run `npm run audit:verify`");
}

/** Writes every chain's end to the log, which is kept elsewhere: there it tells of a log that was cut or rewritten. */
export async function logHeads(_permit: Verifier): Promise<void> {
  // The embedded hub's log is the terminal, kept nowhere, and right after the welcome: only whoever asks for more reads it there.
  const level = env().HUB_EMBEDDED ? "debug" : "info";
  for (let after = 0; ;) {
    const heads = await readSql<{ accountId: number; anchor: string }>(Prisma.sql`
      SELECT a.id AS "accountId", a.token || ':' || h.sequence || ':' || encode(h.hash, 'hex') AS anchor
      FROM audit_heads h JOIN accounts a ON a.id = h.account_id WHERE a.id > ${after} AND h.sequence > 0 ORDER BY a.id LIMIT ${BATCH}`);
    for (const { anchor } of heads)
      log()[level]({ anchor }, "the end of an audit log, for `npm run audit:verify -- --anchor`");
    const last = heads.at(-1);
    if (last === undefined) return;
    after = last.accountId;
  }
}
