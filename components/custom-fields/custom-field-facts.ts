import { formatDate } from "@/components/ui/time-format";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";

function sayValue({ dataType }: CustomFieldDefinition, value: string | boolean | null): string | null {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (value === null || value === "") return null;
  return dataType === "date" ? formatDate(new Date(value), "UTC") : value;
}

/** A record's custom fields as a list of facts, in the account's order. */
export function customFieldFacts(
  definitions: readonly CustomFieldDefinition[],
  values: Readonly<Record<string, string | boolean | null>>,
): { label: string; value: string | null }[] {
  return definitions.map((definition) => ({
    label: definition.label,
    value: sayValue(definition, values[definition.key] ?? null),
  }));
}
