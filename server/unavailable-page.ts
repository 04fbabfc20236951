import type { IncomingMessage, ServerResponse } from "node:http";

import { retryAfter, REFUSALS } from "@/lib/entry/refusals";
import { plainPage } from "@/lib/platform/plain-page";

/** Steps of signing in and out, which are no pages: a form's address, and one whose code the provider takes once. */
const STEPS: readonly (readonly [begins: string, leadsTo: string])[] = [
  ["/api/auth/callback/", "/sign-in?problem=unavailable"],
  ["/api/auth/signout", "/"],
];

function whereToTryAgain(address: string): { readonly againAt?: string } {
  const [, againAt] = STEPS.find(([begins]) => address.startsWith(begins)) ?? [];
  return againAt === undefined ? {} : { againAt };
}

/** The page of an outage: it comes back by itself, as what was being read (a reload never sends a form again). */
export function answerUnavailable(req: IncomingMessage, res: ServerResponse, requestId: string): void {
  const { api: status, retryAfterSeconds: againSeconds = 5 } = REFUSALS.unavailable;
  const page = plainPage({
    title: "The Hub is not available for a moment",
    paragraphs: [
      "It is too busy or its database is away. Nothing you saved before is lost. If you were saving something just now, look whether it is there when the Hub is back.",
      `This page tries again every ${againSeconds} seconds. API keys that worked before will work again as soon as it is back.`,
    ],
    requestId,
    nonce: String(req.headers["x-csp-nonce"] ?? ""),
    againSeconds,
    ...whereToTryAgain(req.url ?? ""),
  });
  const headers = { "Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store" };
  res.writeHead(status, { ...headers, ...retryAfter("unavailable") });
  res.end(page);
}
