import type { IncomingMessage, ServerResponse } from "node:http";

import { plainPage } from "@/lib/platform/plain-page";
import { notServingAnswer, sendAnswer } from "@/lib/public-api/answer";
import type { AdmittedRequest } from "./edge";

const LOOK_AGAIN_SECONDS = 60;

/** What a process answers that runs and must not serve: the sentence, to a person as a page, to a program as a problem. */
export function answerNotServing(
  req: IncomingMessage,
  res: ServerResponse,
  { to, requestId }: AdmittedRequest,
  sentence: string,
): void {
  // An unread body would be taken for the next request on this connection.
  if (req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0)
    res.setHeader("Connection", "close");
  if (to === "api") return sendAnswer(res, notServingAnswer(requestId, sentence));
  const nonce = String(req.headers["x-csp-nonce"] ?? "");
  res.writeHead(503, {
    "Content-Type": "text/html; charset=utf-8",
    "Retry-After": String(LOOK_AGAIN_SECONDS),
    "Cache-Control": "no-store",
  });
  const page = plainPage({
    title: "The Hub is not serving",
    paragraphs: [sentence, "Whoever runs the Hub has to act; this page looks again every minute."],
    requestId,
    nonce,
    againSeconds: LOOK_AGAIN_SECONDS,
  });
  res.end(page);
}
