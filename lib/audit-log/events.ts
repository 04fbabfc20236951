import type { Prisma } from "@/generated/prisma/client";
import type { SelfActor } from "@/lib/auth/actor";
import { IMPORTED_NOUNS, NOUNS, RESOURCES, type EventName, type FinalDeed, type Noun } from "@/lib/resources";

/** Every event there is, and whether it is a final act. */
export const EVENTS = Object.fromEntries(
  NOUNS.flatMap(([noun, { deeds }]) => Object.entries(deeds).map(([deed, { final }]) => [`${noun}.${deed}`, final])),
) as Readonly<Record<EventName, FinalDeed | null>>;

/** What a change leaves: audit row, webhook and e-mail are readers of it. Never a secret in it. */
export interface DomainEvent {
  readonly name: EventName;
  /** Whose event it is; the permit's account where left out. */
  readonly accountId?: number;
  /** Who did it, where only the change itself finds out (somebody who accepts an invitation); else the permit's actor. */
  readonly actor?: SelfActor;
  readonly record: { readonly type: Noun; readonly id: number | null; readonly name: string };
  /** The facts that changed, as they were. */
  readonly before?: Prisma.InputJsonObject;
  /** The facts that changed, as they are now. */
  readonly after?: Prisma.InputJsonObject;
  /** The whole record in the API's newest shape, as it was then (a deleted one as it was before): what a webhook sends. */
  readonly payload?: Prisma.InputJsonObject;
}

/** "API key", "vehicle assignment"; what is no noun of ours is called as it stands. */
export function nounOf(recordType: string): string {
  return recordType in RESOURCES ? RESOURCES[recordType as Noun].one : recordType;
}

/** Deeds of which the record is no object: "moved the meter of vehicle". */
const SAID: Readonly<Record<string, string>> = {
  meterMoved: "moved the meter of",
  replaced: "replaced the key of",
  refused: "noticed that a host refuses",
  accepted: "noticed that a host accepts",
};

/** What the event's actor did, in words: "renewed API key", "signed in", "exported vehicles". */
export function sayEvent(name: string): string {
  const [noun = "", deed = ""] = name.split(".");
  const did = SAID[deed] ?? deed.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  if (noun === "user") return did;
  const isList = deed === "exported" && (IMPORTED_NOUNS as readonly string[]).includes(noun);
  return `${did} ${isList ? RESOURCES[noun as Noun].many : nounOf(noun)}`;
}
