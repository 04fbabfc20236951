import type { Prisma } from "@/generated/prisma/client";
import type { SelfActor } from "@/lib/auth/actor";

/** What events happen to, and how a sentence names it. */
export const RECORD_NOUNS = {
  apiKey: "API key",
  user: "user",
  account: "account",
  vehicle: "vehicle",
  contact: "contact",
  vehicleAssignment: "vehicle assignment",
  meterEntry: "meter entry",
  fuelEntry: "fuel entry",
  customField: "custom field",
  import: "import",
  membership: "member",
  invitation: "invitation",
  session: "session",
  auditLog: "audit log",
  webhook: "webhook",
} as const;

export type RecordNoun = keyof typeof RECORD_NOUNS;

/** What lists are exported of. */
export const MANY_RECORDS = {
  vehicle: "vehicles",
  contact: "contacts",
  vehicleAssignment: "vehicle assignments",
  meterEntry: "meter entries",
  fuelEntry: "fuel entries",
} as const satisfies Partial<Record<RecordNoun, string>>;

export type ListedNoun = keyof typeof MANY_RECORDS;

/** `noun.pastTense` in camelCase; on the wire its snake_case. A feature's own tables say which there are. */
export type EventName = `${RecordNoun}.${string}`;

/** What a change leaves: audit row, webhook and e-mail are readers of it. Never a secret in it. */
export interface DomainEvent {
  readonly name: EventName;
  /** Whose event it is; the permit's account where left out. */
  readonly accountId?: number;
  /** Who did it, where only the change itself finds out (somebody who accepts an invitation); else the permit's actor. */
  readonly actor?: SelfActor;
  readonly record: { readonly type: RecordNoun; readonly id: number | null; readonly name: string };
  /** The facts that changed, as they were. */
  readonly before?: Prisma.InputJsonObject;
  /** The facts that changed, as they are now. */
  readonly after?: Prisma.InputJsonObject;
  /** The whole record in the API's newest shape, as it was then (a deleted one as it was before): what a webhook sends. */
  readonly payload?: Prisma.InputJsonObject;
}

/** What the event's actor did, in words: "renewed API key", "signed in". */
export function sayEvent(name: string): string {
  const [noun = "", deed = ""] = name.split(".");
  const did = deed.replace(/[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`);
  if (noun === "user") return did;
  const nouns = deed === "exported" ? { ...RECORD_NOUNS, ...MANY_RECORDS } : RECORD_NOUNS;
  return `${did} ${noun in nouns ? nouns[noun as RecordNoun] : noun}`;
}
