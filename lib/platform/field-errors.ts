import type { FieldErrors } from "./errors";

/** What a schema has against an input, by the path of its part. */
export function errorsByField(error: {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
}): FieldErrors {
  const fields: Record<string, string[]> = {};
  for (const { path, message } of error.issues) (fields[path.join(".")] ??= []).push(message);
  return fields;
}
