import { z } from "zod";

import { readLine, readProse } from "./plain-text";
import { readDay, readTimestamp, saysTimeOfDay } from "./written-times";

/** What a value was read as, or what is wrong with it. */
type Reading<T> = { readonly value: T } | { readonly complaint: string };

const BLANK = "can't be blank";
const LARGEST_INT4 = 2_147_483_647;

/** A field read by a function of ours, which says in words what is wrong; `shape` is what the document says of it. */
function field<T>(shape: Readonly<Record<string, unknown>>, read: (given: unknown) => Reading<T>) {
  return z
    .unknown()
    .meta(shape)
    .transform((given, context): T => {
      const reading = read(given);
      if ("value" in reading) return reading.value;
      context.addIssue({ code: "custom", message: reading.complaint });
      return z.NEVER;
    });
}

function isBlank(given: unknown): boolean {
  return given === undefined || given === null || (typeof given === "string" && given.trim() === "");
}

/** Blank is null, and any other value is read. */
function orNull<T>(read: (given: unknown) => Reading<T>): (given: unknown) => Reading<T | null> {
  return (given) => (isBlank(given) ? { value: null } : read(given));
}

/** Blank is refused. */
function orRefused<T>(read: (given: unknown) => Reading<T>): (given: unknown) => Reading<T> {
  return (given) => (isBlank(given) ? { complaint: BLANK } : read(given));
}

function nullable(type: string, shape: Readonly<Record<string, unknown>> = {}) {
  return { type: [type, "null"], ...shape };
}

/** What may be longer is prose, and may have several lines. */
const LONGEST_LINE = 255;

function readText(longest: number) {
  return (given: unknown): Reading<string> => {
    // JSON knows numbers that none here can hold: 1e400 is read as Infinity.
    const isText = typeof given === "string" || (typeof given === "number" && Number.isFinite(given));
    if (!isText) return { complaint: "must be a text" };
    const reading = longest > LONGEST_LINE ? readProse(String(given)) : readLine(String(given));
    if ("complaint" in reading) return reading;
    const { text } = reading;
    return text.length > longest ? { complaint: `has at most ${longest} characters` } : { value: text };
  };
}

export const textField = (longest = LONGEST_LINE) =>
  field(nullable("string", { maxLength: longest }), orNull(readText(longest)));
export const requiredTextField = (longest = LONGEST_LINE) =>
  field({ type: "string", maxLength: longest }, orRefused(readText(longest)));

/** A record is named by its number, which some clients send as a text. One too large for the database names no record. */
function readId(given: unknown): Reading<number> {
  const text = typeof given === "number" || typeof given === "string" ? String(given).trim() : "";
  if (!/^\d{1,19}$/.test(text)) return { complaint: "must be the id of a record" };
  const id = Number(text);
  return id < 1 || id > LARGEST_INT4 ? { complaint: "must exist" } : { value: id };
}

export const requiredIdField = () => field({ type: "integer", minimum: 1 }, orRefused(readId));

/**
 * Of the console, whose pages name a record by its number and nothing else, and of what waits in the queue. One that no
 * record can have is refused. Lint lets a whole number that comes in be taken by these functions alone.
 */
export const recordId = () => z.int().positive().max(LARGEST_INT4);

/** Digits alone: `1e9` and `0x10` are numbers to JavaScript, and in an address nonsense. */
const DIGITS = /^(0|[1-9]\d{0,9})$/;
const digits = () => z.union([z.number(), z.string().regex(DIGITS, "must be the id of a record").transform(Number)]);

/** The same where it stands in an address, as text. */
export const recordIdInAddress = () => digits().pipe(recordId());

/** The same in the API's addresses, as its document describes it. */
export const idInPath = () => z.int().min(1).max(LARGEST_INT4);

/** How often a record was changed when a form showed it: a form that saw an older one is refused. */
export const seenRevision = () => z.int().positive().max(LARGEST_INT4);

/** Which entry of an account's audit log. */
export const entrySequence = () => z.int().positive().max(LARGEST_INT4);

/** The number of a row that a list in an address goes on after; what is none is the beginning. */
export const rowInAddress = () => digits().pipe(z.int().min(0).max(LARGEST_INT4)).catch(0);

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

/** What is left blank is no. Null says nothing: taken for no it would switch off what nobody meant. */
export const truthField = () =>
  field<boolean>({ type: "boolean" }, (given) => {
    if (given === null) return { complaint: "must be true or false, not null" };
    const value = isBlank(given) ? false : TRUTHS.get(given);
    return value === undefined ? { complaint: "must be true or false" } : { value };
  });

/** A day such as "2026-11-22"; of a time only its day is kept, as it was written. */
function readDayField(given: unknown): Reading<string> {
  const value = typeof given === "string" ? readDay(given) : null;
  return value === null ? { complaint: "must be a date such as 2026-11-22" } : { value };
}

export const dayField = () => field(nullable("string", { format: "date" }), orNull(readDayField));

/** ISO 8601 with any offset; without one it is UTC, without a time midnight. Kept to the millisecond. */
function readInstant(given: unknown): Reading<Date> {
  const written = typeof given === "string" ? readTimestamp(given) : null;
  if (written === null) return { complaint: "must be a time such as 2026-11-22T10:00:00Z" };
  return { value: new Date(written.replace(/(\.\d{1,3})\d*Z$/, "$1Z")) };
}

export const instantField = () => field(nullable("string", { format: "date-time" }), orNull(readInstant));
export const requiredInstantField = () => field({ type: "string", format: "date-time" }, orRefused(readInstant));

/** A day, and the instant on it where more than the day was said. */
export interface Moment {
  /** As it was written: "2026-11-22". */
  readonly day: string;
  readonly instant: Date | null;
}

function readMoment(given: unknown): Reading<Moment> {
  const [day, instant] = [readDayField(given), readInstant(given)];
  if (!("value" in day) || !("value" in instant)) return { complaint: "must be a date such as 2026-11-22, or a time" };
  return { value: { day: day.value, instant: saysTimeOfDay(String(given)) ? instant.value : null } };
}

export const requiredMomentField = () =>
  field(
    {
      anyOf: [
        { type: "string", format: "date" },
        { type: "string", format: "date-time" },
      ],
    },
    orRefused(readMoment),
  );

interface Precision {
  /** Before the point. */
  readonly digits: number;
  /** Behind it; what is finer is rounded half up. */
  readonly scale: number;
}

/** An exact number, not negative, as the database writes it: "1234.5". */
function readDecimal({ digits, scale }: Precision) {
  return (given: unknown): Reading<string> => {
    const text = typeof given === "number" || typeof given === "string" ? String(given).trim() : "";
    const parts = /^\+?(\d*)(?:\.(\d*))?$/.exec(text);
    if (!parts || !/\d/.test(text)) return { complaint: "must be a number that is not negative" };
    const [, whole = "", fraction = ""] = parts;
    const padded = fraction.padEnd(scale + 1, "0");
    const units = BigInt(`${whole || "0"}${padded.slice(0, scale)}`) + (Number(padded[scale]) >= 5 ? 1n : 0n);
    const written = units.toString().padStart(scale + 1, "0");
    if (written.length - scale > digits) return { complaint: `has at most ${digits} digits before the point` };
    return { value: scale === 0 ? written : `${written.slice(0, -scale)}.${written.slice(-scale)}` };
  };
}

const DECIMAL_SHAPE = { type: ["number", "string"] };
export const decimalField = (precision: Precision) =>
  field({ type: ["number", "string", "null"] }, orNull(readDecimal(precision)));
export const requiredDecimalField = (precision: Precision) => field(DECIMAL_SHAPE, orRefused(readDecimal(precision)));

function readWhole(least: number, most: number) {
  return (given: unknown): Reading<number> => {
    const text = typeof given === "number" || typeof given === "string" ? String(given).trim() : "";
    const value = /^-?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most
      ? { value }
      : { complaint: `must be a whole number from ${least} to ${most}` };
  };
}

export const wholeField = (least: number, most: number) =>
  field({ type: ["integer", "string", "null"], minimum: least, maximum: most }, orNull(readWhole(least, most)));

function readChoice<const Choice extends string>(choices: readonly Choice[]) {
  return (given: unknown): Reading<Choice> => {
    const value = choices.find((choice) => choice === given);
    return value === undefined ? { complaint: `must be one of ${choices.join(", ")}` } : { value };
  };
}

export const choiceField = <const Choice extends string>(choices: readonly Choice[]) =>
  field({ type: ["string", "null"], enum: [...choices, null] }, orNull(readChoice(choices)));
export const requiredChoiceField = <const Choice extends string>(choices: readonly Choice[]) =>
  field({ type: "string", enum: [...choices] }, orRefused(readChoice(choices)));

/** Whatever it is: the feature that knows it looks at it. */
export const openField = () => z.unknown().meta({ type: ["object", "null"] });

/** Without the fields that cannot be read. */
function readableOf(fields: z.ZodObject, given: unknown): unknown {
  if (typeof given !== "object" || given === null) return given;
  const unread = new Set(fields.safeParse(given).error?.issues.map(({ path }) => path[0]));
  return Object.fromEntries(Object.entries(given).filter(([name]) => !unread.has(name)));
}

/**
 * What fields held before somebody changed them, for comparison alone. What stands there from a time when more was
 * taken is left out: whoever mends it must not be refused for it.
 */
export const seenFields = <Fields extends z.ZodObject>(fields: Fields) =>
  z.preprocess((given) => readableOf(fields, given), fields);

type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Rest}`
  ? `${Head}${Capitalize<CamelCase<Rest>>}`
  : Name;
export type CamelKeys<Given> = { [Key in keyof Given as Key extends string ? CamelCase<Key> : Key]: Given[Key] };

/** `licensePlate` → `license_plate`, as forms and the API call it. */
export function wireName(name: string): string {
  return name.replace(/[A-Z]|\d+$/g, (found) => `_${found.toLowerCase()}`);
}

/** The same values under the names that our code has for them. What was not given stays not given. */
export function camelKeys<Given extends object>(given: Given): CamelKeys<Given> {
  const renamed = Object.entries(given).map(([key, value]) => [
    key.replace(/_([a-z\d])/g, (_, letter: string) => letter.toUpperCase()),
    value as unknown,
  ]);
  return Object.fromEntries(renamed) as CamelKeys<Given>;
}
