import type { z } from "zod";

import { LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";
import { groupsFor } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import type { createWebhookInput, editWebhookInput } from "@/lib/webhooks/schema";

/** The form as its fields hold it. */
export type WebhookValues = {
  url: string;
  description: string;
  hears: "all" | "chosen";
  /** What is ticked, by the group's place. */
  groups: string[][];
  apiVersion: string;
  /** Empty = none, or what is set stays. */
  authorization: string;
  dropsAuthorization: boolean;
};

export function valuesOf(kind: "partner" | "customer", row: WebhookRow | null): WebhookValues {
  return {
    url: row?.url ?? "",
    description: row?.description ?? "",
    hears: row?.allEvents ? "all" : "chosen",
    groups: groupsFor(kind).map(({ events }) => events.filter((name) => row?.events.includes(name))),
    apiVersion: row?.apiVersion ?? LATEST_API_VERSION,
    authorization: "",
    dropsAuthorization: false,
  };
}

type CreateInput = z.input<typeof createWebhookInput>;
type EditInput = z.input<typeof editWebhookInput>;

/** What the action gets. */
export function toWebhookInput(
  values: WebhookValues,
  submissionId: string,
  row: WebhookRow | null,
): CreateInput | EditInput {
  const facts = {
    url: values.url,
    description: values.description,
    allEvents: values.hears === "all",
    events: values.groups.flat(),
    apiVersion: values.apiVersion,
  };
  // What does not fit is for the schema to say.
  if (row === null) return { submissionId, ...facts, authorization: values.authorization || null } as CreateInput;
  const authorization = values.dropsAuthorization ? null : values.authorization || undefined;
  const edited = {
    id: row.id,
    revision: row.revision,
    ...facts,
    ...(authorization !== undefined && { authorization }),
  };
  return edited as EditInput;
}

/** The form's field that a refused part of the input stands at. */
export function fieldOf(path: string): "url" | "description" | "hears" | "apiVersion" | "authorization" | undefined {
  const [part = ""] = path.split(".");
  if (part === "events" || part === "allEvents") return "hears";
  return (["url", "description", "apiVersion", "authorization"] as const).find((field) => field === part);
}
