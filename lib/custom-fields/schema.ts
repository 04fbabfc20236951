import { z } from "zod";

import { recordId, truthField } from "@/lib/platform/input-fields";
import { camelCase, capitalised } from "@/lib/platform/name-cases";
import { lineField } from "@/lib/platform/plain-text";
import { CUSTOMISED_RECORDS } from "@/lib/resources";
import { DATA_TYPE_NAMES } from "./policy";

export const DATA_TYPES = ["text", "drop_down", "checkbox", "date"] as const;

export const MAX_CHOICES = 200;
export const LONGEST_CHOICE = 100;
export const LONGEST_LABEL = 80;

const id = recordId();

/** Words with one space between them; it begins with a letter or a digit, of whatever script. */
const label = lineField({
  subject: "A label",
  most: LONGEST_LABEL,
  blank: "Enter a label.",
  prepare: (text) => text.trim().replace(/\s+/g, " "),
}).refine((text) => /^[\p{L}\p{N}]/u.test(text), "A label begins with a letter or a digit.");

const choices = z
  .array(lineField({ subject: "A choice", most: LONGEST_CHOICE }))
  .transform((given) => [...new Set(given.filter((choice) => choice !== ""))])
  .pipe(z.array(z.string()).max(MAX_CHOICES, `A drop-down has at most ${MAX_CHOICES} choices.`));

export const createCustomFieldInput = z
  .strictObject({
    recordType: z.enum(CUSTOMISED_RECORDS),
    label,
    dataType: z.enum(DATA_TYPES),
    required: z.boolean(),
    /** Of a Drop-down; of the others none. */
    choices,
  })
  .refine(({ dataType, choices: given }) => dataType !== "drop_down" || given.length > 0, {
    path: ["choices"],
    message: "Enter at least one choice.",
  })
  .refine(({ dataType, choices: given }) => dataType === "drop_down" || given.length === 0, {
    path: ["choices"],
    message: "Only a drop-down has choices.",
  });
export type CreateCustomFieldInput = z.output<typeof createCustomFieldInput>;

export const editCustomFieldInput = z.strictObject({ id, label, required: z.boolean(), choices });

/** One of our words, or what the API calls it. */
function wordOf<const Word extends string>(words: readonly Word[], nameOf: (word: Word) => string) {
  const known = new Map(
    words.flatMap((word): [string, Word][] => [
      [word, word],
      [nameOf(word), word],
    ]),
  );
  return z
    .enum([...new Set([...words.map(nameOf), ...words])], `must be one of ${words.map(nameOf).join(", ")}`)
    .transform((name) => known.get(name) as Word);
}

const givenChoices = choices.nullish().transform((given) => given ?? undefined);

/** Of the API. */
export const postCustomFieldInput = z
  .object({
    record_type: wordOf(CUSTOMISED_RECORDS, (record) => capitalised(camelCase(record))),
    label,
    data_type: wordOf(DATA_TYPES, (type) => DATA_TYPE_NAMES[type]),
    required: truthField().optional(),
    choices: givenChoices,
  })
  .transform(
    ({ record_type: recordType, data_type: dataType, required = false, choices: given = [], label: called }) => {
      return { recordType, dataType, required, choices: given, label: called };
    },
  )
  .pipe(createCustomFieldInput);

export const patchCustomFieldInput = z.object({
  label: label.optional(),
  required: truthField().optional(),
  choices: givenChoices,
});
export type CustomFieldChanges = z.output<typeof patchCustomFieldInput>;

export const moveCustomFieldInput = z.strictObject({ id, direction: z.enum(["up", "down"]) });
export type MoveCustomFieldInput = z.output<typeof moveCustomFieldInput>;

export const customFieldRef = z.strictObject({ id });
export type CustomFieldRef = z.output<typeof customFieldRef>;

/** The page's address. */
export const customFieldListQuery = z.object({ record: z.enum(CUSTOMISED_RECORDS).nullable().catch(null) });
export type CustomFieldListQuery = z.output<typeof customFieldListQuery>;
