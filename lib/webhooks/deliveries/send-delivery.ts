import "server-only";

import { log } from "@/lib/platform/log";
import { redactSecretsWithin } from "@/lib/platform/secret-patterns";
import { OutsideError, type OutsideAnswer } from "@/lib/platform/outside/outside-client";
import type { SafeFetch } from "@/lib/platform/outside/safe-fetch";
import { stepAfter } from "../policy";
import { openForWebhook } from "../secrets";
import { signatureHeaders } from "../signature";
import type { ClaimedDelivery } from "./claim-deliveries";
import type { Attempt, Outcome } from "./record-outcome";

const PLAIN_HEADERS = { "content-type": "application/json", "user-agent": "Fleet-Advisor-Hub-Webhooks/1.0" };
const GONE = 410;

/** What goes out: the second part is shown to nobody and stored nowhere. */
function headersOf(
  delivery: ClaimedDelivery,
  sentAt: Date,
): [plain: Record<string, string>, signing: Record<string, string>] {
  const { webhookId, messageId, body, secret, previousSecret, previousSecretEndsAt } = delivery;
  const isPreviousValid = previousSecret !== null && previousSecretEndsAt !== null && sentAt < previousSecretEndsAt;
  const previous = isPreviousValid ? [openForWebhook(webhookId, "secret", previousSecret)] : [];
  const signed = signatureHeaders({
    sharedKeys: [openForWebhook(webhookId, "secret", secret), ...previous],
    messageId,
    sentAt,
    body,
  });
  const { "webhook-id": id = "", "webhook-timestamp": timestamp = "", ...signing } = signed;
  return [{ ...PLAIN_HEADERS, "webhook-id": id, "webhook-timestamp": timestamp }, signing];
}

/** Seconds, or a date; null where it says neither. */
export function secondsAsked(answer: OutsideAnswer | null, now: Date): number | null {
  const said = [answer?.headers["retry-after"]].flat()[0]?.trim();
  if (said === undefined || said === "") return null;
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - now.getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function complaintOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status >= 300 && status < 400)
    return `The receiver answered ${status}. Redirects are not followed: enter the final address.`;
  return status === GONE ? "The receiver answered 410: it is there no more." : `The receiver answered ${status}.`;
}

async function exchange(
  delivery: ClaimedDelivery,
  sentAt: Date,
  post: SafeFetch["post"],
): Promise<{ answer: OutsideAnswer | null; error: string | null; requestHeaders: Record<string, string> }> {
  let requestHeaders: Record<string, string> = PLAIN_HEADERS;
  try {
    const [plain, signing] = headersOf(delivery, sentAt);
    requestHeaders = plain;
    const { authorization, webhookId } = delivery;
    const customHeaders: Record<string, string> =
      authorization === null ? {} : { authorization: openForWebhook(webhookId, "authorization", authorization) };
    const answer = await post({
      url: delivery.url,
      body: delivery.body,
      headers: { ...plain, ...signing },
      customHeaders,
    });
    return { answer, error: complaintOf(answer.status), requestHeaders };
  } catch (error) {
    if (error instanceof OutsideError) return { answer: null, error: error.message, requestHeaders };
    log().error({ err: error, webhookId: delivery.webhookId }, "a delivery could not be made ready");
    return { answer: null, error: "Something unexpected happened on our side; it is tried again.", requestHeaders };
  }
}

/** One attempt: sends, and says what follows from it. */
export async function sendDelivery(
  delivery: ClaimedDelivery,
  sentAt: Date,
  post: SafeFetch["post"],
  random: () => number,
): Promise<Outcome> {
  const startedAt = performance.now();
  const { answer, error, requestHeaders } = await exchange(delivery, sentAt, post);
  const elapsedMs = performance.now() - startedAt;
  const endedAt = new Date(sentAt.getTime() + elapsedMs);
  // What a receiver answers is his: it may say again what he was told.
  const attempt: Attempt = redactSecretsWithin({
    sentAt,
    durationMs: Math.round(elapsedMs),
    requestHeaders,
    responseStatus: answer?.status ?? null,
    responseHeaders: answer?.headers ?? null,
    responseBody: answer?.body ?? null,
    error,
  });
  const facts = {
    retries: delivery.retries,
    isSuccess: error === null,
    isGone: answer?.status === GONE,
    retryAfterSeconds: secondsAsked(answer, endedAt),
  };
  return { delivery, attempt, next: stepAfter(facts, endedAt, random()) };
}
