import { log } from "@/lib/platform/log";
import type { ApiRequest } from "../api-request";

/** One wide line for a request: the route's pattern, never its address, in which a key may stand. */
export function logLine(request: ApiRequest, route: string, status: number, startedAtMs: number): void {
  const { method, requestId, ip, facts } = request;
  const durationMs = Math.round((performance.now() - startedAtMs) * 1000) / 1000;
  log().info({ requestId, method, route, status, durationMs, ip, ...facts }, "api");
}
