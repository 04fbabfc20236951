import { randomUUID } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface AcceptedMail {
  readonly key: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly at: number;
}

export type Mood = "well" | "busy" | "broken" | "silent" | "takesAndDies" | "refuses";

export interface LoopbackResend {
  readonly url: string;
  /** Every request that came, also those that were not taken. */
  readonly requests: { readonly at: number; readonly key: string }[];
  /** What would have been delivered: one per idempotency key, as Resend does it. */
  readonly accepted: AcceptedMail[];
  /** How the next requests are answered; a list is used up one by one, then all is well. */
  mood: Mood | Mood[];
  close(): void;
}

type Take = (key: string, body: string) => { status: number; answer: unknown };

/** One mail per key; the same key with another body is refused. */
function takeOnce(accepted: AcceptedMail[]): Take {
  const ids = new Map<string, { id: string; body: string }>();
  return (key, body) => {
    const known = ids.get(key);
    if (known && known.body !== body) {
      return {
        status: 409,
        answer: { name: "invalid_idempotent_request", statusCode: 409, message: "same key, another body" },
      };
    }
    const id = known?.id ?? randomUUID();
    if (!known) {
      ids.set(key, { id, body });
      const { to, subject, text, html } = JSON.parse(body) as AcceptedMail;
      accepted.push({ key, to, subject, text, html, at: performance.now() });
    }
    return { status: 200, answer: { id } };
  };
}

type Answer = (key: string, body: string, response: ServerResponse) => void;

function answersOf(take: Take): Record<Mood, Answer> {
  return {
    well: (key, body, response) => {
      const { status, answer } = take(key, body);
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
    },
    busy: (_key, _body, response) => {
      const answer = { name: "rate_limit_exceeded", statusCode: 429, message: "Too many requests" };
      response.writeHead(429, { "content-type": "application/json", "retry-after": "7" }).end(JSON.stringify(answer));
    },
    broken: (_key, _body, response) => void response.writeHead(500).end("<html>broken</html>"),
    refuses: (_key, _body, response) => {
      const answer = { name: "validation_error", statusCode: 422, message: "Invalid `to` field" };
      response.writeHead(422, { "content-type": "application/json" }).end(JSON.stringify(answer));
    },
    silent: () => undefined,
    takesAndDies: (key, body, response) => {
      take(key, body);
      response.destroy();
    },
  };
}

/** Speaks as much of Resend's API as sending needs, and can be in any mood. */
export async function startLoopbackResend(): Promise<LoopbackResend> {
  const requests: LoopbackResend["requests"] = [];
  const accepted: AcceptedMail[] = [];
  const state: { mood: Mood | Mood[] } = { mood: "well" };
  const nextMood = (): Mood => (Array.isArray(state.mood) ? (state.mood.shift() ?? "well") : state.mood);
  const answerBy = answersOf(takeOnce(accepted));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const key = String(request.headers["idempotency-key"]);
      requests.push({ at: performance.now(), key });
      answerBy[nextMood()](key, Buffer.concat(chunks).toString("utf8"), response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return Object.assign(state, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    accepted,
    close,
  });
}
