import { z } from "zod";

export const ACCOUNT_STATUSES = ["active", "trial", "past_due", "suspended", "canceled"] as const;
export const PLANS = ["starter", "professional", "premium"] as const;

export const ACCOUNT_SORTS = ["name", "created"] as const;
export type AccountSort = (typeof ACCOUNT_SORTS)[number];

/** The Account Tokens list as its address holds it. A value that is not understood counts as not given. */
export const accountListQuery = z.object({
  q: z.string().trim().transform((text) => text.slice(0, 100)).catch(""),
  status: z.enum(ACCOUNT_STATUSES).nullable().catch(null),
  plan: z.enum(PLANS).nullable().catch(null),
  sort: z.enum(ACCOUNT_SORTS).catch("name"),
  direction: z.enum(["asc", "desc"]).catch("asc"),
  after: z.string().max(500).nullable().catch(null),
  before: z.string().max(500).nullable().catch(null),
});
export type AccountListQuery = z.output<typeof accountListQuery>;
