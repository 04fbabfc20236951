import type { IncomingMessage, ServerResponse } from "node:http";

import { notServingAnswer, sendAnswer } from "@/lib/public-api/answer";
import type { AdmittedRequest } from "./edge";

const LOOK_AGAIN_SECONDS = 60;

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Needs nothing but itself: no script, no file, no database. */
function notServingHtml(nonce: string, requestId: string, sentence: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${LOOK_AGAIN_SECONDS}">
<title>Not serving · Fleet Advisor Hub</title>
<style nonce="${nonce}">
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
  main { max-width: 32rem; padding: 2rem; }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
  p { margin: 0 0 .75rem; }
  small { opacity: .75; }
</style>
</head>
<body>
<main>
<h1>The Hub is not serving</h1>
<p>${escapeHtml(sentence)}</p>
<p>Whoever runs the Hub has to act; this page looks again every minute.</p>
<small>Request ${requestId}</small>
</main>
</body>
</html>
`;
}

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
  res.end(notServingHtml(nonce, requestId, sentence));
}
