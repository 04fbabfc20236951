import type { Prisma } from "@/generated/prisma/client";

/** What the driver says of a refused statement, as far as it is read here. */
interface DriverCause {
  readonly kind?: unknown;
  readonly originalCode?: unknown;
  readonly originalMessage?: unknown;
  readonly constraint?: { readonly index?: unknown };
}

/**
 * By its name: pages and server are bundled apart and each loads a Prisma of its own, while they share one client. What
 * the one's client throws is no instance of the other's class, and an outage was taken for a bug.
 */
export function isPrismaRefusal(error: unknown): error is Prisma.PrismaClientKnownRequestError {
  return error instanceof Error && error.name === "PrismaClientKnownRequestError";
}

function causeOf(error: unknown): DriverCause | undefined {
  if (!isPrismaRefusal(error)) return undefined;
  return (error.meta?.driverAdapterError as { cause?: DriverCause } | undefined)?.cause;
}

/** The server's SQLSTATE, by whichever way the statement went: the driver alone, or Prisma; "" where none is told. */
export function sqlStateOf(error: unknown): string {
  const code = isPrismaRefusal(error)
    ? causeOf(error)?.originalCode
    : (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === "string" && SQL_STATE.test(code) ? code : "";
}

const SQL_STATE = /^[0-9A-Z]{5}$/;
/** Its disk is full; it is read-only (a standby, or an operator's hand). */
const WRITE_REFUSED = new Set(["53100", "25006"]);

/** Whether the database takes no change at present, whatever it is: it can still be read. */
export function isWriteRefused(error: unknown): boolean {
  return WRITE_REFUSED.has(sqlStateOf(error));
}

const LINE_FAILED = new Set(["SocketTimeout", "ConnectionClosed", "DatabaseNotReachable", "TooManyConnections"]);

/** Whether Prisma says in words of its own that the line to the database failed: its code is then the one of any raw query. */
export function isConnectionFailure(error: unknown): boolean {
  return LINE_FAILED.has(String(causeOf(error)?.kind));
}

/** A constraint that is looked at last, a serialization failure or a deadlock: the transaction was rolled back. */
const UNDONE = /^(23|40)/;

/** Whether the server's word against a COMMIT says that nothing of its transaction is left. */
export function isRolledBack(error: unknown): boolean {
  return UNDONE.test(sqlStateOf(error)) || (isPrismaRefusal(error) && error.code === "P2034");
}

/** Integrity constraint violations, all of them: unique, foreign key, check, exclusion, restrict. */
const INTEGRITY_VIOLATION = /^23/;
/** The last name in quotation marks: the server says the table's first, in whatever language it speaks. */
const LAST_QUOTED_NAME = /["»«„“”]\s*([A-Za-z_][\w$]*)\s*["»«“”][^"»«„“”]*$/;

const VALUE_REFUSED = /^2[23]/;

/** Whether the database took a statement's values for impossible (a number too large, a constraint): trying again changes nothing. */
export function isRefusedValue(error: unknown): boolean {
  return VALUE_REFUSED.test(sqlStateOf(error));
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
