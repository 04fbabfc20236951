import type { IncomingMessage } from "node:http";

import { isLoopbackAddress, isLoopbackHost } from "@/lib/platform/loopback";

/** What proxies, balancers and tunnels write of themselves or of whom they speak for, and browsers never send. */
const ON_BEHALF = [
  /forward|proxy|proxied|tunnel/,
  /^via$|-via$|^cdn-loop$|^surrogate-|^traceparent$|^tracestate$|^b3$|^x-b3-|^x-(request|queue)-start$/,
  /(^|-)ip$|(^|-)(client|real|remote|source|original|originating|connecting|peer)-?(addr|address|host|name|url|uri|port|proto|scheme|user)$/,
  /^(x-)?(ssl|tls|https?|scheme|host|port|remote|original|cluster)(-|$)/,
  /^(x-)?(akamai|amz|amzn|appengine|arr|azure|bluecoat|cf|client-cert|cloud|cloudfront|devtunnel|envoy|fastly|fly|ghost|github|gitpod|goog|google|haproxy|heroku|istio|kong|localtunnel|loophole|ms|nf|ngrok|nginx|pagekite|railway|render|sucuri|tailscale|traefik|varnish|vercel|zrok)(-|$)/,
];
/** A browser's own, though one of the above would take it. */
const OWN = new Set(["host"]);

function isOnBehalf(name: string): boolean {
  return !OWN.has(name) && ON_BEHALF.some((pattern) => pattern.test(name));
}

/**
 * Whether a request was sent on this very machine, to a hub that is there for this machine alone. Behind a proxy or a
 * tunnel all peers are this machine, so that its marks count as well: its headers, whatever is in TRUSTED_PROXIES, and
 * HTTP/1.0, which no browser speaks and nginx does as long as nobody tells it otherwise.
 */
export function isFromThisMachine(
  req: Pick<IncomingMessage, "headers" | "httpVersion"> & { readonly socket: { readonly remoteAddress?: string } },
  appUrl: URL,
): boolean {
  return (
    isLoopbackHost(appUrl.hostname) &&
    isLoopbackAddress(req.socket.remoteAddress ?? "") &&
    isLoopbackHost(req.headers.host ?? "") &&
    req.httpVersion === "1.1" &&
    !Object.keys(req.headers).some(isOnBehalf)
  );
}
