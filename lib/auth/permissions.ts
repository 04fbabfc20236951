import type { NamedRight } from "@/lib/resources";
import type { Scope } from "./scopes";

/** Roles of a membership, the mightiest first. */
export const ROLES = ["owner", "administrator", "member"] as const;
export type Role = (typeof ROLES)[number];

/**
 * Who may do a thing.
 * - `roles`: the users of the account with one of these roles.
 * - `scope`: an API key with this scope ("any": every valid key; null: no key ever). A customer account's key
 *   needs its creator's role among `roles` as well, at that moment.
 * - `self`: a person for himself, in no account. `anyone`: nobody has to be known. `system`: a job of ours.
 * - `wholeAccount`: not for those who are limited to some customers: what it shows cannot be cut down to those.
 * - `freshSignIn`: a user must have signed in within the last 15 minutes.
 * - `changesPeople`: it gives or takes what others of the account may do: while it runs nobody else acts there.
 */
interface Rule {
  readonly roles: readonly Role[];
  readonly scope: Scope | "any" | null;
  readonly self?: true;
  readonly anyone?: true;
  readonly system?: true;
  readonly wholeAccount?: true;
  readonly freshSignIn?: true;
  readonly changesPeople?: true;
}

const EVERYONE = ["owner", "administrator", "member"] as const;
const OWNERS = ["owner"] as const;
const MANAGERS = ["owner", "administrator"] as const;
const NOBODY = [] as const;

/**
 * The whole table: pages, actions, API, jobs and the tests all read it. A leaked key can mint, change and revoke no key.
 * A right that lib/resources.ts names has to stand here, else it does not compile.
 */
export const PERMISSIONS = {
  "accounts.open": { roles: EVERYONE, scope: null },
  "accounts.changePlan": { roles: OWNERS, scope: null },
  "customers.read": { roles: EVERYONE, scope: null },
  "customers.manage": { roles: OWNERS, scope: null },
  "customers.inviteOwner": { roles: OWNERS, scope: null, freshSignIn: true },
  "accountTokens.read": { roles: EVERYONE, scope: null },
  "apiKeys.read": { roles: EVERYONE, scope: null },
  "apiKeys.issue": { roles: MANAGERS, scope: null, freshSignIn: true },
  "apiKeys.manage": { roles: MANAGERS, scope: null },
  "auditLog.read": { roles: MANAGERS, scope: null, wholeAccount: true },
  "members.read": { roles: EVERYONE, scope: null },
  "members.manage": { roles: MANAGERS, scope: null, changesPeople: true },
  "members.invite": { roles: MANAGERS, scope: null, freshSignIn: true, changesPeople: true },
  "members.remove": { roles: MANAGERS, scope: null, freshSignIn: true, changesPeople: true },
  "members.changeRole": { roles: MANAGERS, scope: null, freshSignIn: true, changesPeople: true },
  "members.leave": { roles: EVERYONE, scope: null, changesPeople: true },
  "accounts.list": { roles: EVERYONE, scope: "any" },
  "apiKeys.self": { roles: EVERYONE, scope: "any" },
  "users.self": { roles: EVERYONE, scope: "any" },
  "vehicles.read": { roles: EVERYONE, scope: "vehicles.read" },
  "vehicles.write": { roles: EVERYONE, scope: "vehicles.write" },
  "vehicles.delete": { roles: MANAGERS, scope: "vehicles.write" },
  "contacts.read": { roles: EVERYONE, scope: "contacts.read" },
  "contacts.write": { roles: EVERYONE, scope: "contacts.write" },
  "contacts.delete": { roles: MANAGERS, scope: "contacts.write" },
  "vehicleAssignments.read": { roles: EVERYONE, scope: "vehicle_assignments.read" },
  "vehicleAssignments.write": { roles: EVERYONE, scope: "vehicle_assignments.write" },
  "vehicleAssignments.delete": { roles: MANAGERS, scope: "vehicle_assignments.write" },
  "meterEntries.read": { roles: EVERYONE, scope: "meter_entries.read" },
  "meterEntries.write": { roles: EVERYONE, scope: "meter_entries.write" },
  "meterEntries.delete": { roles: MANAGERS, scope: "meter_entries.write" },
  "fuelEntries.read": { roles: EVERYONE, scope: "fuel_entries.read" },
  "fuelEntries.write": { roles: EVERYONE, scope: "fuel_entries.write" },
  "fuelEntries.delete": { roles: MANAGERS, scope: "fuel_entries.write" },
  "customFields.read": { roles: EVERYONE, scope: "custom_fields.read" },
  // Webhooks report events of every customer: whoever is limited to some would hear of the others.
  "webhooks.read": { roles: MANAGERS, scope: "webhooks.read", wholeAccount: true },
  "webhooks.manage": { roles: MANAGERS, scope: "webhooks.write", wholeAccount: true },
  // Creating a webhook, changing its address or its Authorization header: from then on the account's data goes there.
  "webhooks.direct": { roles: MANAGERS, scope: "webhooks.write", wholeAccount: true, freshSignIn: true },
  "webhooks.revealSecret": { roles: MANAGERS, scope: null, wholeAccount: true, freshSignIn: true },
  // A credential holds a key that reaches whatever its host lets it: it belongs to those who see the whole account.
  "credentials.read": { roles: MANAGERS, scope: null, wholeAccount: true },
  "credentials.manage": { roles: MANAGERS, scope: null, wholeAccount: true },
  // Keeping a key: adding one, replacing it, sending it elsewhere, making one. Whoever may may issue keys as well.
  "credentials.keep": { roles: MANAGERS, scope: null, wholeAccount: true, freshSignIn: true },
  "customFields.manage": { roles: MANAGERS, scope: "custom_fields.write" },
  // The write permission of the imported records is required besides, and checked again while the import runs.
  "imports.manage": { roles: EVERYONE, scope: null },
  "imports.run": { roles: NOBODY, scope: null, system: true },
  "imports.forget": { roles: NOBODY, scope: null, system: true },
  "customFields.sweep": { roles: NOBODY, scope: null, system: true },
  // Of each resource only what the key may read.
  "changes.read": { roles: EVERYONE, scope: "any" },
  "emptyCollections.read": { roles: EVERYONE, scope: "any" },
  "apiDocument.read": { roles: NOBODY, scope: null, anyone: true },
  "apiKeys.reportLeak": { roles: NOBODY, scope: null, anyone: true },
  "signIn.request": { roles: NOBODY, scope: null, anyone: true },
  "apiKeys.limit": { roles: NOBODY, scope: null, system: true },
  "formSubmissions.forget": { roles: NOBODY, scope: null, system: true },
  "idempotentAnswers.forget": { roles: NOBODY, scope: null, system: true },
  "signIn.sendLink": { roles: NOBODY, scope: null, system: true },
  "signIn.forget": { roles: NOBODY, scope: null, system: true },
  "signIn.complete": { roles: NOBODY, scope: null, self: true },
  "invitations.accept": { roles: NOBODY, scope: null, anyone: true, changesPeople: true },
  "invitations.send": { roles: NOBODY, scope: null, system: true },
  "spaces.own": { roles: NOBODY, scope: null, self: true },
  "sessions.own": { roles: NOBODY, scope: null, self: true },
  "accounts.createPartner": { roles: NOBODY, scope: null, system: true },
  "auditLog.verify": { roles: NOBODY, scope: null, system: true },
  "afterRestore.run": { roles: NOBODY, scope: null, system: true },
  "steps.take": { roles: NOBODY, scope: null, system: true },
  "events.publish": { roles: NOBODY, scope: null, system: true },
  "webhooks.enqueueDeliveries": { roles: NOBODY, scope: null, system: true },
  "webhooks.deliver": { roles: NOBODY, scope: null, system: true },
  "webhooks.notifyDisabled": { roles: NOBODY, scope: null, system: true },
  "webhooks.forget": { roles: NOBODY, scope: null, system: true },
  "credentials.checkDue": { roles: NOBODY, scope: null, system: true },
  "credentials.notifyRefused": { roles: NOBODY, scope: null, system: true },
  "apiKeys.recordExpiry": { roles: NOBODY, scope: null, system: true },
  "notices.send": { roles: NOBODY, scope: null, system: true },
  // The provider's signature is its authority.
  "notices.noteDelivery": { roles: NOBODY, scope: null, anyone: true },
} as const satisfies Record<string, Rule> & Record<NamedRight, Rule>;

export type Permission = keyof typeof PERMISSIONS;

/** Permissions that no account stands behind. */
export type AccountlessPermission = {
  [P in Permission]: (typeof PERMISSIONS)[P] extends { self: true } | { anyone: true } | { system: true } ? P : never;
}[Permission];

/** Permissions that a person has for his own things, whatever account he is in. */
export type OwnPermission = {
  [P in Permission]: (typeof PERMISSIONS)[P] extends { self: true } ? P : never;
}[Permission];

export function ruleOf(permission: Permission): Rule {
  return PERMISSIONS[permission];
}

export function changesPeople(permission: Permission): boolean {
  return ruleOf(permission).changesPeople === true;
}
