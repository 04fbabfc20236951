import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import next from "next";

import { databaseState } from "@/lib/platform/database/state";
import { mayBeAction, type AdmittedRequest } from "./edge";
import type { UpgradeListener } from "./http-server";
import { answerUnavailable } from "./unavailable-page";
import { answerForm, answerPage, silence } from "./unreadable-form";

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
    answer: async (req, res, admitted) => {
      // Files of the build need no database.
      if (admitted.path.startsWith("/_next/static/")) return handle(req, res);
      const forgo = databaseState().onDown(() => {
        if (res.headersSent) return;
        answerUnavailable(req, res, admitted.requestId);
        silence(res);
      });
      res.once("close", forgo);
      if (res.writableEnded) return;
      if (mayBeAction(req)) await answerForm(handle, req, res, admitted);
      else await answerPage(handle, req, res, admitted);
    },
    upgrade: options.development ? upgrade : null,
    close: () => app.close(),
  };
}
