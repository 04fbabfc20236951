import type { FieldSpec, FieldValues } from "@/components/record/field-spec";
import type { CustomFieldDefinition } from "@/lib/custom-fields/policy";

type Values = Readonly<Record<string, string | boolean | null>>;

/** A key may hold a dot, which a form reads as a path: the id stands for it. */
function nameOf({ id }: CustomFieldDefinition): string {
  return `custom_field_${id}`;
}

function specOf(definition: CustomFieldDefinition): FieldSpec {
  const { label, key, dataType, required, choices } = definition;
  const common = { name: nameOf(definition), label, required, refusedAs: `custom_fields.${key}` };
  switch (dataType) {
    case "text":
      return { ...common, kind: "text", maxLength: 5000 };
    case "drop_down":
      return { ...common, kind: "choice", none: "None", options: choices.map((value) => ({ value, label: value })) };
    case "checkbox":
      return { ...common, kind: "checkbox" };
    case "date":
      return { ...common, kind: "date" };
  }
}

/** The inputs of an account's custom fields, for any record's form. */
export function customFieldInputs(definitions: readonly CustomFieldDefinition[]): FieldSpec[] {
  return definitions.map(specOf);
}

/** What those inputs hold at first; a new record has no values yet. */
export function customFieldValues(definitions: readonly CustomFieldDefinition[], values: Values = {}): FieldValues {
  const entries = definitions.map((definition) => {
    const value = values[definition.key] ?? null;
    return [nameOf(definition), definition.dataType === "checkbox" ? value === true : String(value ?? "")] as const;
  });
  return Object.fromEntries(entries);
}

/** The record's `custom_fields` as entered; only those that are among `entered`. */
export function enteredCustomFields(
  definitions: readonly CustomFieldDefinition[],
  entered: FieldValues,
): Record<string, string | boolean | null> {
  const entries = definitions.flatMap((definition) => {
    const value = entered[nameOf(definition)];
    return value === undefined ? [] : [[definition.key, value === "" ? null : value] as const];
  });
  return Object.fromEntries(entries);
}
