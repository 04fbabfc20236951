import { randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface AcceptedMail {
  readonly id: string;
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly tags: readonly { readonly name: string; readonly value: string }[];
  readonly at: number;
  /** By the provider's clock. */
  readonly createdAt: Date;
}

/** What stands in front of the provider and answers in its place, whether or not it had passed the request on. */
export interface Gateway {
  readonly takes: boolean;
  readonly status: number;
  readonly body: string;
}

export type Mood = "well" | "busy" | "broken" | "silent" | "dies" | "takesAndDies" | "refuses" | Gateway;

interface Settings {
  /** How the next requests are answered; a list is used up one by one, then all is well. */
  mood: Mood | Mood[];
  /** The provider's clock, where a test chooses one. */
  now: Date | null;
  /** False: the key may send and nothing else. */
  mayRead: boolean;
}

export interface LoopbackResend extends Settings {
  readonly url: string;
  /** Every request to send that came, also those that were not taken. */
  readonly requests: { readonly at: number; readonly key: string }[];
  /** What was asked of mails taken before: paths. */
  readonly questions: string[];
  /** What would have been delivered: one per idempotency key and 24 hours, as Resend does it. */
  readonly accepted: AcceptedMail[];
  close(): void;
}

interface Reply {
  readonly status: number;
  readonly answer: unknown;
}
type Take = (key: string, body: string, now: Date) => Reply;

const KEY_LIVES_MS = 86_400_000;

/** One mail per key; the same key with another body is refused. */
function takeOnce(accepted: AcceptedMail[]): Take {
  const ids = new Map<string, { id: string; body: string; until: number }>();
  return (key, body, now) => {
    const kept = ids.get(key);
    const known = kept && kept.until > now.getTime() ? kept : undefined;
    if (known && known.body !== body) {
      return {
        status: 409,
        answer: { name: "invalid_idempotent_request", statusCode: 409, message: "same key, another body" },
      };
    }
    const id = known?.id ?? randomUUID();
    if (!known) {
      ids.set(key, { id, body, until: now.getTime() + KEY_LIVES_MS });
      const { to, subject, text, html, tags } = JSON.parse(body) as AcceptedMail;
      accepted.push({ id, key, to, subject, text, html, tags, at: performance.now(), createdAt: now });
    }
    return { status: 200, answer: { id } };
  };
}

/** Lists the mails, the latest first and 100 at a time, or shows one with its tags. */
function tellOf(accepted: readonly AcceptedMail[], path: string): Reply {
  const { pathname, searchParams } = new URL(path, "http://resend");
  const listed = ({ id, to, subject, createdAt }: AcceptedMail) => ({
    id,
    to: [to],
    subject,
    created_at: createdAt.toISOString(),
  });
  const id = pathname.slice("/emails/".length);
  const one = accepted.find((mail) => mail.id === id);
  if (one) return { status: 200, answer: { ...listed(one), object: "email", tags: one.tags } };
  const latestFirst = [...accepted].reverse();
  const rest = latestFirst.slice(latestFirst.findIndex((mail) => mail.id === searchParams.get("after")) + 1);
  const data = rest.slice(0, Number(searchParams.get("limit") ?? 20)).map(listed);
  return { status: 200, answer: { object: "list", has_more: rest.length > data.length, data } };
}

const RESTRICTED: Reply = {
  status: 401,
  answer: { name: "restricted_api_key", statusCode: 401, message: "This API key is restricted to only send emails" },
};

function send({ status, answer }: Reply, response: ServerResponse): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
}

type Answer = (reply: () => Reply, response: ServerResponse) => void;

const MOODS: Record<Exclude<Mood, Gateway>, Answer> = {
  well: (reply, response) => send(reply(), response),
  busy: (_reply, response) => {
    const answer = { name: "rate_limit_exceeded", statusCode: 429, message: "Too many requests" };
    response.setHeader("retry-after", "7");
    send({ status: 429, answer }, response);
  },
  broken: (_reply, response) => void response.writeHead(500).end("<html>broken</html>"),
  refuses: (_reply, response) => {
    const answer = { name: "validation_error", statusCode: 422, message: "Invalid `to` field" };
    send({ status: 422, answer }, response);
  },
  silent: () => undefined,
  dies: (_reply, response) => void response.destroy(),
  takesAndDies: (reply, response) => {
    reply();
    response.destroy();
  },
};

function answerIn(mood: Mood): Answer {
  if (typeof mood === "string") return MOODS[mood];
  return (reply, response) => {
    if (mood.takes) reply();
    response.writeHead(mood.status).end(mood.body);
  };
}

/** Speaks as much of Resend's API as the hub uses, and can be in any mood. */
export async function startLoopbackResend(): Promise<LoopbackResend> {
  const requests: LoopbackResend["requests"] = [];
  const questions: string[] = [];
  const accepted: AcceptedMail[] = [];
  const settings: Settings = { mood: "well", now: null, mayRead: true };
  const take = takeOnce(accepted);
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { mood, now, mayRead } = loopback;
      const reply = answerIn(Array.isArray(mood) ? (mood.shift() ?? "well") : mood);
      const path = request.url ?? "/";
      if (request.method === "GET") {
        questions.push(path);
        return reply(() => (mayRead ? tellOf(accepted, path) : RESTRICTED), response);
      }
      const key = String(request.headers["idempotency-key"]);
      requests.push({ at: performance.now(), key });
      reply(() => take(key, Buffer.concat(chunks).toString("utf8"), now ?? new Date()), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  const loopback = Object.assign(settings, { url, requests, questions, accepted, close });
  return loopback;
}
