import "server-only";
import type { z } from "zod";

import { DomainError, wrongFields, type FieldErrors } from "@/lib/platform/errors";
import { errorsByField } from "@/lib/platform/field-errors";
import { secretComplaints, redactSecretsWithin } from "@/lib/platform/secret-patterns";

/**
 * The previous values of fields are not checked for secrets, because they are stored nowhere: otherwise nobody could
 * remove a secret from a field. Nor is the field that asks for one.
 */
function toBeChecked(input: unknown, secretField: string | undefined): unknown {
  if (typeof input !== "object" || input === null) return input;
  const left = Object.entries(input).filter(([name]) => name !== "seen" && name !== secretField);
  return Array.isArray(input) ? input : Object.fromEntries(left);
}

/**
 * What a form sent. What holds a secret of ours is refused, wherever it stands but in `secretField`.
 * @throws DomainError invalid_input
 */
export function readForm<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  secretField?: string,
): z.output<Schema> {
  const refused = (fields: FieldErrors) =>
    new DomainError("invalid_input", "Some fields need another look. Nothing was saved.", redactSecretsWithin(fields));
  const secrets = Object.entries(secretComplaints(toBeChecked(input, secretField)) ?? {});
  if (secrets.length > 0)
    throw refused(Object.fromEntries(secrets.map(([name, [complaint]]) => [name, [`This ${complaint}.`]])));
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw refused(errorsByField(parsed.error));
}

/** What an address's query says, secrets left out. @throws DomainError invalid_input */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  nothing: "Nothing was exported." | "Nothing was uploaded.",
): z.output<Schema> {
  const parsed = schema.safeParse(redactSecretsWithin(input));
  if (parsed.success) return parsed.data;
  const sentence = `This address asks for something that there is not. ${nothing}`;
  throw new DomainError("invalid_input", sentence, errorsByField(parsed.error));
}

/** The same, where it becomes part of a record: what holds a secret of ours is refused. @throws DomainError invalid_input */
export function readKeptQuery<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
  nothing: "Nothing was exported." | "Nothing was uploaded.",
): z.output<Schema> {
  const secrets = secretComplaints(input);
  if (secrets !== null) throw wrongFields(secrets);
  return readQuery(schema, input, nothing);
}

/** Names given twice stay lists, which no schema takes for a text. */
export function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url);
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const values = searchParams.getAll(name);
      return [name, values.length === 1 ? (values[0] ?? "") : values];
    }),
  );
}
