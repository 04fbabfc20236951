import { snakeCase, type CamelCase, type SnakeCase } from "@/lib/platform/name-cases";

/**
 * What each noun of the product is, said once: names of events and scopes, groups of webhook events, what can be
 * imported, what takes custom fields, and the words on screen are derived from this table. Who may do what is written
 * out in lib/auth/permissions.ts, which has to hold a row for every right that is named here.
 */

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
  "credentialReplaced",
  "credentialDeleted",
] as const;
export type FinalDeed = (typeof FINAL_DEEDS)[number];

/** What can happen to a record; `noun.pastTense` is the event's name. */
interface Deed {
  /** Webhooks may hear of it. */
  readonly subscribable: boolean;
  /** It takes a right away that must not come back with a backup. Null = it may: what it did is merely lost. */
  readonly final: FinalDeed | null;
}

interface Resource {
  /** One and several, as in the middle of a sentence. */
  readonly one: string;
  readonly many: string;
  /** What the page that lists them is called. */
  readonly title?: string;
  /** That page, beneath the space's address. */
  readonly page?: string;
  /** Several of them in the API, in scopes, in tables; permissions say it in camelCase. */
  readonly wire?: string;
  /** What the table of permissions says of it, at least. */
  readonly rights?: readonly string[];
  /** What a key may be allowed. */
  readonly scopes?: readonly ("read" | "write")[];
  /** Whose webhooks hear of it. */
  readonly subscribers?: "partner" | "customer";
  /** Lists of it are exported, and read in again. */
  readonly imported?: true;
  readonly customFields?: true;
  /** It has no page of its own: it stands in its list, cut down to the vehicle that it is of. */
  readonly shownUnder?: "vehicle";
  readonly deeds: Readonly<Record<string, Deed>>;
}

function each<const Name extends string, D extends Deed>(deed: D, ...names: readonly Name[]): Record<Name, D> {
  return Object.fromEntries(names.map((name) => [name, deed])) as Record<Name, D>;
}

type Joined<Words extends string, By extends string> = Words extends `${infer Head} ${infer Rest}`
  ? `${Lowercase<Head>}${By}${Joined<Rest, By>}`
  : Lowercase<Words>;

function joined<const Words extends string, const By extends string>(words: Words, by: By): Joined<Words, By> {
  return words.toLowerCase().replaceAll(" ", by) as Joined<Words, By>;
}

/** A noun whose records a page lists: its address and its name on the wire are made of the word for several. */
function listed<const One extends string, const Many extends string, const Title extends string>(
  one: One,
  many: Many,
  title: Title,
) {
  return { one, many, title, page: joined(many, "-"), wire: joined(many, "_") };
}

const SUBSCRIBABLE = { subscribable: true, final: null } as const;
const AUDIT_ONLY = { subscribable: false, final: null } as const;
const CHANGED = { created: SUBSCRIBABLE, updated: SUBSCRIBABLE, deleted: SUBSCRIBABLE } as const;
const ARCHIVED = { archived: SUBSCRIBABLE, restored: SUBSCRIBABLE } as const;

/** Records that a customer's people and its connectors write. */
const OF_A_FLEET = {
  rights: ["read", "write", "delete"],
  scopes: ["read", "write"],
  subscribers: "customer",
  imported: true,
} as const;

/** Every noun there is. In this order people choose among scopes, events and kinds of record. */
export const RESOURCES = {
  vehicle: {
    ...listed("vehicle", "vehicles", "Vehicles"),
    ...OF_A_FLEET,
    customFields: true,
    // A reading says where its meter stands: webhooks hear of the reading.
    deeds: { ...CHANGED, ...ARCHIVED, ...each(AUDIT_ONLY, "meterMoved", "exported") },
  },
  contact: {
    ...listed("contact", "contacts", "Contacts"),
    ...OF_A_FLEET,
    customFields: true,
    deeds: { ...CHANGED, ...ARCHIVED, exported: AUDIT_ONLY },
  },
  vehicleAssignment: {
    ...listed("vehicle assignment", "vehicle assignments", "Vehicle Assignments"),
    ...OF_A_FLEET,
    customFields: true,
    deeds: { ...CHANGED, exported: AUDIT_ONLY },
  },
  meterEntry: {
    ...listed("meter entry", "meter entries", "Meter entries"),
    ...OF_A_FLEET,
    shownUnder: "vehicle",
    deeds: { ...CHANGED, exported: AUDIT_ONLY },
  },
  fuelEntry: {
    ...listed("fuel entry", "fuel entries", "Fuel entries"),
    ...OF_A_FLEET,
    shownUnder: "vehicle",
    customFields: true,
    deeds: { ...CHANGED, exported: AUDIT_ONLY },
  },
  webhook: {
    ...listed("webhook", "webhooks", "Webhooks"),
    rights: ["read", "manage", "direct", "revealSecret"],
    scopes: ["read", "write"],
    deeds: {
      ...each(AUDIT_ONLY, "created", "edited", "enabled", "disabled", "tested", "redelivered", "revealed"),
      rotated: { subscribable: false, final: "secretRotated" },
      deleted: { subscribable: false, final: "webhookDeleted" },
    },
  },
  customField: {
    ...listed("custom field", "custom fields", "Custom Fields"),
    rights: ["read", "manage"],
    scopes: ["read", "write"],
    deeds: { created: AUDIT_ONLY, updated: AUDIT_ONLY, moved: AUDIT_ONLY, deleted: AUDIT_ONLY },
  },
  /** What this hub asks another one with, or itself: an API key that it keeps, and an account token. */
  credential: {
    ...listed("credential", "credentials", "Credentials"),
    page: "integrations/credentials",
    rights: ["read", "manage", "keep"],
    deeds: {
      ...each(AUDIT_ONLY, "created", "edited", "refused", "accepted"),
      replaced: { subscribable: false, final: "credentialReplaced" },
      deleted: { subscribable: false, final: "credentialDeleted" },
    },
  },
  apiKey: {
    ...listed("API key", "API keys", "API Keys"),
    rights: ["read", "issue", "manage"],
    subscribers: "partner",
    deeds: {
      ...each(SUBSCRIBABLE, "created", "edited", "renewed"),
      regenerated: { subscribable: true, final: "tokenReplaced" },
      // By hand, reported leaked, owner left.
      revoked: { subscribable: true, final: "keyRevoked" },
      expiring: SUBSCRIBABLE,
      // Its end stands in the key itself.
      expired: SUBSCRIBABLE,
      ...each(AUDIT_ONLY, "flagged", "limited"),
    },
  },
  account: {
    one: "account",
    many: "accounts",
    wire: "accounts",
    rights: ["open", "changePlan", "list"],
    // Deactivating is undone by a click, and not by a person who was shut out.
    deeds: each(AUDIT_ONLY, "created", "planChanged", "deactivated", "reactivated", "restored"),
  },
  user: { one: "user", many: "users", deeds: { signedIn: AUDIT_ONLY, identityLinked: AUDIT_ONLY } },
  membership: {
    ...listed("member", "members", "Members"),
    rights: ["read", "manage", "invite", "remove", "changeRole", "leave"],
    deeds: {
      created: AUDIT_ONLY,
      // Where it takes something away; what it gives is merely lost.
      roleChanged: { subscribable: false, final: "memberDemoted" },
      removed: { subscribable: false, final: "memberGone" },
      left: { subscribable: false, final: "memberGone" },
    },
  },
  invitation: {
    one: "invitation",
    many: "invitations",
    deeds: {
      created: AUDIT_ONLY,
      resent: { subscribable: false, final: "invitationLinkReplaced" },
      withdrawn: { subscribable: false, final: "invitationWithdrawn" },
    },
  },
  session: { one: "session", many: "sessions", deeds: { ended: { subscribable: false, final: "sessionEnded" } } },
  import: {
    one: "import",
    many: "imports",
    wire: "imports",
    rights: ["manage"],
    deeds: { started: AUDIT_ONLY, exported: AUDIT_ONLY },
  },
  auditLog: {
    one: "audit log",
    many: "audit logs",
    title: "Audit log",
    page: "audit-log",
    wire: "audit_log",
    rights: ["read"],
    deeds: { exported: AUDIT_ONLY },
  },
} as const satisfies Record<string, Resource>;

type Table = typeof RESOURCES;
/** What events happen to. */
export type Noun = keyof Table;
type DeedOf<N extends Noun> = keyof Table[N]["deeds"] & string;

type Where<Facts> = { [N in Noun]: Table[N] extends Facts ? N : never }[Noun];
/** A noun with a page that lists its records. */
export type ListedNoun = Where<{ page: string; wire: string }>;
/** A noun whose lists are exported, and read in again. */
export type ImportedNoun = Where<{ imported: true }>;
/** What can be imported, as in the API's paths. */
export type ImportedRecord = Table[ImportedNoun]["wire"];
export type CustomisedNoun = Where<{ customFields: true }>;
/** What takes custom fields, as the database has it. */
export type CustomisedRecord = SnakeCase<CustomisedNoun>;
/** To read or to write records of a fleet. */
export type FleetPermission = `${CamelCase<ImportedRecord>}.${"read" | "write"}`;
/** What one has to be allowed to import such records: to write them. */
export type WritePermission = `${CamelCase<ImportedRecord>}.write`;
export type EventName = { [N in Noun]: `${N}.${DeedOf<N>}` }[Noun];
/** The events that webhooks hear of. */
export type SubscribableEventName = {
  [N in Noun]: {
    [D in DeedOf<N>]: Table[N]["deeds"][D] extends { subscribable: true } ? `${N}.${D}` : never;
  }[DeedOf<N>];
}[Noun];
/** `apiKey.edited` is the one that is called otherwise on the wire: `api_key_updated`. */
export type WireEventName = {
  [N in SubscribableEventName]: N extends `${infer Of}.${infer Deed}`
    ? `${SnakeCase<Of>}_${Deed extends "edited" ? "updated" : Deed}`
    : never;
}[SubscribableEventName];
export type ScopeName = {
  [N in Noun]: Table[N] extends { wire: infer Wire extends string; scopes: readonly (infer Right extends string)[] }
    ? `${Wire}.${Right}`
    : never;
}[Noun];
/** The rows that the table of permissions has to have. */
export type NamedRight = {
  [N in Noun]: Table[N] extends { wire: infer Wire extends string; rights: readonly (infer Right extends string)[] }
    ? `${CamelCase<Wire>}.${Right}`
    : never;
}[Noun];

/** The table as whoever walks it sees it. */
export const NOUNS: readonly (readonly [Noun, Resource])[] = Object.entries(RESOURCES) as [Noun, Resource][];

/** The nouns with this fact, in the table's order. */
function nounsWith(fact: "imported" | "customFields"): readonly Noun[] {
  return NOUNS.filter(([, resource]) => resource[fact] === true).map(([noun]) => noun);
}

export const IMPORTED_NOUNS = nounsWith("imported") as readonly ImportedNoun[];
export const IMPORTED_RECORDS: readonly ImportedRecord[] = IMPORTED_NOUNS.map((noun) => RESOURCES[noun].wire);
export const CUSTOMISED_NOUNS = nounsWith("customFields") as readonly CustomisedNoun[];
export const CUSTOMISED_RECORDS: readonly CustomisedRecord[] = CUSTOMISED_NOUNS.map((noun) => snakeCase(noun));

const BY_NAME: ReadonlyMap<string, Noun> = new Map([
  ...IMPORTED_NOUNS.map((noun) => [RESOURCES[noun].wire, noun] as const),
  ...CUSTOMISED_NOUNS.map((noun) => [snakeCase(noun), noun] as const),
]);

/** What the table says of a record that is called as the API, or the database, has it. */
export function importedResource(record: ImportedRecord): Table[ImportedNoun] {
  return RESOURCES[BY_NAME.get(record) as ImportedNoun];
}

export function customisedResource(record: CustomisedRecord): Table[CustomisedNoun] {
  return RESOURCES[BY_NAME.get(record) as CustomisedNoun];
}

/** Which custom fields such records carry; null where they have none. */
export function customFieldsOf(record: ImportedRecord): CustomisedRecord | null {
  const noun = BY_NAME.get(record);
  return CUSTOMISED_RECORDS.find((name) => BY_NAME.get(name) === noun) ?? null;
}
