import { get, type FieldErrors, type FieldValues } from "react-hook-form";

/** The message for a field; lists may carry it at their root. */
export function errorAt<Values extends FieldValues>(errors: FieldErrors<Values>, name: string): string | undefined {
  const error: unknown = get(errors, name);
  return messageOf(error) ?? messageOf(get(errors, `${name}.root`)) ?? firstMessage(error);
}

function messageOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("message" in error)) return undefined;
  return typeof error.message === "string" && error.message !== "" ? error.message : undefined;
}

function firstMessage(error: unknown): string | undefined {
  return Array.isArray(error) ? error.map(messageOf).find(Boolean) : undefined;
}
