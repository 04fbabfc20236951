import "server-only";
import type { ReactElement } from "react";
import { render, toPlainText } from "react-email";
import { Resend } from "resend";

import { env } from "./env";
import { isOutboxOn, putInOutbox } from "./outbox";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** The provider sends one mail per key, however often it is asked to. */
  readonly idempotencyKey: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The provider did not take the mail: the job that sends it fails, and the queue tries it again. */
export class MailNotTakenError extends Error {
  override readonly name = "MailNotTakenError";

  constructor(
    readonly code: string,
    /** Null where there was no answer. */
    readonly statusCode: number | null,
  ) {
    super(`the mail provider did not take a mail: ${code} (${statusCode ?? "no answer"})`);
  }
}

const PATIENCE_MS = 15_000;

/** The two parts of a mail. */
export async function renderMail(element: ReactElement): Promise<Pick<Mail, "html" | "text">> {
  const html = await render(element);
  return { html, text: toPlainText(html, { selectors: [{ selector: "h1", options: { uppercase: false } }] }) };
}

/**
 * Hands a mail to Resend; without a key to the local outbox.
 * @throws MailNotTakenError
 */
export async function sendMail(mail: Mail, timeoutMs = PATIENCE_MS): Promise<void> {
  const { RESEND_API_KEY, RESEND_BASE_URL, MAIL_FROM } = env();
  if (RESEND_API_KEY === undefined) {
    if (!isOutboxOn()) throw new MailNotTakenError("no_api_key", null);
    return putInOutbox(mail);
  }
  const resend = new Resend(RESEND_API_KEY, { baseUrl: RESEND_BASE_URL });
  const { to, subject, html, text, idempotencyKey, tags = {} } = mail;
  const { error } = await resend.emails.send(
    { from: MAIL_FROM, to, subject, html, text, tags: Object.entries(tags).map(([name, value]) => ({ name, value })) },
    { idempotencyKey, signal: AbortSignal.timeout(timeoutMs) },
  );
  if (error !== null) throw new MailNotTakenError(error.name, error.statusCode);
}
