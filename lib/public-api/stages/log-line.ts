import { log } from "@/lib/platform/log";
import { measure } from "@/lib/platform/measurements";
import type { ApiRequest } from "../api-request";

const METHODS = new Set(["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"]);

/** One wide line for a request: the route's pattern, never its address, in which a key may stand. */
export function logLine(request: ApiRequest, route: string, status: number, startedAtMs: number): void {
  const { method, requestId, ip, facts } = request;
  const durationMs = Math.round((performance.now() - startedAtMs) * 1000) / 1000;
  measure({
    kind: "request",
    of: "api",
    route,
    method: METHODS.has(method) ? method : "other",
    status,
    seconds: durationMs / 1000,
  });
  log().info({ requestId, method, route, status, durationMs, ip, ...facts }, "api");
}
