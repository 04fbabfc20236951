import { z } from "zod";

import { recordIdInAddress } from "@/lib/platform/input-fields";
import { searchText } from "@/lib/platform/list-view";
import { lineField } from "@/lib/platform/plain-text";
import { normalizeEmail } from "@/lib/sign-in/policy";
import { emailAddress } from "@/lib/sign-in/schema";
import { ACCOUNT_STATUSES, PLANS } from "./policy";

export const ACCOUNT_SORTS = ["name", "created"] as const;
export type AccountSort = (typeof ACCOUNT_SORTS)[number];

/** The Account Tokens list as its address holds it. A value that is not understood counts as not given. */
export const accountListQuery = z.object({
  q: searchText.catch(""),
  status: z.enum(ACCOUNT_STATUSES).nullable().catch(null),
  plan: z.enum(PLANS).nullable().catch(null),
  sort: z.enum(ACCOUNT_SORTS).catch("name"),
  direction: z.enum(["asc", "desc"]).catch("asc"),
  after: z.string().max(500).nullable().catch(null),
  before: z.string().max(500).nullable().catch(null),
});
export type AccountListQuery = z.output<typeof accountListQuery>;

/** Hub → Customers: the same, and by advisor: a user's id. */
export const customerListQuery = accountListQuery.extend({
  advisor: recordIdInAddress().nullable().catch(null),
});
export type CustomerListQuery = z.output<typeof customerListQuery>;

const plan = z.enum(PLANS, "Choose starter, professional or premium.");
/** One of the partner's customers, by its account token. */
const customer = z.string().regex(/^[0-9a-f]{10}$/);

export const addCustomerInput = z.strictObject({
  name: lineField({ subject: "A name", most: 100, blank: "Enter the customer’s name." }),
  plan,
  ownerEmail: emailAddress,
});
export type AddCustomerInput = z.output<typeof addCustomerInput>;

export const changePlanInput = z.strictObject({ plan });
export type ChangePlanInput = z.output<typeof changePlanInput>;

export const changeCustomerPlanInput = z.strictObject({ customer, plan });
export type ChangeCustomerPlanInput = z.output<typeof changeCustomerPlanInput>;

export const customerInput = z.strictObject({ customer });
export type CustomerInput = z.output<typeof customerInput>;

/** Of `npm run partner:create`. An address is normalised before it is looked at: it is one person however it is typed. */
export const createPartnerInput = z.strictObject({
  name: z
    .string({ error: "--name is missing: the partner's name." })
    .pipe(lineField({ subject: "--name", most: 100, blank: "--name is empty: give the partner's name." })),
  ownerEmail: z
    .string({ error: "--owner is missing: the e-mail address of the first owner." })
    .transform(normalizeEmail)
    .pipe(z.email("--owner is no e-mail address.").max(254, "--owner has at most 254 characters.")),
  ownerName: lineField({
    subject: "--owner-name",
    most: 100,
    blank: "--owner-name is empty: leave it out, or give a name.",
  }).optional(),
});
export type CreatePartnerInput = z.output<typeof createPartnerInput>;
