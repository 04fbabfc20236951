import { z } from "zod";

import { recordId, seenRevision } from "@/lib/platform/input-fields";
import { chosenId } from "@/lib/platform/list-view";
import { SCOPES } from "@/lib/auth/scopes";
import { lineField } from "@/lib/platform/plain-text";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { ipRange } from "./ip-range";
import { KEY_STATUSES, OVERLAP_HOURS, withoutTokens, type Overlap } from "./policy";

const name = lineField({
  subject: "A name",
  most: 100,
  blank: "Give the key a name, such as the integration that will use it.",
});
const apiVersion = z.enum(API_VERSIONS, "Choose one of the API versions listed.");
const keyId = recordId();

/** The revision of the key that the form showed: a form that saw an older one is refused. */
const revision = seenRevision();

/** When a key ends: after whole months, or at the end of a day in the viewer's zone. */
const expiry = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("months"), months: z.union([z.literal(3), z.literal(6), z.literal(12)]) }),
  z.strictObject({
    kind: z.literal("date"),
    date: z.iso.date("Choose a date from tomorrow to 12 months ahead."),
    timeZone: z.string().min(1).max(64),
  }),
]);

export const createApiKeyInput = z.strictObject({
  /** Made when the form opens: a double submit makes one key. */
  submissionId: z.uuid(),
  name,
  apiVersion,
  expiry,
  scopes: z
    .array(z.enum(SCOPES))
    .min(1, "Choose at least one scope: a key without any could do nothing.")
    .max(SCOPES.length)
    .refine((scopes) => new Set(scopes).size === scopes.length, "A scope is named twice."),
  /** Account tokens of the customers reached; null = all of them, also those to come. */
  customers: z
    .array(z.string().regex(/^[0-9a-f]{10}$/))
    .min(1, "Choose at least one customer.")
    .max(1000)
    .nullable(),
  allowedIps: z.array(ipRange).max(50, "At most 50 addresses or ranges."),
});
export type CreateApiKeyInput = z.output<typeof createApiKeyInput>;

export const editApiKeyInput = z.strictObject({ id: keyId, revision, name, apiVersion });
export type EditApiKeyInput = z.output<typeof editApiKeyInput>;

/** Of a row action that takes only the row. */
export const apiKeyRowInput = z.strictObject({ id: keyId, revision });
export type ApiKeyRowInput = z.output<typeof apiKeyRowInput>;

export const regenerateApiKeyInput = z.strictObject({
  id: keyId,
  revision,
  overlap: z.enum(Object.keys(OVERLAP_HOURS) as [Overlap, ...Overlap[]]),
});
export type RegenerateApiKeyInput = z.output<typeof regenerateApiKeyInput>;

export const PAGE_SIZE = 50;

export const revokeSelectedInput = z.strictObject({
  ids: z.array(keyId).min(1, "Tick the keys to revoke.").max(PAGE_SIZE, `At most ${PAGE_SIZE} keys at once.`),
});
export type RevokeSelectedInput = z.output<typeof revokeSelectedInput>;

export const API_KEY_SORTS = ["name", "created", "expires", "last_used"] as const;
export type ApiKeySort = (typeof API_KEY_SORTS)[number];

export const EXPIRY_WINDOWS = {
  "7d": "in 7 days",
  "30d": "in 30 days",
  "90d": "in 90 days",
  "365d": "in 12 months",
} as const;
export const LAST_USED_WINDOWS = {
  "1d": "in the last 24 hours",
  "7d": "in the last 7 days",
  "30d": "in the last 30 days",
  idle90d: "not for 90 days",
  never: "never",
} as const;

type WindowName<T> = [keyof T & string, ...(keyof T & string)[]];

/** The list's view as the address holds it. A value that is not understood counts as not given. */
export const apiKeyListQuery = z.object({
  q: z
    .string()
    .transform((text) => withoutTokens(text.normalize("NFC")).slice(0, 100))
    .catch(""),
  status: z.enum(KEY_STATUSES).nullable().catch(null),
  version: z.enum(API_VERSIONS).nullable().catch(null),
  scope: z.enum(SCOPES).nullable().catch(null),
  creator: chosenId(),
  expires: z
    .enum(Object.keys(EXPIRY_WINDOWS) as WindowName<typeof EXPIRY_WINDOWS>)
    .nullable()
    .catch(null),
  used: z
    .enum(Object.keys(LAST_USED_WINDOWS) as WindowName<typeof LAST_USED_WINDOWS>)
    .nullable()
    .catch(null),
  sort: z.enum(API_KEY_SORTS).catch("created"),
  direction: z.enum(["asc", "desc"]).catch("desc"),
  after: z.string().max(500).nullable().catch(null),
  before: z.string().max(500).nullable().catch(null),
});
export type ApiKeyListQuery = z.output<typeof apiKeyListQuery>;

/** A token is its own authority to end what it opens. */
const MOST_LEAKED_TOKENS = 1000;
const leakedToken = z.string("must be a token").max(1000);

/** One token, several, or both. */
export const leakReportInput = z
  .object({
    token: leakedToken.optional(),
    tokens: z.array(leakedToken).max(MOST_LEAKED_TOKENS, `holds at most ${MOST_LEAKED_TOKENS} tokens`).optional(),
  })
  .refine(({ token, tokens }) => token !== undefined || tokens !== undefined, {
    path: ["token"],
    message: "Send the leaked token as `token`, or several as `tokens`.",
  })
  .transform(({ token, tokens = [] }) => [...new Set(token === undefined ? tokens : [token, ...tokens])]);
