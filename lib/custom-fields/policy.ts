import type { CustomDataType, CustomRecordType } from "@/generated/prisma/enums";
import type { FieldErrors } from "@/lib/platform/errors";
import { readProse } from "@/lib/platform/plain-text";
import { readDay } from "@/lib/platform/written-times";

/** As people read them, and as the API writes them. */
export const DATA_TYPE_NAMES = {
  text: "Text",
  drop_down: "Drop-down",
  checkbox: "Checkbox",
  date: "Date",
} as const satisfies Record<CustomDataType, string>;

/** So that a form stays one, and a record's values small. */
export const MAX_CUSTOM_FIELDS_PER_RECORD_TYPE = 100;

/** The first of these, numbered from `first` on, that is not taken. */
function firstFree(stem: string, first: number, taken: ReadonlySet<string>): string {
  for (let number = first; ; number++) if (!taken.has(`${stem}_${number}`)) return `${stem}_${number}`;
}

/**
 * The label in lower case, every character but letters from a to z and digits to `_`. Where that is taken, a number
 * follows; where nothing is left of it, it is `field_1` or the next that is free.
 */
export function customFieldKey(label: string, taken: ReadonlySet<string> = new Set()): string {
  const key = label
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^a-z0-9]/gu, "_");
  if (/^_+$/.test(key)) return firstFree("field", 1, taken);
  return taken.has(key) ? firstFree(key, 2, taken) : key;
}

export type CustomFieldVerb = "moveUp" | "moveDown" | "edit" | "delete";

/** What may be done to the field that stands at `index` of the `count` fields of its record type. */
export function customFieldVerbs(index: number, count: number): CustomFieldVerb[] {
  return [
    ...(index > 0 ? ["moveUp" as const] : []),
    ...(index < count - 1 ? ["moveDown" as const] : []),
    "edit",
    "delete",
  ];
}

/** What an account says of one custom field. */
export interface CustomFieldDefinition {
  readonly id: number;
  readonly recordType: CustomRecordType;
  readonly label: string;
  /** Under which a record's `custom_fields` holds the value. */
  readonly key: string;
  readonly dataType: CustomDataType;
  readonly required: boolean;
  /** Of a Drop-down. */
  readonly choices: readonly string[];
}

export type CustomFieldValue = string | boolean | null;

export type MergedCustomFields =
  | { readonly ok: true; readonly values: Record<string, CustomFieldValue> }
  | { readonly ok: false; readonly errors: FieldErrors };

const LONGEST_TEXT = 5000;
const TRUTHS = new Map<unknown, boolean>([
  [true, true],
  ["true", true],
  ["1", true],
  [1, true],
  [false, false],
  ["false", false],
  ["0", false],
  [0, false],
]);

type Checked = { readonly value: CustomFieldValue } | { readonly complaint: string };

function checkText(given: unknown): Checked {
  if (typeof given !== "string" && typeof given !== "number") return { complaint: "must be a text" };
  const reading = readProse(String(given));
  if ("complaint" in reading) return reading;
  const { text: value } = reading;
  return value.length > LONGEST_TEXT ? { complaint: `has at most ${LONGEST_TEXT} characters` } : { value };
}

function checkChoice(given: unknown, choices: readonly string[]): Checked {
  const value = typeof given === "number" ? String(given) : typeof given === "string" ? given.normalize("NFC") : given;
  if (typeof value === "string" && choices.includes(value)) return { value };
  return { complaint: `must be one of ${choices.join(", ")}` };
}

function checkTruth(given: unknown): Checked {
  const value = TRUTHS.get(given);
  return value === undefined ? { complaint: "must be true or false" } : { value };
}

/** A day; of a time only its day is kept. */
function checkDay(given: unknown): Checked {
  const value = typeof given === "string" ? readDay(given) : null;
  return value === null ? { complaint: "must be a date such as 2026-11-22" } : { value };
}

function checkValue({ dataType, choices }: CustomFieldDefinition, given: unknown): Checked {
  if (given === null || given === "") return { value: null };
  switch (dataType) {
    case "text":
      return checkText(given);
    case "drop_down":
      return checkChoice(given, choices);
    case "checkbox":
      return checkTruth(given);
    case "date":
      return checkDay(given);
  }
}

/** What a caller sent as `custom_fields`, key by key; null when it is no object. An empty list is how some languages write an empty one. */
function givenEntries(given: unknown): [string, unknown][] | null {
  if (given === undefined || given === null || (Array.isArray(given) && given.length === 0)) return [];
  return typeof given === "object" && !Array.isArray(given) ? Object.entries(given) : null;
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

function merge(
  definitions: readonly CustomFieldDefinition[],
  current: Readonly<Record<string, unknown>>,
  given: unknown,
  mustBeThere: (definition: CustomFieldDefinition, isGiven: boolean) => boolean,
): MergedCustomFields {
  const entries = givenEntries(given);
  if (entries === null) return { ok: false, errors: { custom_fields: ["must be an object of values by key"] } };
  const known = new Map(definitions.map((definition) => [definition.key, definition]));
  const errors: Record<string, string[]> = {};
  const values = new Map(Object.entries(current) as [string, CustomFieldValue][]);
  const named = new Set<string>();
  for (const [key, value] of entries) {
    const definition = known.get(key);
    named.add(key);
    // A whole record comes back as it is: also with a choice that was removed meanwhile.
    if (definition && values.has(key) && values.get(key) === value) continue;
    const checked = definition
      ? checkValue(definition, value)
      : { complaint: "is not a custom field of this record; define it in the account's settings first" };
    if ("complaint" in checked) errors[`custom_fields.${key}`] = [checked.complaint];
    else values.set(key, checked.value);
  }
  for (const definition of definitions) {
    const name = `custom_fields.${definition.key}`;
    const isMissing = mustBeThere(definition, named.has(definition.key)) && isEmpty(values.get(definition.key));
    if (isMissing && errors[name] === undefined) errors[name] = ["can't be blank"];
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, values: Object.fromEntries(values) };
}

/** The values of a record that exists: what is given is put over what is there. A required one may not be emptied. */
export function mergeCustomFields(
  definitions: readonly CustomFieldDefinition[],
  current: Readonly<Record<string, unknown>>,
  given: unknown,
): MergedCustomFields {
  return merge(definitions, current, given, ({ required }, isGiven) => required && isGiven);
}

/** The values of a new record: every required one has to be there. */
export function customFieldsOfNew(definitions: readonly CustomFieldDefinition[], given: unknown): MergedCustomFields {
  return merge(definitions, {}, given, ({ required }) => required);
}
