import { z } from "zod";

import { normalizeEmail } from "@/lib/sign-in/policy";

export const ACCOUNT_STATUSES = ["active", "trial", "past_due", "suspended", "canceled"] as const;
export const PLANS = ["starter", "professional", "premium"] as const;

export const ACCOUNT_SORTS = ["name", "created"] as const;
export type AccountSort = (typeof ACCOUNT_SORTS)[number];

/** The Account Tokens list as its address holds it. A value that is not understood counts as not given. */
export const accountListQuery = z.object({
  q: z
    .string()
    .trim()
    .transform((text) => text.slice(0, 100))
    .catch(""),
  status: z.enum(ACCOUNT_STATUSES).nullable().catch(null),
  plan: z.enum(PLANS).nullable().catch(null),
  sort: z.enum(ACCOUNT_SORTS).catch("name"),
  direction: z.enum(["asc", "desc"]).catch("asc"),
  after: z.string().max(500).nullable().catch(null),
  before: z.string().max(500).nullable().catch(null),
});
export type AccountListQuery = z.output<typeof accountListQuery>;

/** Of `npm run partner:create`. An address is normalised before it is looked at: it is one person however it is typed. */
export const createPartnerInput = z.strictObject({
  name: z
    .string({ error: "--name is missing: the partner's name." })
    .trim()
    .min(1, "--name is empty: give the partner's name.")
    .max(100, "--name has at most 100 characters."),
  ownerEmail: z
    .string({ error: "--owner is missing: the e-mail address of the first owner." })
    .transform(normalizeEmail)
    .pipe(z.email("--owner is no e-mail address.").max(254, "--owner has at most 254 characters.")),
  ownerName: z
    .string()
    .trim()
    .min(1, "--owner-name is empty: leave it out, or give a name.")
    .max(100, "--owner-name has at most 100 characters.")
    .optional(),
});
export type CreatePartnerInput = z.output<typeof createPartnerInput>;
