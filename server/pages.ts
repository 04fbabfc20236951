import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import next from "next";

import { databaseState } from "@/lib/platform/database-state";
import type { AdmittedRequest } from "./edge";
import type { UpgradeListener } from "./http-server";
import { answerUnavailable } from "./unavailable-page";

export interface Pages {
  answer(req: IncomingMessage, res: ServerResponse, admitted: AdmittedRequest): Promise<void>;
  /** The socket by which development's pages learn of changes; null in production, which has none. */
  readonly upgrade: UpgradeListener | null;
  close(): Promise<void>;
}

/** Everything a browser sees: Next, behind the edge and the watch over the database. */
export async function startPages(options: { development: boolean; hostname: string; port: number }): Promise<Pages> {
  // Next listens here for upgrades, at its first page: the server that listens to the world is not its own to listen to.
  const standIn = createServer();
  const app = next({
    dev: options.development,
    dir: process.cwd(),
    hostname: options.hostname,
    port: options.port,
    customServer: true,
    httpServer: standIn,
  });
  await app.prepare();
  const handle = app.getRequestHandler();
  const upgrade: UpgradeListener = (req, socket, head) =>
    req.url?.startsWith("/_next/hmr") === true && standIn.emit("upgrade", req, socket, head);
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
    upgrade: options.development ? upgrade : null,
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
