import type { IncomingMessage, ServerResponse } from "node:http";

import { log } from "@/lib/platform/log";
import { measure } from "@/lib/platform/measurements";
import type { AdmittedRequest } from "./edge";
import type { RouteOf } from "./page-routes";

const METHODS = new Set(["GET", "HEAD", "POST"]);

/** One line for a page's request once it is answered: the route's pattern, never the address, whose query may hold a sign-in link. */
export function logPage(
  req: IncomingMessage,
  res: ServerResponse,
  { path, requestId, ip }: AdmittedRequest,
  routeOf: RouteOf,
): void {
  const startedAtMs = performance.now();
  const method = METHODS.has(req.method ?? "") ? (req.method ?? "") : "other";
  res.once("close", () => {
    const route = routeOf(path);
    const status = res.statusCode;
    const durationMs = Math.round((performance.now() - startedAtMs) * 1000) / 1000;
    measure({ kind: "request", of: "page", route, method, status, seconds: durationMs / 1000 });
    // Files of the build say nothing of what people do.
    if (route === "/_next") return;
    log().info(
      { requestId, method, route, status, durationMs, ip, ...(!res.writableFinished && { aborted: true }) },
      "page",
    );
  });
}
