import type { RequestOrigin } from "@/lib/auth/actor";
import { mayHaveChanged } from "@/lib/auth/track-commits";
import { isOutage } from "@/lib/platform/database/state";
import {
  DomainError,
  outcomeUnknown,
  unavailable,
  type ErrorCode,
  type FieldErrors,
  type RecordInTheWay,
} from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { REFUSALS, retryAfter } from "./refusals";

/** What somebody hears of an act that failed. `code` steers it, `message` is for the person. */
export interface Failure {
  readonly code: ErrorCode | "unexpected";
  readonly message: string;
  readonly fields: FieldErrors;
  /** Where one record keeps this one from being saved. */
  readonly inTheWay?: RecordInTheWay;
}

/** What was attempted. */
interface Attempted {
  /** Such as "an action". */
  readonly what: string;
  readonly requestId: string | null;
  /** Null where it failed before anybody was asked for. */
  readonly origin: RequestOrigin | null;
  /** The way on where it is not known whether it was done; left out: to look. */
  readonly whenUnknown?: string;
}

const SENT_AGAIN =
  "The hub lost its database at that very moment, so it is not known whether this was saved. Press Save again: it is saved once, however often it is sent.";

/** Turns an error that the database caused into a refusal. A change committed before it may have stayed. */
export async function refusalIn(error: unknown, { what, requestId, origin }: Attempted): Promise<DomainError | null> {
  const isRefusal = error instanceof DomainError;
  if (isRefusal && error.code !== "unavailable") return error;
  if (!isRefusal && !(await isOutage(error))) return null;
  log().warn({ err: error, requestId }, `${what} met a database that is away or too busy`);
  return origin !== null && mayHaveChanged(origin) ? outcomeUnknown() : unavailable();
}

/** What is said of an act that failed: it claims nothing that is not known. */
export async function failureOf(error: unknown, attempted: Attempted): Promise<Failure> {
  const { what, requestId, origin, whenUnknown = origin?.submissionId === undefined ? null : SENT_AGAIN } = attempted;
  const refusal = await refusalIn(error, attempted);
  if (refusal !== null) {
    const { code, reason, fields, inTheWay } = refusal;
    const message = code === "outcome_unknown" ? (whenUnknown ?? reason) : reason;
    return { code, message, fields, ...(inTheWay !== null && { inTheWay }) };
  }
  log().error({ err: error, requestId }, `${what} failed unexpectedly`);
  const support = `tell support the request id ${requestId ?? "unknown"}.`;
  const message =
    origin !== null && mayHaveChanged(origin)
      ? `Something unexpected happened after a change was made. Look at it before you do it again, and ${support}`
      : `Something unexpected happened; nothing was changed. Try again, or ${support}`;
  return { code: "unexpected", message, fields: {} };
}

/** The status of the answer, where the way has one. */
export function statusOf({ code }: Failure): number {
  return code === "unexpected" ? 500 : REFUSALS[code].file;
}

/** What every way says beside the status. */
export function headersOf({ code }: Failure): Readonly<Record<string, string>> {
  return code === "unexpected" ? {} : retryAfter(code);
}
