import { z } from "zod";

import {
  recordId,
  recordIdInAddress,
  requiredTextField,
  seenRevision,
  textField,
  truthField,
} from "@/lib/platform/input-fields";
import { viewFields } from "@/lib/platform/list-view";
import { lineField } from "@/lib/platform/plain-text";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { CHOOSE_EVENTS, DELIVERY_STATUSES, isWebhookEvent, WEBHOOK_EVENTS, type WebhookEventWireName } from "./policy";

const LONGEST_URL = 1000;
const LONGEST_DESCRIPTION = 255;
const LONGEST_AUTHORIZATION = 1000;
/** What a header's value may be: no line break can smuggle in another header. */
const HEADER_VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const HEADER_COMPLAINT = "Use letters, digits and signs of ASCII on one line, such as: Bearer abc123.";

const webhookId = recordId();
/** The revision of the webhook that the form showed: a form that saw an older one is refused. */
const revision = seenRevision();

const url = z
  .string()
  .trim()
  .min(1, "Write the address that deliveries go to, such as https://example.com/hooks.")
  .max(LONGEST_URL, `An address has at most ${LONGEST_URL} characters.`);
const description = lineField({ subject: "A description", most: LONGEST_DESCRIPTION });
const eventName = z.enum(WEBHOOK_EVENTS as [WebhookEventWireName, ...WebhookEventWireName[]]);
const events = z
  .array(eventName)
  .max(WEBHOOK_EVENTS.length)
  .refine((names) => new Set(names).size === names.length, "An event is named twice.");
const authorization = z
  .string()
  .max(LONGEST_AUTHORIZATION, `It has at most ${LONGEST_AUTHORIZATION} characters.`)
  .regex(HEADER_VALUE, HEADER_COMPLAINT);

const facts = {
  url,
  description,
  /** Also the events to come. */
  allEvents: z.boolean(),
  events,
  apiVersion: z.enum(API_VERSIONS, "Choose one of the API versions listed."),
};

const someEvents = ({ allEvents, events: chosen }: { allEvents: boolean; events: readonly string[] }) =>
  allEvents || chosen.length > 0;
const NO_EVENTS = { path: ["events"], message: CHOOSE_EVENTS };

/** Those ticked are on, all others off. */
function switchesOf(ticked: readonly WebhookEventWireName[]): Partial<Record<WebhookEventWireName, boolean>> {
  return Object.fromEntries(WEBHOOK_EVENTS.map((name) => [name, ticked.includes(name)]));
}

/** What the form asks. */
export const createWebhookInput = z
  .strictObject({
    /** Made when the form opens: a double submit makes one webhook. */
    submissionId: z.uuid(),
    ...facts,
    /** Null = the header is not sent. */
    authorization: authorization.nullable(),
  })
  .refine(someEvents, NO_EVENTS)
  .transform(({ events: ticked, ...rest }) => ({ ...rest, events: switchesOf(ticked) }));

export const editWebhookInput = z
  .strictObject({
    id: webhookId,
    revision,
    ...facts,
    /** Left out = it stays as it is. */
    authorization: authorization.nullable().optional(),
  })
  .refine(someEvents, NO_EVENTS)
  .transform(({ id, revision: seen, events: ticked, ...rest }) => ({
    id,
    revision: seen,
    changes: { ...rest, events: switchesOf(ticked) },
  }));

/** Of a row action that takes only the row. */
export const webhookRowInput = z.strictObject({ id: webhookId, revision });
export type WebhookRowInput = z.output<typeof webhookRowInput>;

/** What a webhook is to be; over the API each may be left out. */
export interface WebhookChanges {
  readonly url?: string | undefined;
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly allEvents?: boolean | undefined;
  /** Those named here are switched on or off, the others stay. */
  readonly events?: Readonly<Partial<Record<WebhookEventWireName, boolean>>> | undefined;
  readonly apiVersion?: string | undefined;
  readonly authorization?: string | null | undefined;
}

/** In the API's answers in place of what is sent as `Authorization`; written back, it changes nothing. */
export const HIDDEN = "[hidden]";

const eventSwitches = Object.fromEntries(WEBHOOK_EVENTS.map((name) => [name, truthField().optional()])) as Record<
  WebhookEventWireName,
  z.ZodOptional<ReturnType<typeof truthField>>
>;

const apiFacts = z.object({
  url: requiredTextField(LONGEST_URL),
  description: textField(LONGEST_DESCRIPTION).optional(),
  enabled: truthField().optional(),
  all_events: truthField().optional(),
  authorization: textField(LONGEST_AUTHORIZATION)
    .refine((text) => text === null || text === HIDDEN || HEADER_VALUE.test(text), "must be one line of ASCII")
    .optional(),
  ...eventSwitches,
});

type ApiFacts = Partial<z.output<typeof apiFacts>>;

function changesOf({
  url: address,
  description: text,
  enabled,
  all_events,
  authorization: header,
  ...switches
}: ApiFacts) {
  return {
    url: address,
    description: text === null ? "" : text,
    enabled,
    allEvents: all_events,
    authorization: header === HIDDEN ? undefined : header,
    events: switches,
  } satisfies WebhookChanges;
}

const hearsSomething = ({ all_events, ...given }: ApiFacts) =>
  all_events === true || WEBHOOK_EVENTS.some((name) => given[name] === true);

/** Asked only when other fields are wrong, so that an answer names all; otherwise the service asks, and looks at the address as well. */
const isComplaining = ({ issues }: z.core.ParsePayload) =>
  issues.length > 0 &&
  !issues.some(({ path: [name] = [] }) => name === undefined || name === "all_events" || isWebhookEvent(String(name)));

export const postWebhookInput = apiFacts
  .refine(hearsSomething, { ...NO_EVENTS, when: isComplaining })
  .transform((given) => ({ ...changesOf(given), url: given.url }));
export const patchWebhookInput = apiFacts.partial().transform(changesOf);

/** What somebody was about to do when he had to sign in first, as the page's address holds it. */
export const resumeQuery = z.object({
  resume: z.enum(["viewSecret", "rotateSecret"]).nullable().catch(null),
  id: recordIdInAddress().nullable().catch(null),
});
export type ResumeQuery = z.output<typeof resumeQuery>;

const { after, before } = viewFields(["newest"]);

/** The view of a webhook's deliveries as the address holds it, the newest first. */
export const deliveryListQuery = z.object({
  status: z.enum(DELIVERY_STATUSES).nullable().catch(null),
  event: eventName.nullable().catch(null),
  after,
  before,
});
export type DeliveryListQuery = z.output<typeof deliveryListQuery>;

/** Of an action that takes only the delivery. */
export const deliveryRowInput = z.strictObject({ id: recordId() });

/** The deliveries of a webhook that failed since a time. */
export const failedSinceInput = z.strictObject({
  id: webhookId,
  since: z.iso
    .datetime("Give an instant such as 2026-11-01T00:00:00.000Z.")
    .refine((text) => /^2[01]\d\d-/.test(text), "Only years from 2000 to 2199."),
});
export type FailedSinceInput = z.output<typeof failedSinceInput>;
