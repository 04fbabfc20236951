import type { Permission } from "@/lib/auth/permissions";
import { snakeCase } from "@/lib/platform/name-cases";
import { RESOURCES } from "@/lib/resources";

/** What the feed says became of a record. */
type Became = "created" | "updated" | "deleted" | "archived" | "restored";

/** What lists of the API show, and what people and keys change. */
type FedNoun =
  "vehicle" | "contact" | "vehicleAssignment" | "meterEntry" | "fuelEntry" | "customField" | "webhook" | "account";

interface Fed {
  readonly permission: Permission;
  /** By deed; null = it changes no column of the record's own. */
  readonly deeds: Readonly<Record<string, Became | null>>;
}

const CHANGED = { created: "created", updated: "updated", deleted: "deleted" } as const;
const ARCHIVED = { archived: "archived", restored: "restored" } as const;

/** Every deed of what is in the feed: one that is new has to say here whether it changes the record. */
const FEED = {
  vehicle: { permission: "vehicles.read", deeds: { ...CHANGED, ...ARCHIVED, meterMoved: "updated", exported: null } },
  contact: { permission: "contacts.read", deeds: { ...CHANGED, ...ARCHIVED, exported: null } },
  vehicleAssignment: { permission: "vehicleAssignments.read", deeds: { ...CHANGED, exported: null } },
  meterEntry: { permission: "meterEntries.read", deeds: { ...CHANGED, exported: null } },
  fuelEntry: { permission: "fuelEntries.read", deeds: { ...CHANGED, exported: null } },
  customField: { permission: "customFields.read", deeds: { ...CHANGED, moved: "updated" } },
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
  readonly [N in FedNoun]: Fed & { readonly deeds: Readonly<Record<keyof (typeof RESOURCES)[N]["deeds"], unknown>> };
};

/** What the feed says of an entry of the audit log. */
interface Said {
  /** As in the API's paths. */
  readonly resource: string;
  readonly event: string;
  readonly permission: Permission;
}

const SAID: ReadonlyMap<string, Said> = new Map(
  (Object.entries(FEED) as [FedNoun, Fed][]).flatMap(([noun, { permission, deeds }]) =>
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
export function actionsTold(resource: string | null, may: (permission: Permission) => boolean): string[] {
  return [...SAID].flatMap(([action, said]) =>
    (resource === null || said.resource === resource) && may(said.permission) ? [action] : [],
  );
}

/** Whoever stayed away longer walks the lists anew. */
export const KEPT_DAYS = 30;
