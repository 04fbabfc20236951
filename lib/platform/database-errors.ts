import { Prisma } from "./db";

/** What the driver says of a refused statement, as far as it is read here. */
interface DriverCause {
  readonly originalCode?: unknown;
  readonly originalMessage?: unknown;
  readonly constraint?: { readonly index?: unknown };
}

function causeOf(error: unknown): DriverCause | undefined {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return undefined;
  return (error.meta?.driverAdapterError as { cause?: DriverCause } | undefined)?.cause;
}

/** Somebody else held what the statement wanted for longer than it may wait. */
const LOCK_NOT_AVAILABLE = "55P03";

/** Whether too many wanted the same record at once: nothing is wrong with the request, which may be sent again. */
export function isLockTimeout(error: unknown): boolean {
  return causeOf(error)?.originalCode === LOCK_NOT_AVAILABLE;
}

/** Integrity constraint violations, all of them: unique, foreign key, check, exclusion, restrict. */
const INTEGRITY_VIOLATION = /^23/;
/** The last name in quotation marks: the server says the table's first, in whatever language it speaks. */
const LAST_QUOTED_NAME = /["»«„“”]\s*([A-Za-z_][\w$]*)\s*["»«“”][^"»«„“”]*$/;

const VALUE_REFUSED = /^2[23]/;

/** Whether the database took a statement's values for impossible (a number too large, a constraint): trying again changes nothing. */
export function isRefusedValue(error: unknown): boolean {
  const code = causeOf(error)?.originalCode;
  return typeof code === "string" && VALUE_REFUSED.test(code);
}

/**
 * The name of the constraint that a refused statement would have violated; null when that was not why it failed.
 * Prisma hands on the name of keys; of a check or an exclusion the server's sentence alone holds it.
 */
export function constraintOf(error: unknown): string | null {
  const cause = causeOf(error);
  if (typeof cause?.originalCode !== "string" || !INTEGRITY_VIOLATION.test(cause.originalCode)) return null;
  if (typeof cause.constraint?.index === "string") return cause.constraint.index;
  return typeof cause.originalMessage === "string" ? (LAST_QUOTED_NAME.exec(cause.originalMessage)?.[1] ?? null) : null;
}
