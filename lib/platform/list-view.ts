import { z } from "zod";

import { recordIdInAddress } from "./input-fields";
import { redactSecrets } from "./secret-patterns";

const LONGEST_SEARCH = 100;

/** What is searched for, written as what is stored is written (NFC). Of a key that was pasted its prefix finds it. */
export const searchText = z
  .string()
  .transform((text) => redactSecrets(text.normalize("NFC")).trim().slice(0, LONGEST_SEARCH));

/** A record that a filter names in an address; null when none, or none that can be. */
export const chosenId = () => recordIdInAddress().nullable().catch(null);

/** What the address of every list holds: search, order and place. A value that is not understood counts as not given. */
export function viewFields<const Sort extends string>(sorts: readonly [Sort, ...Sort[]]) {
  return {
    q: searchText.catch(""),
    /** By the first of the sorts unless told otherwise. */
    sort: z.enum(sorts).catch(sorts[0] as never),
    direction: z.enum(["asc", "desc"]).catch("asc"),
    after: z.string().max(500).nullable().catch(null),
    before: z.string().max(500).nullable().catch(null),
  };
}

const RECORD_SORTS = ["name", "created", "updated"] as const;
export type RecordSort = (typeof RECORD_SORTS)[number];

/** The same of records that have a name and can be archived. */
export function recordViewFields() {
  return { ...viewFields(RECORD_SORTS), show: z.enum(["archived"]).nullable().catch(null) };
}

/** How far back a list of dated records goes. */
export const PERIODS = {
  "7d": "In the last 7 days",
  "30d": "In the last 30 days",
  "90d": "In the last 90 days",
  "365d": "In the last 12 months",
} as const;
export type Period = keyof typeof PERIODS;

/** The view of a list of dated records: the latest first unless told otherwise. */
export function datedViewFields() {
  const { after, before } = viewFields(["date"]);
  return {
    period: z
      .enum(Object.keys(PERIODS) as [Period, ...Period[]])
      .nullable()
      .catch(null),
    direction: z.enum(["asc", "desc"]).catch("desc"),
    after,
    before,
  };
}

export interface DatedView {
  readonly period: Period | null;
  readonly direction: "asc" | "desc";
  readonly after: string | null;
  readonly before: string | null;
}

/** What somebody types into a picker. */
export const searchInput = z.strictObject({ q: searchText });
export type SearchInput = z.output<typeof searchInput>;
