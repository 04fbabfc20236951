import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { Duplex } from "node:stream";

import { listenAt } from "@/lib/platform/listening";
import { log } from "@/lib/platform/log";
import { answerUnreadable } from "./unreadable";

/** How long this server waits for a client. */
export interface ClientLimits {
  /** From the first byte of a request to the last one of its body. */
  readonly requestMs: number;
  readonly headersMs: number;
  /** For a client that takes no byte of its answer. One that takes a few may be as slow as it likes. */
  readonly unreadMs: number;
}

export const CLIENT_LIMITS: ClientLimits = { requestMs: 60_000, headersMs: 20_000, unreadMs: 60_000 };
const KEEP_ALIVE_MS = 65_000;
/** How many checks a limit gets while it runs: it may be exceeded by a sixtieth. */
const LOOKS = 60;

/** Takes a connection out of HTTP; false leaves the request to be answered as any other. */
export type UpgradeListener = (req: IncomingMessage, socket: Duplex, head: Buffer) => boolean;

export interface HttpServer {
  readonly server: Server;
  /** At all these places, or at none. */
  readonly listen: (port: number, places: readonly [string, ...string[]]) => Promise<void>;
  /** Takes no new connection, lets those with a request in flight finish it, then ends the rest. */
  readonly stop: (graceMs: number) => Promise<void>;
}

/**
 * A server that never waits forever for a client, and that keeps its events to itself: listeners added later are never
 * called.
 */
export function createHttpServer(
  request: RequestListener,
  { limits = CLIENT_LIMITS, upgrade = null }: { limits?: ClientLimits; upgrade?: UpgradeListener | null } = {},
): HttpServer {
  const server = createServer({
    requestTimeout: limits.requestMs,
    headersTimeout: limits.headersMs,
    // Node looks every 30 s by itself: that much longer would a slow request live.
    connectionsCheckingInterval: Math.ceil(limits.requestMs / LOOKS),
    keepAliveTimeout: KEEP_ALIVE_MS,
    // The edge asks for it, and answers as it answers everything.
    requireHostHeader: false,
  });
  const sockets = new Set<Duplex>();
  const upgraded = new WeakSet<Duplex>();
  server.on("connection", (socket: Duplex) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  answerUnreadable(server);
  server.on("request", request);
  if (upgrade !== null) listenToUpgrades(server, upgrade, upgraded);
  endUnread(server, sockets, limits.unreadMs);
  keepEvents(server);
  let closeDoors = () => Promise.resolve();
  const listen: HttpServer["listen"] = async (port, places) => {
    closeDoors = await listenAt(server, port, places);
  };
  const stop = async (graceMs: number) => {
    const closed = Promise.all([closeDoors(), stopListening(server, sockets, graceMs)]);
    for (const socket of sockets) if (upgraded.has(socket)) socket.destroy();
    await closed;
  };
  return { server, listen, stop };
}

/** By these a connection is answered: a second listener would answer twice, or take it away for good. */
const EVENTS = new Set([
  "request",
  "upgrade",
  "connect",
  "checkContinue",
  "checkExpectation",
  "clientError",
  "dropRequest",
]);

/**
 * A framework reaches the server through any request's socket. Next listens for upgrades at its first page: from then
 * on Node would hand it every request that offers to speak HTTP/2, and nobody would answer.
 */
function keepEvents(server: Server): void {
  for (const method of ["on", "addListener", "once", "prependListener", "prependOnceListener"] as const) {
    const add = server[method].bind(server) as (event: string, listener: (...args: unknown[]) => void) => Server;
    server[method] = ((event: string, listener: (...args: unknown[]) => void) => {
      if (!EVENTS.has(event)) return add(event, listener);
      log().warn({ event }, "a listener to the server's own events was not let in");
      return server;
    }) as typeof server.on;
  }
}

function listenToUpgrades(server: Server, upgrade: UpgradeListener, upgraded: WeakSet<Duplex>): void {
  server.on("upgrade", (req: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Node no longer listens for its errors, and an error that nobody listens for ends the process.
    socket.on("error", () => socket.destroy());
    if (upgrade(req, socket, head)) upgraded.add(socket);
    else readAgain(server, req, socket, head);
  });
}

/** The same request without its offer. An older Node asks only whether anybody listens, before it knows for which path. */
function readAgain(server: Server, { method, url, rawHeaders }: IncomingMessage, socket: Duplex, head: Buffer): void {
  const lines = [`${method} ${url} HTTP/1.1`];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name = "", value = ""] = rawHeaders.slice(index, index + 2);
    if (!/^(upgrade|http2-settings|connection)$/i.test(name)) lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit("connection", socket);
}

/** What the system has taken of what was written to a socket; Node tells it nowhere else. */
interface Handle {
  readonly bytesWritten: number;
  readonly writeQueueSize: number;
}

/** Counted in checks rather than by the clock: while this process was suspended, no client could be seen reading. */
function endUnread(server: Server, sockets: ReadonlySet<Duplex>, limitMs: number): void {
  const stalled = new WeakMap<Duplex, { taken: number; looks: number }>();
  const look = (socket: Duplex): void => {
    const { bytesWritten, writeQueueSize } = (socket as { _handle?: Handle | null })._handle ?? NOTHING_WRITTEN;
    if (writeQueueSize === 0) return void stalled.delete(socket);
    const taken = bytesWritten - writeQueueSize;
    const before = stalled.get(socket);
    const looks = before?.taken === taken ? before.looks + 1 : 0;
    if (looks >= LOOKS) socket.destroy();
    else stalled.set(socket, { taken, looks });
  };
  const timer = setInterval(() => sockets.forEach(look), limitMs / LOOKS).unref();
  server.once("close", () => clearInterval(timer));
}

const NOTHING_WRITTEN: Handle = { bytesWritten: 0, writeQueueSize: 0 };

async function stopListening(server: Server, sockets: ReadonlySet<Duplex>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Also those that Node does not count among its own.
  const timer = setTimeout(() => sockets.forEach((socket) => socket.destroy()), graceMs);
  // A connection that was busy a moment ago is idle now; it would be kept alive for a minute.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  await closed;
  clearTimeout(timer);
  clearInterval(sweep);
}
