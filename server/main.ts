import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { retryAfter } from "@/lib/entry/refusals";
import { holdInstanceLock } from "@/lib/platform/database/instance-lock";
import { databaseIdentity } from "@/lib/platform/database/identity";
import { databaseState, isOutage } from "@/lib/platform/database/state";
import { env, type Environment } from "@/lib/platform/env";
import { unavailable } from "@/lib/platform/errors";
import { listeningPlaces } from "@/lib/platform/listening";
import { log } from "@/lib/platform/log";
import { endPools } from "@/lib/platform/database/pool";
import { serving } from "@/lib/platform/serving";
import { parseAddressRange } from "@/lib/platform/trusted-proxies";
import { createApi } from "./api";
import { watchContract } from "./contract-watch";
import { captureConsole } from "./console-lines";
import { createEdge, type AdmittedRequest, type EdgeOptions } from "./edge";
import { answerHealth } from "./health";
import { CLIENT_LIMITS, createHttpServer, type ClientLimits, type HttpServer } from "./http-server";
import { METRICS_PATH, startMetrics } from "./metrics";
import { answerNotServing } from "./not-serving";
import { logPage } from "./page-log";
import { readPageRoutes } from "./page-routes";
import type { Pages } from "./pages";
import { answerUnavailable } from "./unavailable-page";
import { workWhileServing, type KeptWorker } from "./work-while-serving";

/** How long requests and jobs in flight may take once the process was told to stop. */
const GRACE_MS = 10_000;
/** For the last ones, where jobs have taken all of that. */
const LAST_GRACE_MS = 2_000;
/** Most proxies look every second or two, and want to see it twice. */
const DRAIN_BEHIND_PROXY_SECONDS = 5;

export interface RunningServer {
  /** `http://host:port`, as it listens (not necessarily as it is reached: APP_URL). */
  readonly address: string;
  close(): Promise<void>;
}

/** Starts what HUB_ROLES names, the worker last, since it may ask this very process; resolves when requests are answered. */
export async function startServer({ limits = CLIENT_LIMITS }: { limits?: ClientLimits } = {}): Promise<RunningServer> {
  const settings = env();
  const has = (role: Environment["HUB_ROLES"][number]) => settings.HUB_ROLES.includes(role);
  const places = listeningPlaces(settings);
  const [host] = places;
  if (settings.NODE_ENV === "production") captureConsole();
  const endWatch = await watchDatabase();

  const edge = createEdge(edgeOptions(settings));
  const place = has("api") ? await holdInstanceLock() : null;
  const api = has("api") ? createApi() : null;
  const pages = has("web") ? await startNext(host, settings) : null;
  let worker: KeptWorker | null = null;
  const working = has("worker") ? { isAlive: () => worker?.isAlive() ?? false } : null;
  const metrics = await startMetrics(places);
  const routeOf = readPageRoutes();
  let isStopping = false;

  const route = async (req: IncomingMessage, res: ServerResponse, admitted: AdmittedRequest) => {
    if (metrics?.answer(admitted.path, req, res)) return;
    if (admitted.to === "health" && admitted.path !== METRICS_PATH)
      return answerHealth(admitted.path, res, { isStopping, worker: working });
    const refusedBecause = serving().refusedBecause();
    if (refusedBecause !== null) return answerNotServing(req, res, admitted, refusedBecause);
    if (admitted.to === "api" && api) return api.answer(req, res, admitted);
    if (admitted.to === "page" && pages) {
      logPage(req, res, admitted, routeOf);
      return pages.answer(req, res, admitted);
    }
    res.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("Not served by this process.\n");
  };
  const answer = (req: IncomingMessage, res: ServerResponse) => {
    if (isStopping) res.setHeader("Connection", "close");
    const admitted = edge(req, res);
    if (admitted) route(req, res, admitted).catch((error: unknown) => void fail(error, req, res, admitted));
  };
  const http = createHttpServer(answer, { limits, upgrade: pages?.upgrade ?? null });

  const end = () => Promise.all([api?.close(), pages?.close(), metrics?.close(), place?.release(), endWatch()]);
  await http.listen(settings.PORT, places).catch((error: unknown) => end().then(() => Promise.reject(error as Error)));
  if (has("worker")) worker = await startWorkerWhileServing();
  const address = `http://${host.includes(":") ? `[${host}]` : host}:${settings.PORT}`;
  const close = async () => {
    isStopping = true;
    api?.stopWaiting();
    await stopServing(http, worker, drainMs(settings));
    await end();
    await endPools();
  };
  let closing: Promise<void> | undefined;
  return { address, close: () => (closing ??= close()) };
}

/**
 * What works here may ask this very process until it has ended: only then nobody is let in any more. What each waits for
 * may be a database that is silent, so that both count from the same moment.
 */
async function stopServing(http: HttpServer, worker: KeptWorker | null, drainMs: number): Promise<void> {
  const endsAt = performance.now() + drainMs + GRACE_MS;
  const worked = worker?.stop().catch((error: unknown) => {
    log().error({ err: error }, "the worker did not stop in order; what it had begun is taken over");
  });
  await Promise.all([sleep(drainMs), Promise.race([worked, sleep(GRACE_MS, undefined, { ref: false })])]);
  await http.stop(Math.max(endsAt - performance.now(), LAST_GRACE_MS));
  await worked;
}

/** A proxy hears of the stop from `/readyz`, and sends what comes meanwhile: it is served as ever. */
function drainMs({ DRAIN_SECONDS, TRUSTED_PROXIES, HUB_ROLES }: Environment): number {
  if (!HUB_ROLES.some((role) => role !== "worker")) return 0;
  return 1000 * (DRAIN_SECONDS ?? (TRUSTED_PROXIES.length > 0 ? DRAIN_BEHIND_PROXY_SECONDS : 0));
}

/** Whether the database is the right one and answers, and whether its tables are still such as this program knows. */
async function watchDatabase(): Promise<() => Promise<void>> {
  databaseIdentity().guard();
  databaseState().start();
  await databaseState().check();
  const endContractWatch = await watchContract();
  return async () => {
    endContractWatch();
    await databaseState().stop();
  };
}

/** Loaded only where it runs: a process for the API alone has no use for a renderer. */
async function startNext(hostname: string, { NODE_ENV, PORT }: Environment): Promise<Pages> {
  const { startPages } = await import("./pages");
  return startPages({ development: NODE_ENV === "development", hostname, port: PORT });
}

function edgeOptions(settings: Environment): EdgeOptions {
  return {
    appUrl: settings.APP_URL,
    https: settings.APP_URL.startsWith("https:"),
    development: settings.NODE_ENV === "development",
    trustedProxies: settings.TRUSTED_PROXIES.map(parseAddressRange),
    ownHostOnly: settings.HUB_EMBEDDED || settings.NODE_ENV === "development",
  };
}

async function startWorkerWhileServing(): Promise<KeptWorker> {
  const { startWorker } = await import("./worker");
  return workWhileServing(startWorker);
}

/** What no handler caught: the database's failures are told here as everywhere. */
async function fail(
  error: unknown,
  req: IncomingMessage,
  res: ServerResponse,
  { to, requestId }: AdmittedRequest,
): Promise<void> {
  const isAway = await isOutage(error);
  if (isAway) log().warn({ err: error, requestId }, "a request met a database that is away or too busy");
  else log().error({ err: error, requestId }, "a request failed outside of its handler");
  if (res.headersSent) return void res.destroy();
  if (isAway && to === "page") return answerUnavailable(req, res, requestId);
  const sentence = isAway ? unavailable().reason : `Something unexpected happened. Request ${requestId}.`;
  const headers = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
  res.writeHead(isAway ? 503 : 500, { ...headers, ...(isAway && retryAfter("unavailable")) }).end(`${sentence}\n`);
}
