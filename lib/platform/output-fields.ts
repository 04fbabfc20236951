import { z } from "zod";

/** What a presented record holds, for its type and for the document alike. */
export const instantShape = () => z.string().meta({ format: "date-time" });
export const dayShape = () => z.string().meta({ format: "date" });
/** An exact number as a text: "1234.5". */
export const decimalShape = () => z.string().meta({ pattern: "^-?\\d+(\\.\\d+)?$" });
export const idShape = () => z.int().min(1);
export const countShape = () => z.int().min(0);
export const wholeShape = () => z.int();
/** A number with what stands behind its point. */
export const numberShape = () => z.number();
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

type Merged<Parts extends readonly object[]> = Parts extends readonly [
  infer First,
  ...infer Rest extends readonly object[],
]
  ? First & Merged<Rest>
  : unknown;

/**
 * Makes one record of several parts that share no field; for one presenter, whose records all have the same fields.
 * V8 keeps an object that got dozens of fields one by one as a hash table, and takes three times as long to serialise
 * it. One that was parsed has a hidden class, which its copies share; each part only sets what is there already.
 */
export function fieldMerger(): <Parts extends readonly object[]>(...parts: Parts) => Merged<Parts> {
  let blank: object | undefined;
  return <Parts extends readonly object[]>(...parts: Parts) => {
    blank ??= JSON.parse(
      JSON.stringify(Object.assign({}, ...parts), (name, value: unknown) => (name === "" ? value : null)),
    ) as object;
    return Object.assign({ ...blank }, ...parts) as Merged<Parts>;
  };
}
