import "server-only";
import { Resend, type ListEmail } from "resend";

import { env } from "@/lib/platform/env";
import { MailNotConfirmedError, notConfirmed } from "./answers";
import { takeMailSlot } from "./pace";

/** A mail of ours that the provider may have taken. */
export interface SoughtMail {
  /** The addresses that it may have gone to. */
  readonly to: readonly string[];
  /** A tag that only this mail carries. */
  readonly tag: { readonly name: string; readonly value: string };
  readonly since: Date;
}

/** `untold`: the provider does not let this key read (sending access alone). */
export type FoundMail = { readonly providerId: string } | "absent" | "untold";

const TIMEOUT_MS = 10_000;
const PAGE_SIZE = 100;
/** Each question takes a turn of the mails' own pace, and whoever asks holds the mail for a short while only. */
const MAX_QUESTIONS = 30;
/** The provider's clock is not ours. */
const CLOCKS_DIFFER_MS = 600_000;

/** What was looked at is not asked for again: id → the tag's value, by the tag's name. */
const lookedAt = new Map<string, string | null>();
const LOOKED_AT_AT_MOST = 10_000;
/** Where a search that took too long goes on, by the tag's value: the last mail that it had read of. */
const searches = new Map<string, string>();

interface Answer<T> {
  readonly data: T | null;
  readonly error: { readonly name: string; readonly statusCode: number | null } | null;
}

/** Counts down what one search may ask. */
interface Budget {
  left: number;
}

/**
 * Null where the provider itself will not tell. Whoever else answers, with whatever status, has told nothing.
 * @throws MailNotConfirmedError where there is no answer for now, or too much was asked
 */
async function question<T>(budget: Budget, ask: (signal: AbortSignal) => Promise<Answer<T>>): Promise<T | null> {
  if (budget.left <= 0) throw new MailNotConfirmedError("search_goes_on", null, false);
  budget.left -= 1;
  await takeMailSlot();
  const { data, error } = await ask(AbortSignal.timeout(TIMEOUT_MS));
  if (error === null) return data ?? Promise.reject(notConfirmed(null));
  const { code, statusCode } = notConfirmed(error);
  if (code === "restricted_api_key") return null;
  // Any other refusal, of a key say that has just been replaced, is one of the question: of the mail it tells nothing.
  throw new MailNotConfirmedError(code, statusCode, false);
}

/** The value of a mail's tag; undefined where the provider will not tell. */
async function tagOf(resend: Resend, budget: Budget, id: string, name: string): Promise<string | null | undefined> {
  const known = lookedAt.get(`${name} ${id}`);
  if (known !== undefined) return known;
  const mail = await question(budget, (signal) => resend.emails.get(id, { signal }));
  if (mail === null) return undefined;
  if (mail.id !== id) throw notConfirmed(null);
  const value = mail.tags?.find((tag) => tag.name === name)?.value ?? null;
  if (lookedAt.size >= LOOKED_AT_AT_MOST) lookedAt.clear();
  lookedAt.set(`${name} ${id}`, value);
  return value;
}

/**
 * Looks for a mail among those that the provider took since then, the latest first. A search that asks too much ends
 * without an answer, and the next one goes on where it ended.
 * @throws MailNotConfirmedError where the provider does not answer for now
 */
export async function findSentMail(sought: SoughtMail, maxQuestions = MAX_QUESTIONS): Promise<FoundMail> {
  const { RESEND_API_KEY, RESEND_BASE_URL } = env();
  if (RESEND_API_KEY === undefined) return "untold";
  const resend = new Resend(RESEND_API_KEY, { baseUrl: RESEND_BASE_URL });
  const { tag, to } = sought;
  const from = sought.since.getTime() - CLOCKS_DIFFER_MS;
  const isOld = ({ created_at }: ListEmail) => Date.parse(created_at) < from;
  const budget = { left: maxQuestions };
  for (;;) {
    const after = searches.get(tag.value);
    const page = await question(budget, (signal) =>
      resend.emails.list({ limit: PAGE_SIZE, ...(after !== undefined && { after }) }, { signal }),
    );
    if (page === null) return "untold";
    if (!Array.isArray(page.data)) throw notConfirmed(null);
    for (const mail of page.data) {
      if (isOld(mail) || !to.some((address) => mail.to.includes(address))) continue;
      const value = await tagOf(resend, budget, mail.id, tag.name);
      if (value === undefined) return "untold";
      if (value === tag.value) return endSearch(tag.value, { providerId: mail.id });
    }
    const last = page.data.at(-1);
    if (!page.has_more || last === undefined || isOld(last)) return endSearch(tag.value, "absent");
    searches.set(tag.value, last.id);
  }
}

function endSearch(of: string, found: FoundMail): FoundMail {
  searches.delete(of);
  return found;
}
