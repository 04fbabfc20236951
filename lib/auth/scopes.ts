import { NOUNS, type ScopeName } from "@/lib/resources";

/** What a key may be allowed, by resource. A resource without a `write` cannot be changed over the API. */
export const SCOPES: readonly ScopeName[] = NOUNS.flatMap(([, { wire = "", scopes = [] }]) =>
  scopes.map((right) => `${wire}.${right}` as ScopeName),
);

export type Scope = ScopeName;

export const READ_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope.endsWith(".read"));

/** "vehicle assignments", the words for `vehicle_assignments.read`. */
export function scopeResource(scope: string): string {
  return (scope.split(".")[0] ?? scope).replaceAll("_", " ");
}
