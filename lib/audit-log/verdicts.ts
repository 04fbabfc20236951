import "server-only";

import type { Permit } from "@/lib/auth/permit";
import type { ChainFault } from "./faults";
import { findChain, listChains, listLostLogs, verifyChain, type ChainAnchor } from "./queries";
import { lastVerified } from "./verifications";

type Verifier = Permit<"auditLog.verify">;

export interface WantedLogs {
  /** One account's alone; left out, every log. */
  readonly accountToken?: string | undefined;
  /** By the accounts' tokens: every one of them must still hold. */
  readonly anchors: ReadonlyMap<string, readonly ChainAnchor[]>;
}

export interface LogVerdict {
  /** What names the account in anchors; of one that is gone and was never verified, what the database called it. */
  readonly accountToken: string;
  readonly entries: number;
  readonly fault: ChainFault | null;
  /** The account is gone and its log with it: how far that is known to have reached. Null where the account is there. */
  readonly lostTo: number | null;
  readonly anchor: ChainAnchor | null;
}

const NO_ANCHORS: readonly ChainAnchor[] = [];

function lost(accountToken: string, lostTo: number): LogVerdict {
  return { accountToken, entries: 0, fault: null, lostTo, anchor: null };
}

/** Against what was kept elsewhere, and against how far the hub itself has come: that tells of a tail cut since. */
async function verifyLog(permit: Verifier, accountId: number, given: readonly ChainAnchor[]): Promise<LogVerdict> {
  const own = await lastVerified(permit, { accountId });
  const anchors = own === null || own.sequence === 0 ? given : [...given, own];
  const { accountToken, entries, fault, anchor } = await verifyChain(permit, { accountId, anchors });
  return { accountToken, entries, fault, lostTo: null, anchor };
}

async function verifyAnchored(
  permit: Verifier,
  accountToken: string,
  anchors: readonly ChainAnchor[],
): Promise<LogVerdict> {
  const chain = await findChain(permit, { accountToken });
  if (chain !== null) return verifyLog(permit, chain.accountId, anchors);
  return lost(accountToken, Math.max(0, ...anchors.map(({ sequence }) => sequence)));
}

/** Every log, or one; those that anchors name first: of an account that is gone they may be all that tells. */
export async function* verifyLogs(
  permit: Verifier,
  { accountToken: only, anchors }: WantedLogs,
): AsyncGenerator<LogVerdict> {
  for (const accountToken of only === undefined ? anchors.keys() : [only])
    yield await verifyAnchored(permit, accountToken, anchors.get(accountToken) ?? NO_ANCHORS);
  if (only !== undefined) return;
  for (const { accountToken, reached } of await listLostLogs(permit))
    if (!anchors.has(accountToken)) yield lost(accountToken, reached);
  for (let after = 0; ;) {
    const chains = await listChains(permit, { after });
    for (const { accountId, accountToken } of chains)
      if (!anchors.has(accountToken)) yield await verifyLog(permit, accountId, NO_ANCHORS);
    const last = chains.at(-1);
    if (last === undefined) return;
    after = last.accountId;
  }
}
