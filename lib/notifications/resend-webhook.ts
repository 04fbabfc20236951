import "server-only";
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";

import { authorize } from "@/lib/auth/permit";
import { databaseNow } from "@/lib/platform/db";
import { env } from "@/lib/platform/env";
import { noteDelivery, type DeliveryFate, type DeliveryReport } from "./deliveries";

export const RESEND_WEBHOOK_PATH = "/api/resend-webhook";

/** Reports are small; whoever sends more is not Resend. */
const BODY_LIMIT = 64 * 1024;
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

/** The name by which the Standard Webhooks specification, or Svix before it, sends a header; null unless it came once. */
function headerOf(req: IncomingMessage, name: "id" | "timestamp" | "signature"): string | null {
  const sent = [...(req.headersDistinct[`svix-${name}`] ?? []), ...(req.headersDistinct[`webhook-${name}`] ?? [])];
  return sent.length === 1 ? (sent[0] ?? null) : null;
}

/** Whether the body was signed with our secret, lately: HMAC-SHA256 over `id.timestamp.body`, one signature of several. */
function isSigned(req: IncomingMessage, body: Buffer, secret: string, now: Date): boolean {
  const [id, timestamp, signatures] = [headerOf(req, "id"), headerOf(req, "timestamp"), headerOf(req, "signature")];
  if (id === null || timestamp === null || signatures === null || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const due = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  return signatures.split(" ").some((signature) => {
    const given = signature.startsWith("v1,") ? Buffer.from(signature.slice(3), "base64") : null;
    return given?.length === due.length && timingSafeEqual(given, due);
  });
}

/** Null when it is longer than allowed. */
async function readBody(req: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_LIMIT) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toReport(body: Buffer): DeliveryReport | null {
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

function answer(res: ServerResponse, status: number, sentence = ""): void {
  if (status >= 400) res.setHeader("Connection", "close");
  res.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" }).end(sentence);
}

/**
 * What became of our mails, as Resend reports it. Its signature over the raw body is its authority; a report that
 * comes again changes nothing. What it tells of other mails is answered like the rest, so that it is not sent again.
 */
export async function answerResendWebhook(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { RESEND_WEBHOOK_SECRET } = env();
  if (RESEND_WEBHOOK_SECRET === undefined) return answer(res, 404, "RESEND_WEBHOOK_SECRET is not set.\n");
  if (req.method !== "POST") {
    res.setHeader("Allow", "POST");
    return answer(res, 405, "Method not allowed.\n");
  }
  const body = await readBody(req);
  if (body === null) return answer(res, 413, "Request too large.\n");
  if (!isSigned(req, body, RESEND_WEBHOOK_SECRET, await databaseNow()))
    return answer(res, 401, "Not signed by Resend, or too long ago.\n");
  const report = toReport(body);
  if (report !== null) {
    const authContext = { actor: { kind: "anyone" as const }, account: null, origin: { ip: null, requestId: null } };
    await noteDelivery(authorize(authContext, "notices.noteDelivery"), report);
  }
  answer(res, 204);
}
