import type { PickerOption, PickerSearch } from "@/components/form/record-picker";

/** One field of a record's form, as data: forms are lists of these. */
export type FieldSpec = {
  /** Its name in the form; as the input schema has it, where it is one of its fields. No dot in it. */
  name: string;
  label: string;
  hint?: string;
  required?: boolean;
  /** As wide as the form. */
  wide?: boolean;
  /** The field of the input whose refusal stands here, or the fields; its own name if not said. */
  refusedAs?: string | readonly string[];
  /** What is said of a refused value, where the form writes it in another way than the input. */
  wrong?: string;
} & (
  | { kind: "text"; maxLength?: number; mono?: boolean; type?: "text" | "email" | "tel" }
  | { kind: "area"; maxLength?: number }
  /** An exact number, typed as text. */
  | { kind: "number" }
  | { kind: "date" }
  | { kind: "dateTime" }
  | {
      kind: "choice";
      options: readonly { readonly value: string; readonly label: string }[];
      /** What choosing none is called; left out where one has to be chosen. */
      none?: string;
    }
  | { kind: "checkbox" }
  /** One of very many records, whose id it holds. */
  | { kind: "record"; search: PickerSearch; chosen: PickerOption | null }
);

export type FieldSection = { title: string; hint?: string; fields: readonly FieldSpec[] };

/** A form as its fields hold it. */
export type FieldValues = Record<string, string | boolean>;

/** By what name a picked record is shown stands in the form beside its id. */
export function shownOf(name: string): string {
  return `${name} shown`;
}

/** As the form holds them, in the order in which its fields stand. */
export function heldValues(fields: readonly FieldSpec[], values: FieldValues): FieldValues {
  const held: FieldValues = {};
  for (const spec of fields) {
    held[spec.name] = values[spec.name] ?? "";
    if (spec.kind === "record") held[shownOf(spec.name)] = spec.chosen?.name ?? "";
  }
  return { ...held, ...values };
}

/** What of `values` is not as it was. */
export function changedValues(values: FieldValues, was: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== was[name]));
}

/** Of `values` those that `names` has too. */
export function valuesOf(values: FieldValues, names: FieldValues): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => name in names));
}

const GROUPED = /^\s*\d{1,3}(?:,\d{3})+(?:\.\d*)?\s*$/;

/** Numbers as the input takes them: pages write "84,625.2", and so do people. */
export function withPlainNumbers(fields: readonly FieldSpec[], values: FieldValues): FieldValues {
  const plain = { ...values };
  for (const { name, kind } of fields) {
    const value = plain[name];
    if (kind === "number" && typeof value === "string" && GROUPED.test(value)) plain[name] = value.replaceAll(",", "");
  }
  return plain;
}

/** What a field holds, in words. */
export function sayValue(spec: FieldSpec, value: string | boolean): string {
  if (typeof value === "boolean") return value ? "ticked" : "not ticked";
  if (spec.kind === "choice") {
    const label = spec.options.find((option) => option.value === value)?.label ?? (value === "" ? spec.none : value);
    return `“${label ?? value}”`;
  }
  return value === "" ? "nothing" : `“${value}”`;
}

/** "can't be blank" reads "Name can't be blank."; a whole sentence stays what it is. */
export function sayRefusal(label: string, messages: readonly string[]): string {
  const text = messages.join(", ");
  const sentence = /^\p{Ll}/u.test(text) ? `${label} ${text}` : text;
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** Whether a refusal of that field of the input stands at this one. */
export function standsAt({ name, refusedAs = name }: FieldSpec, refused: string): boolean {
  return typeof refusedAs === "string" ? refusedAs === refused : refusedAs.includes(refused);
}
