import { z } from "zod";

/** What a presented record holds, for its type and for the document alike. */
export const instantShape = () => z.string().meta({ format: "date-time" });
export const dayShape = () => z.string().meta({ format: "date" });
/** An exact number as a text: "1234.5". */
export const decimalShape = () => z.string().meta({ pattern: "^-?\\d+(\\.\\d+)?$" });
export const idShape = () => z.int().min(1);
export const countShape = () => z.int().min(0);
export const textOrNull = () => z.string().nullable();
export const nothing = () => z.null();
export const customFieldsShape = () =>
  z
    .record(z.string(), z.union([z.string(), z.boolean(), z.null()]))
    .meta({ description: "By the key of the custom field." });
/** Of what this fleet keeps none of. */
export const noneShape = () => z.never().array().length(0).readonly();

export const attachmentPermissionsShape = () =>
  z.strictObject({
    read_photos: z.boolean(),
    manage_photos: z.boolean(),
    read_documents: z.boolean(),
    manage_documents: z.boolean(),
  });
