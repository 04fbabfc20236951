import type { IncomingMessage, ServerResponse } from "node:http";

import { requestIdOf } from "@/lib/public-api/stages/request-id";
import { KEYS, redactSecrets } from "@/lib/platform/secret-patterns";
import { clientAddress, type AddressRange } from "@/lib/platform/trusted-proxies";
import { setCommonHeaders, setPageHeaders, type SecurityOptions } from "./security-headers";
import { isFromThisMachine } from "./this-machine";
import { requireHost } from "./unreadable";

const PAGE_METHODS = ["GET", "HEAD", "POST"];
const PAGE_BODY_LIMIT = 1024 * 1024;
/** Where a file is sent to; its route counts the bytes again. */
const UPLOAD_PATH = /^\/[0-9a-f]{10}\/imports\/upload$/;
const UPLOAD_BODY_LIMIT = 5 * PAGE_BODY_LIMIT;
/** Next would fetch and scale pictures for anybody; none of our pages asks for that. */
const UNUSED_PATH = /^\/_next\/image(?:\/|$)/;
const LOOPBACK_NAMES = new Set(["localhost", "127.0.0.1", "[::1]"]);
/** Headers by which the parts of Next talk to each other, and those that only this file may write. */
const INTERNAL_HEADERS =
  /^(x-middleware-|x-invoke-|x-next-|x-nextjs-|x-matched-path$|x-prerender-|x-now-route-matches$|next-resume|x-forwarded-|forwarded$|x-real-ip$|x-page-path$|x-this-machine$|x-prefetch$|x-csp-nonce$|content-security-policy)/;

export interface EdgeOptions extends SecurityOptions {
  readonly appUrl: string;
  readonly trustedProxies: readonly AddressRange[];
  /** Embedded and development mode: no proxy stands before us, so a foreign Host is a foreign site's name for this machine. */
  readonly ownHostOnly: boolean;
}

/** Where a request goes that the edge let through, and what is known of it. */
export interface AdmittedRequest {
  readonly to: "api" | "page" | "health";
  readonly path: string;
  readonly ip: string | null;
  readonly requestId: string;
}

type Edge = (req: IncomingMessage, res: ServerResponse) => AdmittedRequest | null;

/** Sees every request first; null when it has answered already. */
export function createEdge(options: EdgeOptions): Edge {
  const appUrl = new URL(options.appUrl);
  return (req, res) => {
    const ip = clientAddress(req.socket.remoteAddress, req.headers["x-forwarded-for"], options.trustedProxies);
    const requestId = requestIdOf(req.headers["x-request-id"]);
    res.setHeader("X-Request-Id", requestId);
    setCommonHeaders(res, options);
    if (!requireHost(req, res, requestId)) return null;
    const asked = apiTarget(req.url ?? "");
    const to = destinationOf(asked);
    // The API refuses a key in an address; a page would say it again in its answer.
    const target = to === "api" ? asked : redactSecrets(asked, KEYS);
    req.url = target;
    const admitted: AdmittedRequest = { to, path: pathOf(target), ip, requestId };
    if (to === "api") return admitted;
    // A proxy's form of the target (`GET http://elsewhere/`) would choose what Next takes for its own address.
    if (!target.startsWith("/")) {
      refuse(req, res, 400, "Bad request");
      return null;
    }
    if (to === "health") return admitted;
    if (options.ownHostOnly && !namesUs(req, appUrl)) {
      refuse(req, res, 421, `Open ${appUrl.origin} instead`);
      return null;
    }
    const elsewhere = aliasRedirect(req, appUrl) ?? (target !== asked && isRead(req) ? target : null);
    if (UNUSED_PATH.test(admitted.path)) {
      refuse(req, res, 404, "There is no such page");
      return null;
    }
    rewriteHeaders(req, admitted, appUrl);
    setPageHeaders(req, res, options);
    if (!admitPage(req, res, appUrl)) return null;
    if (elsewhere === null) return admitted;
    res.writeHead(307, { Location: elsewhere }).end();
    return null;
  };
}

/** `GET http://host/api/…` is as good as `GET /api/…` (RFC 9112): the API takes nothing from a host. */
function apiTarget(target: string): string {
  const [, relative] = /^https?:\/\/[^/?#]*(\/api(?:[/?].*)?)$/i.exec(target) ?? [];
  return relative !== undefined && destinationOf(relative) === "api" ? relative : target;
}

function pathOf(target: string): string {
  const query = target.indexOf("?");
  return query === -1 ? target : target.slice(0, query);
}

function destinationOf(target: string): AdmittedRequest["to"] {
  const path = pathOf(target);
  if (path === "/healthz" || path === "/readyz" || path === "/metrics") return "health";
  const isApi = path === "/api" || path.startsWith("/api/");
  const isSignIn = path === "/api/auth" || path.startsWith("/api/auth/");
  return isApi && !isSignIn ? "api" : "page";
}

/** What Next sees is what we know, not what the client says of itself. */
function rewriteHeaders(req: IncomingMessage, { ip, requestId }: AdmittedRequest, appUrl: URL): void {
  const isLocal = isFromThisMachine(req, appUrl);
  const own = Object.entries(req.headers).filter(([name]) => !INTERNAL_HEADERS.test(name));
  req.headers = Object.fromEntries(own);
  req.headers["x-request-id"] = requestId;
  req.headers["x-page-path"] = req.url;
  if (isLocal) req.headers["x-this-machine"] = "1";
  if (isPrefetch(req)) req.headers["x-prefetch"] = "1";
  req.headers["x-forwarded-host"] = appUrl.host;
  req.headers["x-forwarded-proto"] = appUrl.protocol.slice(0, -1);
  if (ip !== null) req.headers["x-forwarded-for"] = ip;
  req.headers.host = appUrl.host;
}

/**
 * A prefetch: nobody has opened the page yet. Next removes its own headers before a page can read them, so it is noted
 * in one of ours.
 */
function isPrefetch({ headers }: IncomingMessage): boolean {
  const isNexts =
    headers["next-router-prefetch"] !== undefined || headers["next-router-segment-prefetch"] !== undefined;
  return isNexts || /\bprefetch\b/.test(`${String(headers["sec-purpose"])} ${String(headers.purpose)}`);
}

function admitPage(req: IncomingMessage, res: ServerResponse, appUrl: URL): boolean {
  const refused = (status: number, sentence: string) => {
    refuse(req, res, status, sentence);
    return false;
  };
  if (!PAGE_METHODS.includes(req.method ?? "")) {
    res.setHeader("Allow", PAGE_METHODS.join(", "));
    return refused(405, "Method not allowed");
  }
  const limit = req.method === "POST" && UPLOAD_PATH.test(pathOf(req.url ?? "")) ? UPLOAD_BODY_LIMIT : PAGE_BODY_LIMIT;
  if (Number(req.headers["content-length"] ?? 0) > limit) return refused(413, "Request too large");
  // Browsers always say how much they send; who does not could send without end.
  if (req.headers["transfer-encoding"] !== undefined) return refused(411, "Length required");
  if (mayBeAction(req) && comesFromElsewhere(req, appUrl))
    return refused(403, `This can only be done on ${appUrl.origin}. Open the page there and try again`);
  return true;
}

/** What Next may take for a server action; everything else that is posted goes to a route of our own, which reads it itself. */
export function mayBeAction({ method, headers }: IncomingMessage): boolean {
  if (method !== "POST") return false;
  return headers["next-action"] !== undefined || /^multipart\/form-data/i.test(headers["content-type"] ?? "");
}

/**
 * Origins to which Next would answer 500. A missing one, or one of another scheme, is left to the action, which refuses
 * it itself.
 */
function comesFromElsewhere({ headers: { origin } }: IncomingMessage, appUrl: URL): boolean {
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== appUrl.host);
}

/** A page of another site whose name was made to point here (DNS rebinding) still sends that name. */
function namesUs(req: IncomingMessage, appUrl: URL): boolean {
  const host = req.headers.host?.toLowerCase() ?? "";
  return host === appUrl.host || LOOPBACK_NAMES.has(host.replace(/:\d+$/, ""));
}

/** Sessions and links live at the configured address: another name of this machine leads there. */
function aliasRedirect(req: IncomingMessage, appUrl: URL): string | null {
  const host = req.headers.host?.toLowerCase() ?? appUrl.host;
  const isAlias =
    host !== appUrl.host && LOOPBACK_NAMES.has(host.replace(/:\d+$/, "")) && LOOPBACK_NAMES.has(appUrl.hostname);
  return isAlias && isRead(req) ? appUrl.origin + (req.url ?? "/") : null;
}

function isRead({ method }: IncomingMessage): boolean {
  return method === "GET" || method === "HEAD";
}

export function refuse(req: IncomingMessage, res: ServerResponse, status: number, sentence: string): void {
  // An unread body would be taken for the next request on this connection.
  const hasBody = req.headers["transfer-encoding"] !== undefined || Number(req.headers["content-length"] ?? 0) > 0;
  if (hasBody) res.setHeader("Connection", "close");
  res
    .writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" })
    .end(`${sentence}.\n`);
}
