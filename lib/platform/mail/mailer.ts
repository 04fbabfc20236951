import "server-only";
import type { ReactElement } from "react";
import { render, toPlainText } from "react-email";
import { Resend } from "resend";

import { env } from "@/lib/platform/env";
import { MailNotConfirmedError, notConfirmed } from "./answers";
import { measure } from "@/lib/platform/measurements";
import { takeMailSlot } from "./pace";
import { isOutboxOn, putInOutbox } from "./outbox";
import { KEYS, redactSecrets } from "@/lib/platform/secret-patterns";

export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** The provider sends one mail per key, however often it is asked to. */
  readonly idempotencyKey: string;
  readonly tags?: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 15_000;
/** Who asks for longer is asked again all the same. */
const MAX_RETRY_AFTER_SECONDS = 3600;

/** The two parts of a mail. */
export async function renderMail(element: ReactElement): Promise<Pick<Mail, "html" | "text">> {
  const html = await render(element);
  return { html, text: toPlainText(html, { selectors: [{ selector: "h1", options: { uppercase: false } }] }) };
}

/** What the provider calls a mail that it took; null for the local outbox. */
export interface TakenMail {
  readonly providerId: string | null;
}

/**
 * Hands a mail to Resend as soon as its pace allows; without a key to the local outbox.
 * @throws MailNotConfirmedError
 */
export async function sendMail(mail: Mail, timeoutMs = TIMEOUT_MS): Promise<TakenMail> {
  await waitForTurn();
  return sendMailNow(mail, timeoutMs);
}

/** Until a mail may go to the provider: nobody else's turn comes before this one's is used. */
export async function waitForTurn(): Promise<void> {
  if (env().RESEND_API_KEY !== undefined) await takeMailSlot();
}

/** For who has waited for his turn himself. @throws MailNotConfirmedError */
export async function sendMailNow(mail: Mail, timeoutMs = TIMEOUT_MS): Promise<TakenMail> {
  try {
    const taken = await handOver(withoutKeys(mail), timeoutMs);
    measure({ kind: "mail", result: "taken" });
    return taken;
  } catch (error) {
    const isRefusal = !(error instanceof MailNotConfirmedError) || error.isRefusal;
    measure({ kind: "mail", result: isRefusal ? "refused" : "unknown" });
    throw error;
  }
}

/** A name from before such were refused may hold one. */
function withoutKeys(mail: Mail): Mail {
  const { subject, html, text } = mail;
  const clean = (part: string) => redactSecrets(part, KEYS);
  return { ...mail, subject: clean(subject), html: clean(html), text: clean(text) };
}

async function handOver(mail: Mail, timeoutMs: number): Promise<TakenMail> {
  const { RESEND_API_KEY, RESEND_BASE_URL, MAIL_FROM } = env();
  if (RESEND_API_KEY === undefined) {
    if (!isOutboxOn()) throw new MailNotConfirmedError("no_api_key", null, true);
    await putInOutbox(mail);
    return { providerId: null };
  }
  const resend = new Resend(RESEND_API_KEY, { baseUrl: RESEND_BASE_URL });
  const { to, subject, html, text, idempotencyKey, tags = {} } = mail;
  const { data, error, headers } = await resend.emails.send(
    { from: MAIL_FROM, to, subject, html, text, tags: Object.entries(tags).map(([name, value]) => ({ name, value })) },
    { idempotencyKey, signal: AbortSignal.timeout(timeoutMs) },
  );
  if (error !== null) throw notConfirmed(error, secondsIn(headers?.["retry-after"]));
  // Whoever else answers 200 knows no id.
  const id: unknown = (data as { readonly id?: unknown } | null)?.id;
  if (typeof id !== "string" || id === "") throw notConfirmed(null);
  return { providerId: id };
}

/** `Retry-After` is a number of seconds or a date. */
function secondsIn(retryAfter: string | undefined): number | null {
  if (retryAfter === undefined) return null;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, Math.ceil(seconds)), MAX_RETRY_AFTER_SECONDS) : null;
}
