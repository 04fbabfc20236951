import { capitalised, snakeCase } from "@/lib/platform/name-cases";
import { NOUNS, RESOURCES, type SubscribableEventName, type Noun, type WireEventName } from "@/lib/resources";

/** *What* a webhook may hear of, and *when* it is sent. Pure: time and chance come in as parameters. */

/** The events that webhooks hear of, as the rest of the house names them. */
export type WebhookEventName = SubscribableEventName;
/** The same on the wire: `vehicle_assignment_created`. */
export type WebhookEventWireName = WireEventName;

interface EventGroup {
  readonly subscribers: "partner" | "customer";
  readonly label: string;
  readonly names: readonly WebhookEventName[];
}

/** What webhooks hear of, in the groups that people tick. */
export const EVENT_GROUPS: readonly EventGroup[] = NOUNS.flatMap(([noun, { subscribers, many, deeds }]) => {
  if (subscribers === undefined) return [];
  const offered = Object.entries(deeds).filter(([, deed]) => deed.subscribable);
  return [
    { subscribers, label: capitalised(many), names: offered.map(([deed]) => `${noun}.${deed}` as WebhookEventName) },
  ];
});

/** `apiKey.edited` is the one that is called otherwise there: `api_key_updated`. */
export function wireName(name: WebhookEventName): WebhookEventWireName {
  const [noun = "", deed = ""] = name.split(".");
  return `${snakeCase(noun)}_${deed === "edited" ? "updated" : deed}` as WebhookEventWireName;
}

export const WEBHOOK_EVENT_NAMES: readonly WebhookEventName[] = EVENT_GROUPS.flatMap(({ names }) => names);

/** Every event on the wire, in the order of the groups. */
export const WEBHOOK_EVENTS: readonly WebhookEventWireName[] = WEBHOOK_EVENT_NAMES.map(wireName);

export function isWebhookEvent(name: string): name is WebhookEventWireName {
  return (WEBHOOK_EVENTS as readonly string[]).includes(name);
}

/** Said of a webhook that would hear nothing. */
export const CHOOSE_EVENTS = "Choose at least one event, or all of them.";

/** What an account of this kind can hear of: a partner of its API keys, a customer of its fleet. */
export function eventsFor(kind: "partner" | "customer"): readonly WebhookEventWireName[] {
  return groupsFor(kind).flatMap(({ events }) => events);
}

function nounOfEvent(name: WebhookEventName): (typeof RESOURCES)[Noun] {
  return RESOURCES[name.split(".")[0] as Noun];
}

/** Whose accounts hear of an event. */
export function subscriberKindOf(name: WebhookEventName): "partner" | "customer" {
  const noun = nounOfEvent(name);
  return "subscribers" in noun ? noun.subscribers : "customer";
}

export interface OfferedGroup {
  readonly label: string;
  readonly events: readonly WebhookEventWireName[];
}

/** The same in the groups that people tick. */
export function groupsFor(kind: "partner" | "customer"): readonly OfferedGroup[] {
  return EVENT_GROUPS.filter(({ subscribers }) => subscribers === kind).map(({ label, names }) => ({
    label,
    events: names.map(wireName),
  }));
}

/** Where the records of an event stand in the API: what steps them down to an older version. */
export function resourceOf(name: WebhookEventName): string {
  const noun = nounOfEvent(name);
  return "wire" in noun ? noun.wire : "";
}

/** How a delivery stands. */
export const DELIVERY_STATUSES = ["pending", "delivered", "failed", "canceled"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** `secret_lost`: its secret was rotated after the backup that was restored; it has one that its receiver does not know. */
export const DISABLED_REASONS = ["by_hand", "gone", "failing", "secret_lost"] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** After the first attempt, and after each retry that failed. */
export const RETRY_DELAYS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
] as const;

/** So many endpoints that failed together do not come back together. */
const JITTER = 0.1;

/**
 * How long to wait before the next attempt; null when there is none.
 * @param retries how many retries there were; 0 after the first attempt
 * @param random from 0 up to but not 1
 */
export function retryDelayMs(retries: number, random: number): number | null {
  const delay = RETRY_DELAYS_MS[retries];
  return delay === undefined ? null : Math.round(delay * (1 + JITTER * (2 * random - 1)));
}

/** Who asks for longer is asked again all the same. */
const LONGEST_RETRY_AFTER_MS = DAY_MS;

export interface AttemptFacts {
  /** Retries before this attempt. */
  readonly retries: number;
  readonly isSuccess: boolean;
  /** The receiver said that it is there no more. */
  readonly isGone: boolean;
  /** What the receiver asked for, if anything. */
  readonly retryAfterSeconds: number | null;
}

export interface NextStep {
  readonly status: DeliveryStatus;
  readonly retries: number;
  /** Null where there is no further attempt. */
  readonly nextAttemptAt: Date | null;
}

/** What follows an attempt that ended `at`. A receiver may ask for more time than the schedule gives, not for less. */
export function stepAfter(attempt: AttemptFacts, at: Date, random: number): NextStep {
  const { retries, isSuccess, isGone, retryAfterSeconds } = attempt;
  if (isSuccess) return { status: "delivered", retries, nextAttemptAt: null };
  const planned = isGone ? null : retryDelayMs(retries, random);
  if (planned === null) return { status: "failed", retries, nextAttemptAt: null };
  const asked = Math.min((retryAfterSeconds ?? 0) * SECOND_MS, LONGEST_RETRY_AFTER_MS);
  const nextAttemptAt = new Date(at.getTime() + Math.max(planned, asked));
  return { status: "pending", retries: retries + 1, nextAttemptAt };
}

export const FAILING_DAYS = 5;

/** Whether nothing but failures for so long ends it; one success starts the count over. */
export function isGivenUp(failingSince: Date | null, now: Date): boolean {
  return failingSince !== null && now.getTime() - failingSince.getTime() >= FAILING_DAYS * DAY_MS;
}

/** How long the secret before a rotation signs as well. */
export const OLD_SECRET_HOURS = 24;

export function endOfOldSecret(now: Date): Date {
  return new Date(now.getTime() + OLD_SECRET_HOURS * HOUR_MS);
}

/** Deliveries are kept so long. */
export const KEPT_DAYS = 30;

/** The most webhooks of an account. */
export const MAX_WEBHOOKS = 50;

/** What can be done with a webhook: while it is enabled, disabled, or both; by which permission. */
export const WEBHOOK_VERBS = {
  edit: { on: [true, false], permission: "webhooks.manage" },
  sendTest: { on: [true], permission: "webhooks.manage" },
  viewSecret: { on: [true, false], permission: "webhooks.revealSecret" },
  rotateSecret: { on: [true, false], permission: "webhooks.revealSecret" },
  enable: { on: [false], permission: "webhooks.manage" },
  disable: { on: [true], permission: "webhooks.manage" },
  delete: { on: [true, false], permission: "webhooks.manage" },
} as const;

export type WebhookVerb = keyof typeof WEBHOOK_VERBS;

/** The verbs a row offers: those its state allows and the viewer may do. */
export function verbsFor(
  enabled: boolean,
  may: (permission: (typeof WEBHOOK_VERBS)[WebhookVerb]["permission"]) => boolean,
): WebhookVerb[] {
  return (Object.keys(WEBHOOK_VERBS) as WebhookVerb[]).filter(
    (verb) => (WEBHOOK_VERBS[verb].on as readonly boolean[]).includes(enabled) && may(WEBHOOK_VERBS[verb].permission),
  );
}

/** What may be done with a delivery: by which permission. */
export const DELIVERY_VERBS = { redeliver: { permission: "webhooks.manage" } } as const;

export type DeliveryVerb = keyof typeof DELIVERY_VERBS;

export interface DeliveryState {
  /** Its webhook: one that is disabled sends nothing. */
  readonly enabled: boolean;
  /** Somebody is sending it at this moment. */
  readonly underWay: boolean;
}

/** The verbs a delivery offers, whatever became of it: those its state allows and the viewer may do. */
export function deliveryVerbs(
  { enabled, underWay }: DeliveryState,
  may: (permission: (typeof DELIVERY_VERBS)[DeliveryVerb]["permission"]) => boolean,
): DeliveryVerb[] {
  return enabled && !underWay && may(DELIVERY_VERBS.redeliver.permission) ? ["redeliver"] : [];
}

/** Redelivered in one transaction at most; what is left is asked for again. */
export const MAX_REDELIVERED_AT_ONCE = 1000;
