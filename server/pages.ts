import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import next from "next";

import { databaseState } from "@/lib/platform/database-state";
import type { AdmittedRequest } from "./edge";
import { answerUnavailable } from "./unavailable-page";

export interface Pages {
  answer(req: IncomingMessage, res: ServerResponse, admitted: AdmittedRequest): Promise<void>;
  close(): Promise<void>;
}

/** Everything a browser sees: Next, behind the edge and the watch over the database. */
export async function startPages(
  server: Server,
  options: { development: boolean; hostname: string; port: number },
): Promise<Pages> {
  const app = next({
    dev: options.development,
    dir: process.cwd(),
    hostname: options.hostname,
    port: options.port,
    customServer: true,
    httpServer: server,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  if (options.development) {
    const upgrade = app.getUpgradeHandler();
    server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => void upgrade(req, socket, head));
  }
  return {
    answer: async (req, res, { path, requestId }) => {
      // Files of the build need no database.
      if (path.startsWith("/_next/static/")) return handle(req, res);
      const forgo = databaseState().onDown(() => {
        if (res.headersSent) return;
        answerUnavailable(req, res, requestId);
        silence(res);
      });
      res.once("close", forgo);
      if (!res.writableEnded) await handle(req, res);
    },
    close: () => app.close(),
  };
}

/** What Next still writes to an answer that was given in its place goes nowhere. */
function silence(res: ServerResponse): void {
  res.writeHead = () => res;
  res.setHeader = () => res;
  res.appendHeader = () => res;
  res.removeHeader = () => undefined;
  res.flushHeaders = () => undefined;
  res.write = () => true;
  res.end = () => res;
}
