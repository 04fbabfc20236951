import { databaseState } from "@/lib/platform/database/state";
import { env } from "@/lib/platform/env";
import { createApiHandler } from "@/lib/public-api/application";
import { ENDPOINTS } from "@/server/api";
import { createEdge } from "@/server/edge";
import { createHttpServer } from "@/server/http-server";

/** The API as `serve-api.ts` has it, but nobody counts what its keys are used for. */
const { PORT, HOST = "127.0.0.1", APP_URL } = env();
databaseState().start();
await databaseState().check();
const edge = createEdge({ appUrl: APP_URL, https: false, development: false, trustedProxies: [], ownHostOnly: false });
const handle = createApiHandler(ENDPOINTS, () => undefined);
const { server } = createHttpServer((req, res) => {
  const admitted = edge(req, res);
  if (admitted) void handle(req, res, admitted);
});
server.listen(PORT, HOST, () => process.send?.({ address: `http://${HOST}:${PORT}` }));
process.once("disconnect", () => process.exit(0));
