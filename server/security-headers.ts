import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

export interface SecurityOptions {
  readonly https: boolean;
  /** Next's development server evaluates code and talks to the page over a socket. */
  readonly development: boolean;
}

const PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()";

function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'self'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src-elem 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self'${development ? " ws: wss:" : ""}`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** What every answer carries. */
export function setCommonHeaders(res: ServerResponse, options: SecurityOptions): void {
  res.setHeader("X-Content-Type-Options", "nosniff");
  res.setHeader("Referrer-Policy", "strict-origin-when-cross-origin");
  if (options.https) res.setHeader("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
}

/** What a page's answer carries besides; the request is told the nonce, so that Next puts it on its scripts. */
export function setPageHeaders(req: IncomingMessage, res: ServerResponse, options: SecurityOptions): void {
  const nonce = randomBytes(16).toString("base64");
  const policy = contentSecurityPolicy(nonce, options.development);
  req.headers["content-security-policy"] = policy;
  req.headers["x-csp-nonce"] = nonce;
  res.setHeader("Content-Security-Policy", policy);
  res.setHeader("Cross-Origin-Opener-Policy", "same-origin");
  res.setHeader("Permissions-Policy", PERMISSIONS_POLICY);
  res.setHeader("X-Frame-Options", "DENY");
  // Next leaves a Cache-Control alone that is there already, except on its own immutable files.
  if (!req.url?.startsWith("/_next/static/")) res.setHeader("Cache-Control", "private, no-store");
}
