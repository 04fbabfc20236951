import type { ServerResponse } from "node:http";

import { databaseState } from "@/lib/platform/database-state";

/** `/healthz`: this process answers. `/readyz`: it can do its work, so a load balancer may send requests. */
export function answerHealth(path: string, res: ServerResponse, isStopping: boolean): void {
  const ready = path === "/healthz" || !(isStopping || databaseState().isDown());
  res.writeHead(ready ? 200 : 503, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  res.end(JSON.stringify({ status: ready ? "ok" : isStopping ? "stopping" : "database unavailable" }));
}
