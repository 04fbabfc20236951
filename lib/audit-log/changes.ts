import type { Prisma } from "@/generated/prisma/client";

/** The facts of a record that a change makes different, before and after. */
export interface Changes {
  readonly before: Prisma.InputJsonObject;
  readonly after: Prisma.InputJsonObject;
}

/** As the audit log writes a fact; the keys of an object in one order, since the database keeps none. */
function asFact(value: unknown): Prisma.InputJsonValue | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(asFact);
  if (typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, asFact(item)]));
}

/** What of `wanted` differs from the record as it stands; null when nothing does. */
export function changesOf(record: object, wanted: object): Changes | null {
  const before: Record<string, Prisma.InputJsonValue | null> = {};
  const after: Record<string, Prisma.InputJsonValue | null> = {};
  for (const [key, value] of Object.entries(wanted)) {
    if (value === undefined) continue;
    const [was, is] = [asFact((record as Record<string, unknown>)[key]), asFact(value)];
    if (JSON.stringify(was) !== JSON.stringify(is)) [before[key], after[key]] = [was, is];
  }
  return Object.keys(after).length > 0 ? { before, after } : null;
}

/** The facts of a new record: what it has, without what it lacks. */
export function factsOf(wanted: object): Prisma.InputJsonObject {
  const facts = Object.entries(wanted).map(([key, value]) => [key, asFact(value)] as const);
  return Object.fromEntries(facts.filter(([, value]) => value !== null && value !== ""));
}
