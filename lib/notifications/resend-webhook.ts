import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

import type { DeliveryFate, DeliveryReport } from "./note-delivery";

/** A report signed longer ago, or ahead of our time, is no fresh one. */
const TOLERANCE_SECONDS = 300;

const FATES: Readonly<Record<string, DeliveryFate>> = {
  "email.delivered": "delivered",
  "email.bounced": "bounced",
  "email.failed": "bounced",
  "email.suppressed": "bounced",
  "email.complained": "complained",
};

const tags = z.union([z.record(z.string(), z.string()), z.array(z.object({ name: z.string(), value: z.string() }))]);
const report = z.object({
  type: z.string(),
  created_at: z.iso.datetime({ offset: true }),
  data: z.object({ email_id: z.string().min(1).max(200), tags: tags.optional().catch(undefined) }),
});

type Headers = (name: string) => readonly string[];

/** The name by which the Standard Webhooks specification, or Svix before it, sends a header; null unless it came once. */
function headerOf(headers: Headers, name: "id" | "timestamp" | "signature"): string | null {
  const sent = [...headers(`svix-${name}`), ...headers(`webhook-${name}`)];
  return sent.length === 1 ? (sent[0] ?? null) : null;
}

/** Whether the body was signed with our secret, lately: HMAC-SHA256 over `id.timestamp.body`, one signature of several. */
export function isSignedByResend(secret: string, body: Buffer, headers: Headers, now: Date): boolean {
  const [id, timestamp, signatures] = [
    headerOf(headers, "id"),
    headerOf(headers, "timestamp"),
    headerOf(headers, "signature"),
  ];
  if (id === null || timestamp === null || signatures === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const due = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.split(" ").some((signature) => {
    const given = signature.startsWith("v1,") ? Buffer.from(signature.slice(3), "base64") : null;
    return given?.length === due.length && timingSafeEqual(given, due);
  });
}

/** What became of a mail; null for what is of other mails or other things. */
export function toReport(body: Buffer): DeliveryReport | null {
  let parsed;
  try {
    parsed = report.safeParse(JSON.parse(body.toString("utf8")));
  } catch {
    return null;
  }
  const fate = parsed.success ? FATES[parsed.data.type] : undefined;
  if (!parsed.success || fate === undefined) return null;
  const { created_at, data } = parsed.data;
  const mailKey = Array.isArray(data.tags) ? data.tags.find(({ name }) => name === "notice")?.value : data.tags?.notice;
  return { fate, at: new Date(created_at), providerId: data.email_id, mailKey: mailKey ?? null };
}
