import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

import { databaseIdentity } from "@/lib/platform/database/identity";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { listenToMeasurements, type Measurement } from "@/lib/platform/measurements";
import { readPool, writePool } from "@/lib/platform/database/pool";
import { serving } from "@/lib/platform/serving";
import { CLIENT_LIMITS, createHttpServer } from "./http-server";
import { watchMail } from "./mail-metrics";

export interface Metrics {
  /** On the main port, where a token guards it: true when it was the path of the metrics. */
  answer(path: string, req: IncomingMessage, res: ServerResponse): boolean;
  close(): Promise<void>;
}

export const METRICS_PATH = "/metrics";
type Places = readonly [string, ...string[]];

const METRICS_REQUEST_MS = 10_000;
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Counts from now on, and answers Prometheus; null where neither METRICS_PORT nor METRICS_TOKEN is set. */
export async function startMetrics(places: Places): Promise<Metrics | null> {
  const { METRICS_PORT, METRICS_TOKEN } = env();
  if (METRICS_PORT === undefined && METRICS_TOKEN === undefined) return null;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  countMeasurements(registry);
  watchPools(registry);
  watchQueue(registry);
  watchMail(registry);
  watchIdentity(registry);
  const respond = (req: IncomingMessage, res: ServerResponse) => void answerPrometheus(registry, req, res);
  const own = METRICS_PORT === undefined ? null : await listenApart(METRICS_PORT, places, respond);
  const answer = (path: string, req: IncomingMessage, res: ServerResponse): boolean => {
    if (own !== null || path !== METRICS_PATH) return false;
    respond(req, res);
    return true;
  };
  const close = async () => {
    listenToMeasurements(null);
    await own?.close();
  };
  return { answer, close };
}

async function listenApart(port: number, places: Places, respond: (req: IncomingMessage, res: ServerResponse) => void) {
  const answer = (req: IncomingMessage, res: ServerResponse) => {
    if (req.url === METRICS_PATH) return respond(req, res);
    res.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("There is /metrics alone.\n");
  };
  const limits = { ...CLIENT_LIMITS, requestMs: METRICS_REQUEST_MS, headersMs: METRICS_REQUEST_MS };
  const { listen, stop } = createHttpServer(answer, { limits });
  await listen(port, places);
  return { close: () => stop(0) };
}

async function answerPrometheus(registry: Registry, req: IncomingMessage, res: ServerResponse): Promise<void> {
  res.setHeader("Cache-Control", "no-store");
  if (!mayRead(req.headers.authorization)) {
    res
      .writeHead(401, { "Content-Type": "text/plain; charset=utf-8", "WWW-Authenticate": "Bearer" })
      .end("Send METRICS_TOKEN as a bearer token.\n");
    return;
  }
  try {
    const text = await registry.metrics();
    res.writeHead(200, { "Content-Type": registry.contentType }).end(text);
  } catch (error) {
    log().error({ err: error }, "the metrics could not be read");
    res.writeHead(500).end();
  }
}

function mayRead(authorization: string | undefined): boolean {
  const { METRICS_TOKEN } = env();
  if (METRICS_TOKEN === undefined) return true;
  const digest = (text: string) => hash("sha256", text, "buffer");
  return timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${METRICS_TOKEN}`));
}

function countMeasurements(registry: Registry): void {
  const registers = [registry];
  const requests = new Histogram({
    name: "hub_request_seconds",
    help: "How long requests took, by route pattern.",
    labelNames: ["of", "route", "method", "status"],
    buckets: SECONDS,
    registers,
  });
  const jobs = new Counter({
    name: "hub_jobs_total",
    help: "Jobs worked on.",
    labelNames: ["job", "result"],
    registers,
  });
  const mails = new Counter({
    name: "hub_mails_total",
    help: "Attempts to hand a mail to the provider; unknown = no clear answer came.",
    labelNames: ["result"],
    registers,
  });
  const keys = new Counter({
    name: "hub_key_look_ups_total",
    help: "API keys looked up.",
    labelNames: ["result"],
    registers,
  });
  const droppedLines = new Counter({
    name: "hub_log_lines_dropped_total",
    help: "Lines of the log that were dropped, because what it is written to took none.",
    registers,
  });
  const count = (measurement: Measurement): void => {
    switch (measurement.kind) {
      case "request": {
        const { of, route, method, status, seconds } = measurement;
        return requests.observe({ of, route, method, status }, seconds);
      }
      case "job":
        return jobs.inc({ job: measurement.job, result: measurement.result });
      case "mail":
        return mails.inc({ result: measurement.result });
      case "keyLookUp":
        return keys.inc({ result: measurement.result });
      case "logLineDropped":
        return droppedLines.inc();
    }
  };
  listenToMeasurements(count);
}

function watchPools(registry: Registry): void {
  const pools = { write: writePool(), read: readPool() };
  new Gauge({
    name: "hub_pool_connections",
    help: "Database connections, and callers who wait for one.",
    labelNames: ["pool", "state"],
    registers: [registry],
    collect() {
      for (const [pool, { totalCount, idleCount, waitingCount }] of Object.entries(pools)) {
        this.set({ pool, state: "busy" }, totalCount - idleCount);
        this.set({ pool, state: "idle" }, idleCount);
        this.set({ pool, state: "waiting" }, waitingCount);
      }
    },
  });
}

function watchIdentity(registry: Registry): void {
  new Gauge({
    name: "hub_serving",
    help: "1 while this process serves, 0 while it runs and refuses to (its /readyz says why).",
    registers: [registry],
    collect() {
      this.set(serving().refusedBecause() === null ? 1 : 0);
    },
  });
  new Gauge({
    name: "hub_database_timeline",
    help: "The database server's timeline: as last accepted, and as it is. Another one is a fail-over or a recovery.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      const { timeline, timelineChange } = databaseIdentity();
      this.set({ state: "current" }, timeline ?? NaN);
      this.set({ state: "accepted" }, timelineChange?.from ?? timeline ?? NaN);
    },
  });
}

interface QueueRow {
  readonly due: number;
  readonly later: number;
  readonly running: number;
  readonly givenUp: number;
  readonly oldestSeconds: number;
}

async function readQueue(): Promise<QueueRow | undefined> {
  const { rows } = await readPool().query<QueueRow>(`
    SELECT count(*) FILTER (WHERE NOT given_up AND locked_at IS NULL AND run_at <= now())::int AS due,
      count(*) FILTER (WHERE NOT given_up AND locked_at IS NULL AND run_at > now())::int AS later,
      count(*) FILTER (WHERE locked_at IS NOT NULL)::int AS running,
      count(*) FILTER (WHERE given_up AND locked_at IS NULL)::int AS "givenUp",
      coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE NOT given_up AND locked_at IS NULL AND run_at <= now())), 0)::float AS "oldestSeconds"
    FROM (SELECT *, attempts >= max_attempts AS given_up FROM graphile_worker.jobs) jobs`);
  return rows[0];
}

/** One statement for all that is told of the queue at one time; nothing while the database is away: the process still tells how it is itself. */
function queueReader(): () => Promise<QueueRow | undefined> {
  let reading: Promise<QueueRow | undefined> | undefined;
  return () =>
    (reading ??= readQueue()
      .catch(() => undefined)
      .finally(() => (reading = undefined)));
}

function watchQueue(registry: Registry): void {
  const read = queueReader();
  new Gauge({
    name: "hub_queue_jobs",
    help: "Jobs in the queue.",
    labelNames: ["state"],
    registers: [registry],
    async collect() {
      const { due = NaN, later = NaN, running = NaN, givenUp = NaN } = (await read()) ?? {};
      for (const [state, jobs] of Object.entries({ due, later, running, given_up: givenUp })) this.set({ state }, jobs);
    },
  });
  new Gauge({
    name: "hub_queue_oldest_seconds",
    help: "For how long the oldest job that is due has waited.",
    registers: [registry],
    async collect() {
      this.set((await read())?.oldestSeconds ?? NaN);
    },
  });
}
