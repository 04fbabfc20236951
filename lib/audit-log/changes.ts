import type { Prisma } from "@/generated/prisma/client";
import { DomainError } from "@/lib/platform/errors";
import { wireName } from "@/lib/platform/input-fields";

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

function isDifferent(record: object, key: string, value: unknown): boolean {
  return changesOf(record, { [key]: value }) !== null;
}

/** The facts that changed since this person saw them, except those that already are what he wants. */
function clashesOf(record: object, seen: object, wanted: object): string[] {
  const wants = new Map<string, unknown>(Object.entries(wanted));
  return Object.entries(seen)
    .filter(([key, value]) => isDifferent(record, key, value) && isDifferent(record, key, wants.get(key)))
    .map(([key]) => key);
}

/** A box that nobody ticked holds nothing. */
function ticked(fields: unknown): Record<string, unknown> {
  const entries = typeof fields === "object" && fields !== null ? Object.entries(fields) : [];
  return Object.fromEntries(entries.map(([key, value]) => [key, value === false ? null : (value as unknown)]));
}

type WithCustomFields = { readonly customFields?: unknown };

/**
 * Two people may edit one record at the same time as long as they change different fields; of one field, the later save
 * would silently undo the earlier one. `seen` is what the fields he changes held when he opened the form; left out,
 * nothing is compared.
 * @throws DomainError conflict, with a message at each such field
 */
export function refuseClash(
  record: WithCustomFields,
  seen: WithCustomFields | undefined,
  wanted: WithCustomFields,
): void {
  if (seen === undefined) return;
  const own = ({ customFields }: WithCustomFields) => ticked(customFields);
  const { customFields: _, ...facts } = seen;
  const names = [
    ...clashesOf(record, facts, wanted).map(wireName),
    ...clashesOf(own(record), own(seen), own(wanted)).map((key) => `custom_fields.${key}`),
  ];
  if (names.length === 0) return;
  throw new DomainError(
    "conflict",
    "Somebody else changed the same while you were editing. Nothing was saved, and nothing you entered is lost: look at the fields marked, then save again.",
    Object.fromEntries(names.map((name) => [name, ["was changed by somebody else meanwhile"]])),
  );
}

/** What archiving a record or restoring it changes; null where it is as it is to be: done twice, the second changes nothing. */
export function archivalOf(record: { readonly archivedAt: Date | null }, isToBeArchived: boolean, now: Date) {
  if ((record.archivedAt !== null) === isToBeArchived) return null;
  const archivedAt = isToBeArchived ? now : null;
  const deed = isToBeArchived ? ("archived" as const) : ("restored" as const);
  return { deed, archivedAt, changes: changesOf(record, { archivedAt }) ?? {} };
}

/** The facts of a new record: what it has, without what it lacks. */
export function factsOf(wanted: object): Prisma.InputJsonObject {
  const facts = Object.entries(wanted).map(([key, value]) => [key, asFact(value)] as const);
  return Object.fromEntries(facts.filter(([, value]) => value !== null && value !== ""));
}
