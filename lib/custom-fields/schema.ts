import { z } from "zod";

import { recordId } from "@/lib/platform/input-fields";
import { lineField } from "@/lib/platform/plain-text";
import { CUSTOMISED_RECORDS } from "@/lib/resources";

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
export type EditCustomFieldInput = z.output<typeof editCustomFieldInput>;

export const moveCustomFieldInput = z.strictObject({ id, direction: z.enum(["up", "down"]) });
export type MoveCustomFieldInput = z.output<typeof moveCustomFieldInput>;

export const customFieldRef = z.strictObject({ id });
export type CustomFieldRef = z.output<typeof customFieldRef>;

/** The page's address. */
export const customFieldListQuery = z.object({ record: z.enum(CUSTOMISED_RECORDS).nullable().catch(null) });
export type CustomFieldListQuery = z.output<typeof customFieldListQuery>;
