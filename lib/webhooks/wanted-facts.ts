import { readOutsideUrl } from "@/lib/platform/address-guard";
import { env } from "@/lib/platform/env";
import { wrongFields } from "@/lib/platform/errors";
import { LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";
import { eventsFor, WEBHOOK_EVENTS, type WebhookEventWireName } from "./policy";
import type { WebhookRecord } from "./presenter";
import type { WebhookChanges } from "./schema";

/** All that people decide of a webhook. */
export interface Facts {
  readonly url: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly allEvents: boolean;
  readonly events: readonly WebhookEventWireName[];
  readonly apiVersion: string;
  /** Null = none, or it stays as it is. */
  readonly authorization: string | null;
}

function eventsWanted(
  kind: "partner" | "customer",
  current: readonly string[],
  { events = {} }: WebhookChanges,
): WebhookEventWireName[] {
  const offered = eventsFor(kind);
  const strange = WEBHOOK_EVENTS.filter((name) => events[name] === true && !offered.includes(name));
  if (strange.length > 0) {
    const whose = kind === "partner" ? "is no event of a partner's account" : "is no event of a customer's account";
    throw wrongFields(Object.fromEntries(strange.map((name) => [name, [whose]])));
  }
  return offered.filter((name) => events[name] ?? current.includes(name));
}

/** The webhook as it is to be: what is given, and the rest as it stands. @throws DomainError invalid_input */
export function factsWanted(
  kind: "partner" | "customer",
  current: WebhookRecord | null,
  changes: WebhookChanges,
): Facts {
  const allEvents = changes.allEvents ?? current?.allEvents ?? false;
  const events = eventsWanted(kind, current?.events ?? [], changes);
  if (!allEvents && events.length === 0) throw wrongFields({ events: ["Choose at least one event, or all of them."] });
  return {
    url: changes.url ?? current?.url ?? "",
    description: changes.description ?? current?.description ?? "",
    enabled: changes.enabled ?? current?.enabled ?? true,
    allEvents,
    events,
    apiVersion: changes.apiVersion ?? current?.apiVersion ?? LATEST_API_VERSION,
    authorization: changes.authorization ?? null,
  };
}

/** Whether anything may ever be sent there, by how it is written. @throws DomainError invalid_input */
export function checkAddress(url: string): void {
  const read = readOutsideUrl(url, env().WEBHOOK_ALLOWED_PRIVATE_HOSTS);
  if (!read.ok) throw wrongFields({ url: [read.complaint] });
}

/** What is sent as `Authorization` was entrusted to one host: whoever moves the webhook elsewhere does not take it along unseen. */
export function checkAuthorization(current: WebhookRecord, url: string, given: WebhookChanges["authorization"]): void {
  if (!current.hasAuthorization || given !== undefined) return;
  if (new URL(url).origin === new URL(current.url).origin) return;
  throw wrongFields({ authorization: ["Enter it again, or clear it: the new address is on another host."] });
}
