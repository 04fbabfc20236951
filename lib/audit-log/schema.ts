import { z } from "zod";

import { chosenId, searchText } from "@/lib/platform/list-view";
import { RESOURCES, type Noun } from "@/lib/resources";

export const PAGE_SIZE = 50;

export const PERIODS = {
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
  "90d": "Last 90 days",
} as const;
export type Period = keyof typeof PERIODS;

const INT4_MAX = 2_147_483_647;
const fitsId = (digits: string | undefined) => digits === undefined || Number(digits) <= INT4_MAX;

/** Who: `user:12`, `apiKey:7`, `system`, `anyone`. */
const actor = z
  .string()
  .regex(/^(system|anyone|(user|apiKey):[1-9]\d{0,9})$/, "Say user:NUMBER, apiKey:NUMBER, system or anyone.")
  .refine((text) => fitsId(text.split(":")[1]), "There is no such number.");

const action = z
  .string()
  .max(80)
  .regex(/^[a-zA-Z]+\.[a-zA-Z]+$/, "Say it as noun.pastTense.");

/** Of which record: `apiKey:12`. */
const record = z
  .string()
  .regex(/^[a-zA-Z]+:[1-9]\d{0,9}$/, "Say it as type:NUMBER.")
  .refine((text) => (text.split(":")[0] ?? "") in RESOURCES && fitsId(text.split(":")[1]), "There is no such record.");

const period = z.enum(Object.keys(PERIODS) as [Period, ...Period[]]);

/** An instant within what both the database and a calendar can say. */
const instant = z.iso
  .datetime("Give an instant such as 2026-11-01T00:00:00.000Z.")
  .refine((text) => /^2[01]\d\d-/.test(text), "Only years from 2000 to 2199.");

/** The list's view as the address holds it. A value that is not understood counts as not given. */
export const auditListQuery = z.object({
  actor: actor.nullable().catch(null),
  action: action.nullable().catch(null),
  record: record.nullable().catch(null),
  period: period.nullable().catch(null),
  from: instant.nullable().catch(null),
  to: instant.nullable().catch(null),
  q: searchText.catch(""),
  /** Entries older, or newer, than this one. */
  after: chosenId(),
  before: chosenId(),
});
export type AuditListQuery = z.output<typeof auditListQuery>;

/** Which entries; `from` is included, `to` is not. */
export type AuditFilter = Pick<AuditListQuery, "actor" | "action" | "record" | "period" | "from" | "to" | "q">;

export const EXPORT_FORMATS = ["csv", "jsonl"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** The same filters, but strict: a file must hold what was asked for. */
export const auditExportInput = z.strictObject({
  format: z.enum(EXPORT_FORMATS, "Say csv or jsonl."),
  actor: actor.nullable().default(null),
  action: action.nullable().default(null),
  record: record.nullable().default(null),
  period: period.nullable().default(null),
  from: instant.nullable().default(null),
  to: instant.nullable().default(null),
  q: searchText.default(""),
});
export type AuditExportInput = z.output<typeof auditExportInput>;

/** `user:12` → its two parts; no number is 0, in the words of the index `audit_entries_by_actor`. */
export function partsOfActor(text: string): { readonly kind: string; readonly id: number } {
  const [kind = "", id] = text.split(":");
  return { kind, id: Number(id ?? 0) };
}

export function partsOfRecord(text: string): { readonly type: Noun; readonly id: number } {
  const [type = "", id] = text.split(":");
  return { type: type as Noun, id: Number(id) };
}
