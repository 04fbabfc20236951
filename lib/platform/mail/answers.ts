/** What the provider says when it takes nothing, by its own names. A new one of its names is no refusal until it stands here. */
const REFUSALS: ReadonlySet<string> = new Set([
  "daily_quota_exceeded",
  "invalid_access",
  "invalid_api_key",
  "invalid_attachment",
  "invalid_from_address",
  "invalid_idempotency_key",
  "invalid_idempotent_request",
  "invalid_parameter",
  "invalid_region",
  "method_not_allowed",
  "missing_api_key",
  "missing_required_field",
  "missing_required_fields",
  "monthly_quota_exceeded",
  "not_found",
  "rate_limit_exceeded",
  "restricted_api_key",
  "security_error",
  "validation_error",
]);

/** What it says, or its client for it, where it does not know itself what became of a mail. */
const DOUBTS: ReadonlySet<string> = new Set([
  "application_error",
  "concurrent_idempotent_requests",
  "internal_server_error",
]);

/** Nothing says that the provider took the mail: the job that sends it fails, and the queue tries it again. */
export class MailNotConfirmedError extends Error {
  override readonly name = "MailNotConfirmedError";

  constructor(
    readonly code: string,
    /** Null where there was no answer, or none that gives one. */
    readonly statusCode: number | null,
    /** True: the provider itself says that it did not take it. False: nobody knows, it may have. */
    readonly isRefusal: boolean,
    /** How long the provider asked to be left alone. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(
      `${isRefusal ? "the mail provider refused a mail" : "it is not known whether the mail provider took a mail"}: ${code} (${statusCode ?? "no answer of its own"})`,
    );
  }
}

/**
 * What an answer without a mail's id proves. That a mail was not taken only the provider can say, in its own words: it
 * may have taken it before something in front of it (a gateway, a firewall, a portal) answered in its place, with
 * whatever status, and before something broke in itself (5xx). `error` is what stood in the answer: anything.
 */
export function notConfirmed(error: unknown, retryAfterSeconds: number | null = null): MailNotConfirmedError {
  const { name, statusCode } = (typeof error === "object" && error !== null ? error : {}) as Record<string, unknown>;
  const status = typeof statusCode === "number" && Number.isInteger(statusCode) ? statusCode : null;
  // Words of whoever else answered go into no log.
  const code = typeof name === "string" && (REFUSALS.has(name) || DOUBTS.has(name)) ? name : "no_clear_answer";
  const isRefusal = REFUSALS.has(code) && status !== null && status >= 400 && status < 500;
  return new MailNotConfirmedError(code, status, isRefusal, retryAfterSeconds);
}

/**
 * For how long the provider knows a mail by its key: Resend's 24 hours, less one for clocks that differ. After that an
 * attempt of which nobody knows the outcome is asked for before it is made again (docs/decisions/0046).
 */
const KEY_HOURS = 23;

export function mayHaveBeenForgotten(openSince: Date | null, now: Date): boolean {
  return openSince !== null && now.getTime() - openSince.getTime() > KEY_HOURS * 3_600_000;
}
