import type { IncomingMessage, ServerResponse } from "node:http";

const RETRY_AFTER_SECONDS = 5;

/** Needs nothing but itself: no script, no file, no database. */
function unavailableHtml(nonce: string, requestId: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="${RETRY_AFTER_SECONDS}">
<title>Not available for a moment · Fleet Advisor Hub</title>
<style nonce="${nonce}">
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
  main { max-width: 30rem; padding: 2rem; }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
  p { margin: 0 0 .75rem; }
  small { opacity: .75; }
</style>
</head>
<body>
<main>
<h1>The Hub is not available for a moment</h1>
<p>Its database does not answer. Nothing you saved before is lost. If you were saving something just now, look whether it is there when the Hub is back.</p>
<p>This page tries again every ${RETRY_AFTER_SECONDS} seconds. API keys that worked before will work again as soon as it is back.</p>
<small>Request ${requestId}</small>
</main>
</body>
</html>
`;
}

/** The page of an outage: it comes back by itself, as what was being read (a reload never sends a form again). */
export function answerUnavailable(req: IncomingMessage, res: ServerResponse, requestId: string): void {
  const nonce = String(req.headers["x-csp-nonce"] ?? "");
  res.writeHead(503, { "Content-Type": "text/html; charset=utf-8", "Retry-After": String(RETRY_AFTER_SECONDS) });
  res.end(unavailableHtml(nonce, requestId));
}
