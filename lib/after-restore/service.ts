import "server-only";

import type { FinalAct } from "@/lib/audit-log/final-acts";
import { mutate } from "@/lib/audit-log/mutate";
import type { Permit } from "@/lib/auth/permit";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import type { LoggedAnchor } from "./take-line";
import { listEarlierRuns, placesHeld, type EarlierRun, type RestoredAccount } from "./queries";
import { redoActs, type MakeWebhookSecret } from "./redo-acts";

type Runner = Permit<"afterRestore.run">;

/** What the log files say of one account. */
export interface LoggedAccount {
  /** With their seals, in the order in which they happened. */
  readonly acts: readonly (readonly [seal: string, act: FinalAct])[];
  readonly anchors: readonly LoggedAnchor[];
}

export interface AccountOutcome {
  readonly done: readonly FinalAct[];
  /** What they were done to is not there: made after the backup. */
  readonly missing: readonly FinalAct[];
  /** Entries of the audit log that the files know of and the database does not. */
  readonly lost: { readonly from: number; readonly to: number } | null;
  /** Those that must still hold. */
  readonly anchors: readonly LoggedAnchor[];
}

function isOfLostEntries({ sequence, writtenAt }: LoggedAnchor, runs: readonly EarlierRun[]): boolean {
  return runs.some(
    ({ at, lost }) =>
      lost !== null && sequence >= lost.from && sequence <= lost.to && (writtenAt === null || writtenAt < at),
  );
}

function lostEntries(head: number, reached: number, runs: readonly EarlierRun[]): AccountOutcome["lost"] {
  const reported = Math.max(0, ...runs.map(({ lost }) => lost?.to ?? 0));
  return reached > head && reached > reported ? { from: head + 1, to: reached } : null;
}

/**
 * Does again what the log says was done for good in an account and the database has not heard of, in one transaction
 * with one entry of its audit log. Twice is once: what an earlier run did is told by that entry.
 */
export async function redoFinalActs(
  permit: Runner,
  account: RestoredAccount,
  logged: LoggedAccount,
  makeWebhookSecret: MakeWebhookSecret,
): Promise<AccountOutcome> {
  const runs = await listEarlierRuns(permit, account.id);
  const redone = new Set(runs.flatMap(({ acts }) => acts));
  const held = await placesHeld(
    permit,
    account.id,
    logged.acts.map(([, { sequence }]) => sequence),
  );
  const unheard = logged.acts.filter(
    ([seal, { sequence, event, at }]) => !held.has(`${sequence}:${event}:${at}`) && !redone.has(seal),
  );
  const valid = logged.anchors.filter((anchor) => !isOfLostEntries(anchor, runs));
  const reached = Math.max(0, ...valid.map(({ sequence }) => sequence), ...unheard.map(([, { sequence }]) => sequence));
  const lost = lostEntries(account.head, reached, runs);
  const anchors = valid.filter(({ sequence }) => sequence <= account.head);
  if (unheard.length === 0 && lost === null) return { done: [], missing: [], lost: null, anchors };

  return mutate(permit, async (tx, now) => {
    const done: FinalAct[] = [];
    const missing: FinalAct[] = [];
    for (const [, act] of unheard) {
      const outcome = await redoActs[act.deed]({ tx, accountId: account.id, act, now, makeWebhookSecret });
      if (outcome === "done") done.push(act);
      if (outcome === "missing") missing.push(act);
    }
    const after = {
      acts: unheard.map(([seal]) => seal),
      done: done.length,
      missing: missing.length,
      ...(lost && { lost: { from: lost.from, to: lost.to } }),
    };
    const record = { type: "account", id: account.id, name: account.name } as const;
    return {
      result: { done, missing, lost, anchors },
      events: [{ name: "account.restored", accountId: account.id, record, after }],
    };
  });
}

/** Signs everybody out: sessions that had ended live again, and links that were used could be used again. */
export async function endEverySession(_permit: Runner): Promise<{ ended: number }> {
  const [counted] = await bookkeepingDb().$queryRaw<{ ended: number }[]>`
    WITH links AS (UPDATE sign_in_links SET used_at = clock_timestamp() WHERE used_at IS NULL),
      gone AS (DELETE FROM sessions RETURNING id)
    SELECT count(*)::int AS ended FROM gone`;
  return { ended: counted?.ended ?? 0 };
}
