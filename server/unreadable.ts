import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { requestIdOf } from "@/lib/public-api/stages/request-id";

const STATUSES: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what is no HTTP request: Node's own answer would carry neither a request id nor `no-store`. */
export function answerUnreadable(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on("request", (req: IncomingMessage, res: ServerResponse) => answers.set(req.socket, res));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    const answer = answers.get(socket);
    // In the middle of an answer a second one would be taken for its rest.
    const isAnswering = answer?.headersSent === true && !answer.writableFinished;
    if (error.code === "ECONNRESET" || !socket.writable || isAnswering) socket.destroy();
    else socket.end(refusal(STATUSES[error.code ?? ""] ?? 400), () => socket.destroy());
  });
}

function refusal(status: number): string {
  const title = STATUS_CODES[status] ?? "Bad Request";
  const instance = requestIdOf(undefined);
  const detail = "The request could not be read: it is no HTTP, too slow, or has more than 16 KiB of headers.";
  const body = JSON.stringify({ type: "about:blank", title, status, detail, instance, code: "bad_request" });
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `X-Request-Id: ${instance}`,
    "X-Content-Type-Options: nosniff",
    "Content-Type: application/problem+json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "Connection: close",
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
