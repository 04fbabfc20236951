import type { z } from "zod";

import { newSubmissionId } from "@/components/form/submission-id";
import type { FieldErrors } from "@/lib/platform/errors";
import { LATEST_API_VERSION } from "@/lib/public-api/versions/api-versions";
import { groupsFor } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import { createWebhookInput, editWebhookInput } from "@/lib/webhooks/schema";

/** The form as its fields hold it. */
export type WebhookValues = {
  submissionId: string;
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
    submissionId: newSubmissionId(),
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
export type ReadForm =
  { readonly creates: CreateInput } | { readonly edits: EditInput } | { readonly errors: FieldErrors };

function messagesOf(error: z.ZodError): FieldErrors {
  const errors: Record<string, string[]> = {};
  for (const issue of error.issues) (errors[issue.path.join(".")] ??= []).push(issue.message);
  return errors;
}

/** What the action gets, or what is wrong by field. */
export function readWebhookForm(values: WebhookValues, row: WebhookRow | null): ReadForm {
  const facts = {
    url: values.url,
    description: values.description,
    allEvents: values.hears === "all",
    events: values.groups.flat(),
    apiVersion: values.apiVersion,
  };
  if (row === null) {
    const input = { submissionId: values.submissionId, ...facts, authorization: values.authorization || null };
    const parsed = createWebhookInput.safeParse(input);
    return parsed.success ? { creates: input as CreateInput } : { errors: messagesOf(parsed.error) };
  }
  const authorization = values.dropsAuthorization ? null : values.authorization || undefined;
  const input = { id: row.id, revision: row.revision, ...facts, ...(authorization !== undefined && { authorization }) };
  const parsed = editWebhookInput.safeParse(input);
  return parsed.success ? { edits: input as EditInput } : { errors: messagesOf(parsed.error) };
}

/** The form's field that a refused part of the input stands at. */
export function fieldOf(path: string): "url" | "description" | "hears" | "apiVersion" | "authorization" | undefined {
  const [part = ""] = path.split(".");
  if (part === "events" || part === "allEvents") return "hears";
  return (["url", "description", "apiVersion", "authorization"] as const).find((field) => field === part);
}
