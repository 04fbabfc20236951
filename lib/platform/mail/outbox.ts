import "server-only";

import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { isLoopbackHost } from "@/lib/platform/loopback";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

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

/** Its page is for this machine alone: where people reach the hub by another name, there is none. */
export function hasOutboxPage(): boolean {
  return isOutboxOn() && isLoopbackHost(new URL(env().APP_URL).hostname);
}

/** Where mails that stay here are read: on a page, or by `npm run outbox` in the machine's own terminal. */
export type OutboxPlace = "page" | "terminal";

/**
 * Where whoever sent this request may read the mails, which hold sign-in links; null where they are really sent.
 * server/edge.ts alone can tell who asks, and has written it down.
 */
export function outboxPlace(head: { get(name: string): string | null }): OutboxPlace | null {
  if (!isOutboxOn()) return null;
  return hasOutboxPage() && head.get("x-this-machine") === "1" ? "page" : "terminal";
}
