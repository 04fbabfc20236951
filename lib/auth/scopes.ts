/** What a key may be allowed, by resource. A resource without a `write` cannot be changed over the API. */
export const SCOPES = [
  "vehicles.read",
  "vehicles.write",
  "contacts.read",
  "contacts.write",
  "vehicle_assignments.read",
  "vehicle_assignments.write",
  "meter_entries.read",
  "meter_entries.write",
  "fuel_entries.read",
  "fuel_entries.write",
  "webhooks.read",
  "webhooks.write",
  "custom_fields.read",
] as const;

export type Scope = (typeof SCOPES)[number];

export const READ_SCOPES: readonly Scope[] = SCOPES.filter((scope) => scope.endsWith(".read"));

/** "vehicle assignments", the words for `vehicle_assignments.read`. */
export function scopeResource(scope: string): string {
  return (scope.split(".")[0] ?? scope).replaceAll("_", " ");
}
