import type { SealedAct } from "@/lib/audit-log/final-acts";
import { isSealed } from "@/lib/audit-log/final-acts";

/** The end of an account's audit log, as a line of the log had it. */
export interface LoggedAnchor {
  readonly sequence: number;
  readonly hash: string;
  /** When the line was written; null where it does not say. */
  readonly writtenAt: Date | null;
}

/** What log files say that a restored database may not know. */
export interface LoggedFacts {
  /** By their seals: an act stands in several lines. */
  readonly acts: Map<string, SealedAct["act"]>;
  /** By the accounts' tokens. */
  readonly anchors: Map<string, LoggedAnchor[]>;
  /** By the sequences' names. */
  readonly highestIds: Map<string, number>;
  /** Lines that look like ours and were not written with this AUDIT_SECRET: they are not acted upon. */
  unsealed: number;
  firstAt: string | null;
  lastAt: string | null;
}

export function noFacts(): LoggedFacts {
  return { acts: new Map(), anchors: new Map(), highestIds: new Map(), unsealed: 0, firstAt: null, lastAt: null };
}

const ANCHOR = /^([0-9a-f]{10}):(\d{1,9}):([0-9a-f]{64})$/;
const OURS = /"(finalAct|anchor|highestIds)"/;

/** What collects logs may have put something before the object. */
function parseLine(text: string): Readonly<Record<string, unknown>> | null {
  const start = text.indexOf("{");
  if (start === -1 || !OURS.test(text)) return null;
  try {
    return JSON.parse(text.slice(start)) as Record<string, unknown>;
  } catch {
    return null;
  }
}

/** Takes one line of a log; every other line is skipped. */
export function takeLine(facts: LoggedFacts, text: string): void {
  const line = parseLine(text);
  if (line === null) return;
  const { finalAct, highestIds, anchor, hmac, time } = line;
  const at = typeof time === "string" && !Number.isNaN(Date.parse(time)) ? time : null;
  if (at !== null) {
    facts.firstAt = facts.firstAt === null || at < facts.firstAt ? at : facts.firstAt;
    facts.lastAt = facts.lastAt === null || at > facts.lastAt ? at : facts.lastAt;
  }
  if (finalAct !== undefined) {
    if (isSealed("finalAct", finalAct, hmac)) facts.acts.set(String(hmac), finalAct as SealedAct["act"]);
    else facts.unsealed += 1;
  } else if (highestIds !== undefined) {
    if (isSealed("highestIds", highestIds, hmac)) raise(facts.highestIds, highestIds as Record<string, number>);
    else facts.unsealed += 1;
  } else if (typeof anchor === "string") takeAnchor(facts, anchor, at);
}

function raise(known: Map<string, number>, ids: Readonly<Record<string, number>>): void {
  for (const [name, id] of Object.entries(ids)) known.set(name, Math.max(known.get(name) ?? 0, id));
}

function takeAnchor(facts: LoggedFacts, text: string, at: string | null): void {
  const [, token, sequence, hash] = ANCHOR.exec(text) ?? [];
  if (!token || !sequence || !hash) return;
  const known = facts.anchors.get(token) ?? [];
  known.push({ sequence: Number(sequence), hash, writtenAt: at === null ? null : new Date(at) });
  facts.anchors.set(token, known);
}

/** Which sequence gives the ids of what a final act happened to. */
const SEQUENCES: Readonly<Record<string, string>> = {
  apiKey: "api_keys_id_seq",
  membership: "memberships_id_seq",
  invitation: "invitations_id_seq",
  session: "sessions_id_seq",
  webhook: "webhooks_id_seq",
};

/** Every id that the files name, so that none is given a second time. */
export function highestIdsOf({ acts, highestIds }: LoggedFacts): ReadonlyMap<string, number> {
  const highest = new Map(highestIds);
  for (const { event, record } of acts.values()) {
    const sequence = SEQUENCES[event.split(".")[0] ?? ""];
    if (sequence !== undefined && record.id !== null) raise(highest, { [sequence]: record.id });
  }
  return highest;
}
