import type { Permission } from "@/lib/auth/permissions";
import { camelCase, snakeCase } from "@/lib/platform/name-cases";
import { IMPORTED_NOUNS, RESOURCES, type ImportedNoun } from "@/lib/resources";

/** What the feed says became of a record. */
type Became = "created" | "updated" | "deleted" | "archived" | "restored";

/** What lists of the API show besides records of a fleet, and what people and keys change. */
type OtherNoun = "customField" | "webhook" | "account";
type FedNoun = ImportedNoun | OtherNoun;
type DeedsOf<N extends FedNoun> = keyof (typeof RESOURCES)[N]["deeds"];

interface Fed {
  readonly permission: Permission;
  /** By deed; null = it changes no column of the record's own. */
  readonly deeds: Readonly<Record<string, Became | null>>;
}

/** Deeds that a record of a fleet may have, and what became of it. */
const COMMON = {
  created: "created",
  updated: "updated",
  deleted: "deleted",
  archived: "archived",
  restored: "restored",
  exported: null,
} as const satisfies Readonly<Record<string, Became | null>>;

/** Any other deed of such a record says here whether it changes the record. */
const PARTICULAR: { readonly [N in ImportedNoun]?: Readonly<Record<string, Became | null>> } = {
  vehicle: { meterMoved: "updated" },
} as const satisfies {
  readonly [N in ImportedNoun as Exclude<DeedsOf<N>, keyof typeof COMMON> extends never ? never : N]: Readonly<
    Record<Exclude<DeedsOf<N>, keyof typeof COMMON>, Became | null>
  >;
};

function ofAFleet(noun: ImportedNoun): Fed {
  const { wire, deeds } = RESOURCES[noun];
  const became: Readonly<Record<string, Became | null>> = { ...COMMON, ...PARTICULAR[noun] };
  return {
    permission: `${camelCase(wire)}.read`,
    deeds: Object.fromEntries(Object.keys(deeds).map((deed) => [deed, became[deed] ?? null])),
  };
}

/** Every deed of what else is in the feed: one that is new has to say here whether it changes the record. */
const OTHERS = {
  customField: {
    permission: "customFields.read",
    deeds: { created: "created", updated: "updated", deleted: "deleted", moved: "updated" },
  },
  webhook: {
    permission: "webhooks.read",
    deeds: {
      created: "created",
      edited: "updated",
      enabled: "updated",
      disabled: "updated",
      rotated: "updated",
      deleted: "deleted",
      tested: null,
      redelivered: null,
      revealed: null,
    },
  },
  account: {
    permission: "accounts.list",
    deeds: {
      created: "created",
      planChanged: "updated",
      deactivated: "updated",
      reactivated: "updated",
      restored: null,
    },
  },
} as const satisfies {
  readonly [N in OtherNoun]: Fed & { readonly deeds: Readonly<Record<DeedsOf<N>, unknown>> };
};

const FEED: readonly (readonly [FedNoun, Fed])[] = [
  ...IMPORTED_NOUNS.map((noun) => [noun, ofAFleet(noun)] as const),
  ...(Object.entries(OTHERS) as [OtherNoun, Fed][]),
];

/** What the feed says of an entry of the audit log. */
interface Said {
  /** As in the API's paths. */
  readonly resource: string;
  readonly event: string;
  readonly permission: Permission;
}

const SAID: ReadonlyMap<string, Said> = new Map(
  FEED.flatMap(([noun, { permission, deeds }]) =>
    Object.entries(deeds).flatMap(([deed, became]) => {
      if (became === null) return [];
      const said = { resource: RESOURCES[noun].wire, event: `${snakeCase(noun)}_${became}`, permission };
      return [[`${noun}.${deed}`, said] as const];
    }),
  ),
);

/** Null for what is not in the feed. */
export function saidOf(action: string): Said | null {
  return SAID.get(action) ?? null;
}

/** As in the API's paths. */
export const FED_RESOURCES: readonly string[] = [...new Set([...SAID.values()].map(({ resource }) => resource))];
export const FED_EVENTS: readonly string[] = [...new Set([...SAID.values()].map(({ event }) => event))];

/** The entries that somebody may be told of: of what he may read, and of one resource where he asks for one alone. */
export function fedActions(resource: string | null, may: (permission: Permission) => boolean): string[] {
  return [...SAID].flatMap(([action, said]) =>
    (resource === null || said.resource === resource) && may(said.permission) ? [action] : [],
  );
}

/** Whoever stayed away longer walks the lists anew. */
export const KEPT_DAYS = 30;
