import "server-only";

import type { DomainEvent } from "@/lib/audit-log/events";
import { mutate, type Tx } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import type { HeldCredential } from "./find-credential";
import { isAcceptance, isRefusal, type Verdict } from "./policy";

type Recorder = Permit<"credentials.manage" | "credentials.keep" | "credentials.checkDue">;

/** The columns that a check fills. What it could not ask stays as it was known. */
export function factsOfVerdict(verdict: Verdict, refusedSince: Date | null, now: Date) {
  const { status, reason, expiresAt, scopes } = verdict;
  return {
    status,
    reason,
    checkedAt: now,
    refusedSince: isRefusal(status) ? (refusedSince ?? now) : isAcceptance(status) ? null : refusedSince,
    ...(isAcceptance(status) && { expiresAt, scopes: [...scopes] }),
  };
}

/** What people are to hear of: that it is refused, once, and that it is no more. */
function turnOf({ refusedSince }: HeldCredential, { status }: Verdict): "refused" | "accepted" | null {
  if (refusedSince === null) return isRefusal(status) ? "refused" : null;
  return isAcceptance(status) ? "accepted" : null;
}

function eventsOf(credential: HeldCredential, verdict: Verdict): DomainEvent[] {
  const turn = turnOf(credential, verdict);
  if (turn === null) return [];
  const { id, name, accountId } = credential;
  const { status, reason } = verdict;
  const facts = { status, ...(reason !== null && { reason }) };
  return [
    { name: `credential.${turn}`, accountId, record: { type: "credential", id, name }, after: facts, payload: facts },
  ];
}

/**
 * Notes what a check found. Where somebody has changed the credential since it was read for the check, that is of an
 * older one, and not noted. Resolves with whether it was.
 */
export function recordVerdict(permit: Recorder, checked: HeldCredential, verdict: Verdict): Promise<boolean> {
  return mutate(permit, async (tx: Tx, now) => {
    const { id, accountId, revision } = checked;
    const current = await tx.integrationCredential.findFirst({
      where: { id, accountId, revision, deletedAt: null },
      select: { refusedSince: true },
    });
    if (current === null) return { result: false, events: [] };
    const credential = { ...checked, refusedSince: current.refusedSince };
    const changed = await tx.integrationCredential.updateMany({
      where: { id, accountId, revision, deletedAt: null, refusedSince: current.refusedSince },
      data: factsOfVerdict(verdict, current.refusedSince, now),
    });
    return { result: changed.count > 0, events: changed.count > 0 ? eventsOf(credential, verdict) : [] };
  });
}
