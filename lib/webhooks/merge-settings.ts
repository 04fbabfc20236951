import { readOutsideUrl } from "@/lib/platform/outside/address-guard";
import { env } from "@/lib/platform/env";
import { wrongFields } from "@/lib/platform/errors";
import { LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";
import { CHOOSE_EVENTS, eventsFor, WEBHOOK_EVENTS, type WebhookEventWireName } from "./policy";
import type { WebhookRecord } from "./presenter";
import type { WebhookChanges } from "./schema";

/** All that people decide of a webhook. */
export interface WebhookSettings {
  readonly url: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly allEvents: boolean;
  readonly events: readonly WebhookEventWireName[];
  readonly apiVersion: string;
  /** Null = none, or it stays as it is. */
  readonly authorization: string | null;
}

type Complaints = Readonly<Record<string, string[]>>;

const NO_EVENTS: Complaints = { events: [CHOOSE_EVENTS] };

/** Events that are none of an account of this kind, or that nothing is left to be heard. */
function eventComplaints(
  kind: "partner" | "customer",
  { events = {} }: WebhookChanges,
  wanted: Pick<WebhookSettings, "allEvents" | "events">,
): Complaints {
  const offered = eventsFor(kind);
  const strange = WEBHOOK_EVENTS.filter((name) => events[name] === true && !offered.includes(name));
  const whose = kind === "partner" ? "is no event of a partner's account" : "is no event of a customer's account";
  if (strange.length > 0) return Object.fromEntries(strange.map((name) => [name, [whose]]));
  return wanted.allEvents || wanted.events.length > 0 ? {} : NO_EVENTS;
}

/** Whether anything may ever be sent there, by how it is written. */
function addressComplaints(url: string): Complaints {
  const read = readOutsideUrl(url, env().WEBHOOK_ALLOWED_PRIVATE_HOSTS);
  return read.ok ? {} : { url: [read.complaint] };
}

/** What is sent as `Authorization` was entrusted to one address: whoever moves the webhook elsewhere does not take it along unseen. */
function authorizationComplaints(current: WebhookRecord, url: string, given: WebhookChanges["authorization"]) {
  if (!current.hasAuthorization || given !== undefined) return {};
  if (url === current.url) return {};
  return { authorization: ["Enter it again, or clear it: it was meant for the address before."] };
}

/** The webhook as it is to be: what is given, and the rest as it stands. @throws DomainError invalid_input, naming all that is wrong */
export function mergeSettings(
  kind: "partner" | "customer",
  current: WebhookRecord | null,
  changes: WebhookChanges,
): WebhookSettings {
  const isSubscribed = (name: WebhookEventWireName) =>
    changes.events?.[name] ?? current?.events.includes(name) ?? false;
  const settings: WebhookSettings = {
    url: changes.url ?? current?.url ?? "",
    description: changes.description ?? current?.description ?? "",
    enabled: changes.enabled ?? current?.enabled ?? true,
    allEvents: changes.allEvents ?? current?.allEvents ?? false,
    events: eventsFor(kind).filter(isSubscribed),
    apiVersion: changes.apiVersion ?? current?.apiVersion ?? LATEST_API_VERSION,
    authorization: changes.authorization ?? null,
  };
  const complaints = {
    ...(settings.url !== current?.url && addressComplaints(settings.url)),
    ...eventComplaints(kind, changes, settings),
    ...(current && authorizationComplaints(current, settings.url, changes.authorization)),
  };
  if (Object.keys(complaints).length > 0) throw wrongFields(complaints);
  return settings;
}
