import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

import { requestIdOf } from "@/lib/public-api/stages/request-id";

const STATUSES: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** Answers what is no HTTP request, and what asks for more than HTTP has to offer: Node's own answer would carry neither a request id nor `no-store`. */
export function answerUnreadable(server: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  server.on("request", (req: IncomingMessage, res: ServerResponse) => answers.set(req.socket, res));
  // Whatever else a client expects can be left unmet (RFC 9110); Node's own answer would be a bare 417.
  server.on("checkExpectation", (req: IncomingMessage, res: ServerResponse) => server.emit("request", req, res));
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (error.code === "ECONNRESET" || !socket.writable || isAnswered(answers.get(socket))) socket.destroy();
    else sendLast(socket, refusal(STATUSES[error.code ?? ""] ?? 400, UNREADABLE));
  });
  server.on("connect", (_req: IncomingMessage, socket: Duplex) => {
    // Node no longer listens for its errors, and an error that nobody listens for ends the process.
    socket.on("error", () => socket.destroy());
    sendLast(socket, refusal(405, "CONNECT is not offered here.", "method_not_allowed", ["Allow: "]));
  });
}

const UNREADABLE = "The request could not be read: it is no HTTP, too slow, or has more than 16 KiB of headers.";

/** In the middle of an answer a second one would be taken for its rest, after it for the answer to the next request. */
function isAnswered(answer: ServerResponse | undefined): boolean {
  return answer?.headersSent === true && !(answer.writableFinished && answer.req.complete);
}

function sendLast(socket: Duplex, answer: string): void {
  socket.end(answer, () => socket.destroy());
}

const PROBLEM_TYPE = "application/problem+json; charset=utf-8";

function problem(status: number, detail: string, instance: string, code = "bad_request"): string {
  const title = STATUS_CODES[status] ?? "Bad Request";
  return JSON.stringify({ type: "about:blank", title, status, detail, instance, code });
}

/** Every request of HTTP/1.1 names one host (RFC 9112). False when it did not, and is answered. */
export function requireHost(req: IncomingMessage, res: ServerResponse, requestId: string): boolean {
  const hosts = req.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length;
  if (hosts === 1 || (hosts === 0 && req.httpVersion === "1.0")) return true;
  const detail = hosts === 0 ? "The header Host is missing." : "The header Host was sent twice. Send it once.";
  res.writeHead(400, { "Content-Type": PROBLEM_TYPE, "Cache-Control": "no-store", Connection: "close" });
  res.end(problem(400, detail, requestId));
  return false;
}

function refusal(status: number, detail: string, code?: string, headers: readonly string[] = []): string {
  const instance = requestIdOf(undefined);
  const body = problem(status, detail, instance, code);
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Bad Request"}`,
    `X-Request-Id: ${instance}`,
    "X-Content-Type-Options: nosniff",
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Cache-Control: no-store",
    "Connection: close",
    ...headers,
  ];
  return `${head.join("\r\n")}\r\n\r\n${body}`;
}
