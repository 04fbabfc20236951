import type { Permission } from "./permissions";

export type EntryKind = "action" | "endpoint" | "job" | "download" | "upload" | "receiver";

/** What every way in says of itself; `entries.test.ts` fails on an export that says nothing. */
export interface Entry {
  readonly kind: EntryKind;
  readonly permission: Permission;
}

const entries = new WeakMap<object, Entry>();

/** Notes that `way` came through its `define…`. */
export function markEntry<T extends object>(way: T, entry: Entry): T {
  entries.set(way, entry);
  return way;
}

export function entryOf(way: unknown): Entry | undefined {
  return typeof way === "object" || typeof way === "function" ? entries.get(way as object) : undefined;
}
