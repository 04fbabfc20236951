import "server-only";
import ipaddr from "ipaddr.js";

import { db } from "./db";
import { env } from "./env";
import { bookkeepingDb } from "./write-db";

export interface LocalMail {
  readonly id: number;
  readonly to: string;
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly createdAt: Date;
}

/** How many mails the page lists. */
export const OUTBOX_PAGE = 50;

/** Without a Resend key mails stay on this machine; only where nobody else works with it. */
export function isOutboxOn(): boolean {
  const { RESEND_API_KEY, HUB_EMBEDDED, NODE_ENV } = env();
  return RESEND_API_KEY === undefined && (HUB_EMBEDDED || NODE_ENV !== "production");
}

export async function putInOutbox(mail: Pick<LocalMail, "to" | "subject" | "html" | "text">): Promise<void> {
  const { to, subject, html, text } = mail;
  await bookkeepingDb().outboxMail.create({ data: { to, subject, html, text }, select: { id: true } });
}

/** The newest mails first. */
export function outboxMails(): Promise<LocalMail[]> {
  return db().outboxMail.findMany({ orderBy: { id: "desc" }, take: OUTBOX_PAGE });
}

function isLoopback(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === "loopback";
}

/** A foreign site whose name was made to point to this machine still sends its own name. */
function namesThisMachine(host: string): boolean {
  const { APP_URL } = env();
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname.replace(/^\[|\]$/g, "") : "";
  return host === new URL(APP_URL).host || name === "localhost" || isLoopback(name);
}

/**
 * The outbox's page for whoever sent this request, or null where there is none: the mails hold sign-in links, so
 * only this machine may read them. server/edge.ts has written the one true address into `x-forwarded-for`.
 */
export function outboxHref(head: { get(name: string): string | null }): string | null {
  return isOutboxOn() && isLoopback(head.get("x-forwarded-for") ?? "") && namesThisMachine(head.get("host") ?? "")
    ? "/outbox"
    : null;
}
