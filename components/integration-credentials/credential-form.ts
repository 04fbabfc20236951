import type { z } from "zod";

import type { FieldErrors } from "@/lib/platform/errors";
import { errorsByField } from "@/lib/platform/field-errors";
import type { CredentialRow } from "@/lib/integration-credentials/queries";
import { addCredentialInput, editCredentialInput, makeCredentialInput } from "@/lib/integration-credentials/schema";

/** The form as its fields hold it. */
export type CredentialValues = {
  name: string;
  description: string;
  /** Never filled in by us. */
  apiKey: string;
  /** A key of this hub is made instead. */
  makesKey: boolean;
  accountToken: string;
  otherHost: boolean;
  baseUrl: string;
  /** Saved though its host did not answer. */
  unchecked: boolean;
};

export function valuesOf(row: CredentialRow | null): CredentialValues {
  return {
    name: row?.name ?? "",
    description: row?.description ?? "",
    apiKey: "",
    makesKey: false,
    accountToken: row?.accountToken ?? "",
    otherHost: row !== null && row.baseUrl !== null,
    baseUrl: row?.baseUrl ?? "",
    unchecked: false,
  };
}

const hostOf = ({ otherHost, baseUrl }: CredentialValues) => (otherHost ? baseUrl : null);

/** A key is kept for one address: to another one it is given anew. */
export function isElsewhere(values: CredentialValues, row: CredentialRow): boolean {
  return (hostOf(values)?.trim() ?? null) !== row.baseUrl;
}

export type CredentialInput =
  | { readonly does: "make"; readonly input: z.input<typeof makeCredentialInput> }
  | { readonly does: "add"; readonly input: z.input<typeof addCredentialInput> }
  | { readonly does: "edit"; readonly input: z.input<typeof editCredentialInput> };

/** What the action gets, and which one. */
export function toCredentialInput(
  values: CredentialValues,
  submissionId: string,
  row: CredentialRow | null,
): CredentialInput {
  const { name, description, accountToken, apiKey, makesKey, otherHost, unchecked } = values;
  const facts = { name, description, accountToken };
  if (row === null && makesKey && !otherHost) return { does: "make", input: { submissionId, ...facts } };
  const sent = { ...facts, baseUrl: hostOf(values), unchecked };
  if (row === null) return { does: "add", input: { submissionId, ...sent, apiKey } };
  const { id, revision } = row;
  return { does: "edit", input: { id, revision, ...sent, apiKey: isElsewhere(values, row) ? apiKey : null } };
}

const SCHEMAS = { make: makeCredentialInput, add: addCredentialInput, edit: editCredentialInput };

/** What the action would refuse, said at once. */
export function complaintsOf({ does, input }: CredentialInput): FieldErrors | null {
  const { error } = SCHEMAS[does].safeParse(input);
  return error ? errorsByField(error) : null;
}

/** The form's field that a refused part of the input stands at. */
export function fieldOf(path: string): keyof CredentialValues | undefined {
  return (["name", "description", "apiKey", "accountToken", "baseUrl"] as const).find((field) => field === path);
}
