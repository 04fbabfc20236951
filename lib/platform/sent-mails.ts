import "server-only";
import { Resend, type ListEmail } from "resend";

import { env } from "./env";
import { takeMailSlot } from "./mail-pace";
import { MailNotTakenError } from "./mailer";

/** A mail of ours that the provider may have taken. */
export interface SoughtMail {
  /** The addresses that it may have gone to. */
  readonly to: readonly string[];
  /** A tag that only this mail carries. */
  readonly tag: { readonly name: string; readonly value: string };
  readonly since: Date;
}

/** `untold`: the provider does not let this key read (sending access alone), or there is too much to look through. */
export type FoundMail = { readonly providerId: string } | "absent" | "untold";

const PATIENCE_MS = 10_000;
const PAGE_SIZE = 100;
/** Each question takes a turn of the mails' own pace, and whoever asks holds the mail for a short while only. */
const MAX_QUESTIONS = 30;
/** The provider's clock is not ours. */
const CLOCKS_DIFFER_MS = 600_000;

interface Answer<T> {
  readonly data: T | null;
  readonly error: { readonly name: string; readonly statusCode: number | null } | null;
}

/** Null where the provider will not tell. @throws MailNotTakenError where it does not answer for now */
async function question<T>(ask: (signal: AbortSignal) => Promise<Answer<T>>): Promise<T | null> {
  await takeMailSlot();
  const { data, error } = await ask(AbortSignal.timeout(PATIENCE_MS));
  if (error === null) return data;
  const isRefusal = error.statusCode !== null && error.statusCode < 500 && error.statusCode !== 429;
  if (isRefusal) return null;
  throw new MailNotTakenError(error.name, error.statusCode);
}

/**
 * Looks for a mail among those that the provider took since then, the latest first.
 * @throws MailNotTakenError where the provider does not answer for now
 */
export async function findSentMail(sought: SoughtMail): Promise<FoundMail> {
  const { RESEND_API_KEY, RESEND_BASE_URL } = env();
  if (RESEND_API_KEY === undefined) return "untold";
  const resend = new Resend(RESEND_API_KEY, { baseUrl: RESEND_BASE_URL });
  const from = sought.since.getTime() - CLOCKS_DIFFER_MS;
  const isOld = ({ created_at }: ListEmail) => Date.parse(created_at) < from;
  let after: string | undefined;
  for (let asked = 0; asked < MAX_QUESTIONS;) {
    const page = await question((signal) =>
      resend.emails.list({ limit: PAGE_SIZE, ...(after !== undefined && { after }) }, { signal }),
    );
    asked += 1;
    if (page === null || !Array.isArray(page.data)) return "untold";
    const mayBe = page.data.filter((mail) => !isOld(mail) && sought.to.some((address) => mail.to.includes(address)));
    for (const { id } of mayBe) {
      if (asked >= MAX_QUESTIONS) return "untold";
      const mail = await question((signal) => resend.emails.get(id, { signal }));
      asked += 1;
      if (mail === null) return "untold";
      if (mail.tags?.some(({ name, value }) => name === sought.tag.name && value === sought.tag.value))
        return { providerId: id };
    }
    const last = page.data.at(-1);
    if (!page.has_more || last === undefined || isOld(last)) return "absent";
    after = last.id;
  }
  return "untold";
}
