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

/** What a final act takes away: each is done again after a restore (lib/after-restore). */
export const FINAL_DEEDS = [
  "keyRevoked",
  "tokenReplaced",
  "memberGone",
  "memberDemoted",
  "invitationWithdrawn",
  "invitationLinkReplaced",
  "sessionEnded",
  "secretRotated",
  "webhookDeleted",
] as const;
export type FinalDeed = (typeof FINAL_DEEDS)[number];

/**
 * Every event there is: `noun.pastTense` in camelCase, on the wire its snake_case. Each says whether it is a final act:
 * one that takes a right away which must not come back with a backup. Null = it may: what it did is merely lost.
 */
export const EVENTS = {
  "account.created": null,
  // Undone by a click, and not by a person who was shut out.
  "account.deactivated": null,
  "account.planChanged": null,
  "account.reactivated": null,
  "account.restored": null,
  "apiKey.created": null,
  "apiKey.edited": null,
  // Its end stands in the key itself.
  "apiKey.expired": null,
  "apiKey.expiring": null,
  "apiKey.flagged": null,
  "apiKey.limited": null,
  "apiKey.regenerated": "tokenReplaced",
  "apiKey.renewed": null,
  // By hand, reported leaked, owner left.
  "apiKey.revoked": "keyRevoked",
  "auditLog.exported": null,
  "contact.archived": null,
  "contact.created": null,
  "contact.deleted": null,
  "contact.exported": null,
  "contact.restored": null,
  "contact.updated": null,
  "customField.created": null,
  "customField.deleted": null,
  "customField.moved": null,
  "customField.updated": null,
  "fuelEntry.created": null,
  "fuelEntry.deleted": null,
  "fuelEntry.exported": null,
  "fuelEntry.updated": null,
  "import.exported": null,
  "import.started": null,
  "invitation.created": null,
  "invitation.resent": "invitationLinkReplaced",
  "invitation.withdrawn": "invitationWithdrawn",
  "membership.created": null,
  "membership.left": "memberGone",
  "membership.removed": "memberGone",
  // Where it takes something away; what it gives is merely lost.
  "membership.roleChanged": "memberDemoted",
  "meterEntry.created": null,
  "meterEntry.deleted": null,
  "meterEntry.exported": null,
  "meterEntry.updated": null,
  "session.ended": "sessionEnded",
  "user.identityLinked": null,
  "user.signedIn": null,
  "vehicle.archived": null,
  "vehicle.created": null,
  "vehicle.deleted": null,
  "vehicle.exported": null,
  "vehicle.restored": null,
  "vehicle.updated": null,
  "vehicleAssignment.created": null,
  "vehicleAssignment.deleted": null,
  "vehicleAssignment.exported": null,
  "vehicleAssignment.updated": null,
  "webhook.created": null,
  "webhook.deleted": "webhookDeleted",
  "webhook.disabled": null,
  "webhook.edited": null,
  "webhook.enabled": null,
  "webhook.redelivered": null,
  "webhook.revealed": null,
  "webhook.rotated": "secretRotated",
  "webhook.tested": null,
} as const satisfies Record<`${RecordNoun}.${string}`, FinalDeed | null>;

export type EventName = keyof typeof EVENTS;

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
