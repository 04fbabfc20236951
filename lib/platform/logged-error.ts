import { isNativeError } from "node:util/types";

import { constraintOf, sqlStateOf } from "./database/errors";
import { redactSecrets } from "./secret-patterns";

/** What an error says of itself that is the program's, the system's or the database's own: never what somebody sent. */
const FACTS = [
  ...["code", "errno", "syscall", "address", "port", "digest"],
  ...["severity", "schema", "table", "column", "constraint", "routine"],
] as const;

const LEFT_OUT = "[left out]";
const LONGEST_MESSAGE = 1000;
const MOST_CAUSES = 5;
const MOST_ERRORS = 5;

/** An error as a line of the log holds it. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  /** With its causes', one behind the other. */
  readonly stack: string;
  readonly [fact: string]: unknown;
}

/** The server quotes values where it could not read them, and names of tables and columns everywhere else. */
const quotesNamesAlone = (error: Error): boolean => /^(?!22)[0-9A-Z]{5}$/.test(sqlStateOf(error));

/**
 * A message without what it quotes, for that is what was sent. Nobody escapes a quotation mark in a message: it goes on
 * to the last one.
 */
export function withoutQuotations(text: string): string {
  return text
    .replace(/["“«„].*["”»“]/s, `"${LEFT_OUT}"`)
    .replace(/(?<=^|[\s([:=,])['‘].*['’](?![A-Za-z])/s, (quoted) => {
      // The program's own names: `Cannot read properties of undefined (reading 'id')`.
      return /^'[\w$.]+'$/.test(quoted) && /\((?:reading|setting) $/.test(text.slice(0, text.indexOf(quoted)))
        ? quoted
        : `'${LEFT_OUT}'`;
    });
}

/** What the language itself says of a value stands without quotation marks. */
function withoutValues({ name }: Error, text: string): string {
  if (name !== "RangeError" && name !== "SyntaxError") return text;
  return text
    .replace(/: .*$/s, `: ${LEFT_OUT}`)
    .replace(/^Cannot convert .* to a BigInt$/s, `Cannot convert ${LEFT_OUT} to a BigInt`);
}

function issuesOf(error: Error): readonly { readonly code?: unknown }[] | null {
  const { issues } = error as { issues?: unknown };
  return Array.isArray(issues) ? (issues as { code?: unknown }[]) : null;
}

function messageOf(error: Error): string {
  const issues = issuesOf(error);
  // Their paths and texts hold names that were sent.
  if (issues !== null) return `an input did not fit: ${issues.map(({ code }) => String(code)).join(", ")}`;
  // Prisma writes out what a call was given, and says on the last line what is wrong with it.
  const said =
    error.name === "PrismaClientValidationError" ? (error.message.trim().split("\n").at(-1) ?? "") : error.message;
  const own = quotesNamesAlone(error) ? said : withoutValues(error, withoutQuotations(said));
  return own.trim().slice(0, LONGEST_MESSAGE);
}

/** Where it came from. The message stands before it, and may look like a part of it. */
function framesOf({ message, stack = "" }: Error): string {
  const at = stack.indexOf(message);
  const behind = at === -1 ? stack : stack.slice(at + message.length);
  return behind
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => `\n${line}`)
    .join("");
}

function stackOf(error: Error, causes = 0): string {
  const own = `${error.name}: ${messageOf(error)}${framesOf(error)}`;
  const { cause } = error;
  return cause instanceof Error && causes < MOST_CAUSES ? `${own}\ncaused by: ${stackOf(cause, causes + 1)}` : own;
}

function factsOf(error: Error): Record<string, unknown> {
  const given = error as unknown as Readonly<Record<string, unknown>>;
  const facts = FACTS.filter((name) => ["string", "number"].includes(typeof given[name])).map((name) => [
    name,
    given[name],
  ]);
  const [sqlState, constraint] = [sqlStateOf(error), constraintOf(error)];
  return {
    ...(Object.fromEntries(facts) as Record<string, unknown>),
    ...(sqlState !== "" && { sqlState }),
    ...(constraint !== null && { constraint }),
  };
}

/**
 * What failed, where and why, without what was sent: an error's own words quote it, and so do the details that drivers
 * and parsers hang on it (`Key (email)=(…) already exists`).
 */
export function loggedError(error: unknown): LoggedError | string {
  return describe(error, 0);
}

function describe(error: unknown, depth: number): LoggedError | string {
  if (!isNativeError(error) && !(error instanceof Error)) return `no error was thrown, but ${typeof error}`;
  const { errors } = error as { errors?: unknown };
  const parts =
    Array.isArray(errors) && depth === 0 ? errors.slice(0, MOST_ERRORS).map((part) => describe(part, 1)) : [];
  return {
    ...factsOf(error),
    type: error.name,
    message: messageOf(error),
    stack: stackOf(error),
    ...(parts.length > 0 && { errors: parts }),
  };
}

/** An error as the log has it, for whoever keeps it elsewhere: kind, words and frames, and none of what was sent. */
export function errorWithoutValues(error: unknown): Error {
  const logged = loggedError(error);
  const { message, stack } =
    typeof logged === "string"
      ? { message: `Error: ${logged}`, stack: "" }
      : { message: `${logged.type}: ${logged.message}`, stack: logged.stack };
  return Object.assign(new Error(redactSecrets(message)), { stack: redactSecrets(stack) });
}
