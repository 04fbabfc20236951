import type { Scope } from "@/lib/auth/scopes";

/** *What* a check may find, and *when* a thing may be done with a credential. Pure. */

export const CREDENTIAL_STATUSES = ["valid", "refused", "wrong_account", "lacks_scope", "unreachable"] as const;
export type CredentialStatus = (typeof CREDENTIAL_STATUSES)[number];

/** What a check found. */
export interface Verdict {
  readonly status: CredentialStatus;
  /** In words, without a secret; null where there is nothing to say. */
  readonly reason: string | null;
  /** Of the key, as far as the host tells. */
  readonly expiresAt: Date | null;
  /** None where the host does not tell. */
  readonly scopes: readonly string[];
}

/** The host works, and does not let it in: only a person can mend that. */
export function isRefusal(status: CredentialStatus | null): boolean {
  return status === "refused" || status === "wrong_account";
}

/** The host was asked, and lets it in: what kept it out before is over. */
export function isAcceptance(status: CredentialStatus): boolean {
  return status === "valid" || status === "lacks_scope";
}

/** What data is read with: one of each endpoint. */
export const READ_SCOPES: readonly Scope[] = [
  "vehicles.read",
  "contacts.read",
  "vehicle_assignments.read",
  "meter_entries.read",
  "fuel_entries.read",
];

export function lackingScopes(scopes: readonly string[]): readonly Scope[] {
  return READ_SCOPES.filter((scope) => !scopes.includes(scope));
}

/** The most credentials of an account. */
export const MAX_CREDENTIALS = 50;

/** What can be done with a credential, and by which permission. */
export const CREDENTIAL_VERBS = {
  check: { permission: "credentials.manage", needs: "key" },
  replaceKey: { permission: "credentials.keep", needs: "nothing" },
  regenerate: { permission: "credentials.keep", needs: "ownKey" },
  /** Where the one that it holds lacks something, or has ended. */
  makeAnother: { permission: "credentials.keep", needs: "thisHub" },
  edit: { permission: "credentials.manage", needs: "nothing" },
  delete: { permission: "credentials.manage", needs: "nothing" },
} as const;
export type CredentialVerb = keyof typeof CREDENTIAL_VERBS;

export interface CredentialState {
  /** It holds a key: a restore may have taken it away. */
  readonly hasKey: boolean;
  /** That key is one of the account's own, and lives. */
  readonly isOwnKey: boolean;
  readonly isThisHub: boolean;
}

/** The verbs that a credential offers: those its state allows and the viewer may do. */
export function verbsFor(
  { hasKey, isOwnKey, isThisHub }: CredentialState,
  may: (permission: (typeof CREDENTIAL_VERBS)[CredentialVerb]["permission"]) => boolean,
): CredentialVerb[] {
  const has = { nothing: true, key: hasKey, ownKey: hasKey && isOwnKey, thisHub: isThisHub };
  return (Object.keys(CREDENTIAL_VERBS) as CredentialVerb[]).filter((verb) => {
    const { needs, permission } = CREDENTIAL_VERBS[verb];
    return has[needs] && may(permission);
  });
}

/** A credential is checked again so long after it was checked. */
export const CHECKED_EVERY_HOURS = 24;
