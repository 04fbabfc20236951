import { z } from "zod";

import { secretComplaint, findSecret } from "./secret-patterns";

/** A text as it is stored, or what is wrong with it, as the rest of a sentence: "holds a line break". */
export type TextReading = { readonly text: string } | { readonly complaint: string };

/** Of a line: also what some systems take for its end. */
const LINE_BREAK = /[\n\r\v\f\u0085\u2028\u2029]/u;
/** They turn the direction of what follows: "txt.exe" is shown as "exe.txt". */
const TURNING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;
/** Drawn as nothing; U+2800 is a letter of Braille without a dot. What joins letters and emoji is looked at by itself. */
const INVISIBLE = /(?!\u200c|\u200d|[\ufe00-\ufe0f])[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/u;
/** Persian and emoji need them, between what they join; anywhere else they are drawn as nothing. */
const LONE_JOINER =
  /(?<![\p{L}\p{M}\p{N}\p{S}])(?:\u200c|\u200d|[\ufe00-\ufe0f])|(?:\u200c|\u200d)(?![\p{L}\p{M}\p{N}\p{S}])/u;
const UNSTORABLE = /[\0\p{Cs}]/u;
const CONTROL = /[^\P{Cc}\n\r\t]/u;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

function nameOf(found: RegExpExecArray): string {
  return `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

const COMPLAINTS: readonly (readonly [RegExp, (code: string) => string])[] = [
  [UNSTORABLE, () => "holds a character that cannot be stored"],
  [TURNING, (code) => `holds a character that turns the direction of writing (${code}); take it out`],
  [INVISIBLE, (code) => `holds an invisible character (${code}); take it out`],
  [LONE_JOINER, (code) => `holds an invisible character (${code}); take it out`],
  [CONTROL, (code) => `holds a control character (${code}); take it out`],
];

/**
 * A text of several lines, as people see it: two that look alike because they are written in other code points are one
 * (NFC), nothing in it is hidden, and no secret of ours stands there for all to read. Blank is "".
 */
export function readProse(given: string): TextReading {
  const text = given.normalize("NFC").trim();
  for (const [pattern, complain] of COMPLAINTS) {
    const found = pattern.exec(text);
    if (found) return { complaint: complain(nameOf(found)) };
  }
  const secret = findSecret(text);
  if (secret !== null) return { complaint: secretComplaint(secret) };
  if (text !== "" && !VISIBLE.test(text)) return { complaint: "holds nothing that can be seen" };
  return { text };
}

/** The same on one line, as names are. */
export function readLine(given: string): TextReading {
  const text = given.trim();
  if (LINE_BREAK.test(text)) return { complaint: "holds a line break; write it on one line" };
  return text.includes("\t") ? { complaint: "holds a tab; write a space" } : readProse(text);
}

interface LineOptions {
  /** How a sentence of refusal begins: "A name". */
  readonly subject: string;
  readonly most: number;
  /** Said where nothing was written; left out = it may be left blank. */
  readonly blank?: string;
  /** Done to the text before it is looked at. */
  readonly prepare?: (text: string) => string;
}

/** A line that a form asks for, refused in whole sentences. */
export function lineField({ subject, most, blank, prepare = (text) => text }: LineOptions) {
  return z.string().transform((given, context) => {
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    const reading = readLine(prepare(given));
    if ("complaint" in reading) return refuse(`${subject} ${reading.complaint}.`);
    if (reading.text === "" && blank !== undefined) return refuse(blank);
    return reading.text.length > most ? refuse(`${subject} has at most ${most} characters.`) : reading.text;
  });
}
