/** Every expected refusal. The edges (action, endpoint, download, job, page) map each one; `tsc` names a missing line. */
export const ERROR_CODES = [
  "not_signed_in",
  "untrusted_origin",
  "fresh_sign_in_required",
  "forbidden",
  "not_found",
  "walk_anew",
  "conflict",
  "precondition_failed",
  "already_done",
  "limit_reached",
  "invalid_input",
  "too_many_requests",
  "unavailable",
  "outcome_unknown",
  "bad_request",
  "key_missing",
  "key_unknown",
  "key_revoked",
  "key_expired",
  "key_superseded",
  "account_token_required",
  "account_not_accessible",
  "ip_not_allowed",
  "plan_required",
  "account_inactive",
  "insufficient_scope",
  "unknown_version",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** Messages by the name of the field they stand at. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

/** A record that keeps another from being saved, so that a page can name it and lead there; the times it takes are ISO 8601. */
export interface RecordInTheWay {
  readonly id: number;
  readonly name: string;
  /** Null = since ever. */
  readonly from: string | null;
  /** Null = for good. */
  readonly until: string | null;
}

/**
 * An expected refusal: thrown by services and stages, caught at the edges alone.
 * `reason` is a sentence for the person or the integrator: what happened, and what to do.
 */
export class DomainError extends Error {
  override readonly name = "DomainError";

  constructor(
    readonly code: ErrorCode,
    readonly reason: string,
    readonly fields: FieldErrors = {},
    readonly inTheWay: RecordInTheWay | null = null,
  ) {
    super(`${code}: ${reason}`);
  }
}

/** A record that is not there and one that is another's are answered alike, byte for byte. */
export function noSuchRecord(): DomainError {
  return new DomainError("not_found", "There is no such record, or you have no access to it.");
}

/** Some fields of an input, each with what is wrong with it. */
export function wrongFields(fields: FieldErrors, inTheWay: RecordInTheWay | null = null): DomainError {
  return new DomainError("invalid_input", "Some fields need another look.", fields, inTheWay);
}

/** The database is away or too busy, and it is known that this changed nothing. */
export function unavailable(): DomainError {
  return new DomainError(
    "unavailable",
    "The hub is too busy or its database is away for a moment. Nothing was changed; try again in a few seconds.",
  );
}

/** What was to be changed may have been, wholly, in part or not at all. */
export function outcomeUnknown(): DomainError {
  return new DomainError(
    "outcome_unknown",
    "The hub lost its database at that very moment, so it is not known whether this was done. Look whether it was before you do it again.",
  );
}

/** No refusal of what was asked for: it may be tried again, once it is known that it was not done. */
export function isDatabasesFault({ code }: DomainError): boolean {
  return code === "unavailable" || code === "outcome_unknown";
}
