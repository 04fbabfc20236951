import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { Readable } from "node:stream";
import { afterEach, describe, expect, it } from "vitest";

import { createHttpServer, type ClientLimits, type HttpServer, type UpgradeListener } from "./http-server";

const LENIENT: ClientLimits = { requestMs: 60_000, headersMs: 20_000, unreadMs: 60_000 };

const running: HttpServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((http) => http.stop(0)));
});

async function serve(
  request: RequestListener,
  limits: Partial<ClientLimits> = {},
  upgrade: UpgradeListener | null = null,
) {
  const http = createHttpServer(request, { limits: { ...LENIENT, ...limits }, upgrade });
  running.push(http);
  await new Promise<void>((resolve) => http.server.listen(0, "127.0.0.1", resolve));
  return { ...http, port: (http.server.address() as AddressInfo).port };
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Answers with what it was asked. */
function echo(req: IncomingMessage, res: ServerResponse): void {
  void bodyOf(req).then(
    (body) => res.end(`${req.method} ${req.url} HTTP/${req.httpVersion} ${body}`),
    () => res.destroy(),
  );
}

interface Line {
  readonly socket: Socket;
  readonly heard: () => string;
  readonly say: (text: string) => void;
  readonly closed: Promise<string>;
}

function dial(port: number, text = ""): Line {
  const socket = connect(port, "127.0.0.1", () => socket.write(text));
  let heard = "";
  socket.on("data", (chunk) => (heard += String(chunk)));
  // A server that has had enough may reset the connection.
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.on("close", () => resolve(heard)));
  return { socket, heard: () => heard, say: (more) => void socket.write(more), closed };
}

const POLL = { timeout: 10_000, interval: 10 };
const WEBSOCKET =
  "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n";
const H2C = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n";

describe("a request that offers to speak something else", () => {
  it.each([
    ["a websocket", WEBSOCKET],
    ["HTTP/2", H2C],
  ])("%s is answered as HTTP/1.1, its body and the next one too", async (_what, offer) => {
    const app = await serve(echo);
    const { heard, say } = dial(app.port);
    say(`POST /a HTTP/1.1\r\nHost: x\r\n${offer}Content-Length: 2\r\n\r\nhi`);
    await expect.poll(heard, POLL).toMatch(/^HTTP\/1\.1 200 [^]*POST \/a HTTP\/1\.1 hi$/);
    say(`GET /b HTTP/1.1\r\nHost: x\r\n${offer}\r\n`);
    await expect.poll(heard, POLL).toMatch(/GET \/b HTTP\/1\.1 $/);
    say("GET /c HTTP/1.1\r\nHost: x\r\n\r\n");
    await expect.poll(heard, POLL).toMatch(/GET \/c HTTP\/1\.1 $/);
  });

  it("also after somebody else began to listen for such things", async () => {
    const app = await serve(echo);
    const never = () => expect.unreachable();
    for (const event of ["upgrade", "connect", "request", "checkContinue", "checkExpectation", "clientError"]) {
      const counted = app.server.listenerCount(event);
      app.server.on(event, never).addListener(event, never).once(event, never);
      app.server.prependListener(event, never).prependOnceListener(event, never);
      expect([event, app.server.listenerCount(event)]).toEqual([event, counted]);
    }
    const { heard } = dial(app.port, `GET /a HTTP/1.1\r\nHost: x\r\n${H2C}\r\n`);
    await expect.poll(heard, POLL).toMatch(/^HTTP\/1\.1 200 /);
    expect(await dial(app.port, "GARBAGE\r\n\r\n").closed).toMatch(/^HTTP\/1\.1 400 /);
  });

  it("is taken where it is wanted, and answered everywhere else", async () => {
    const app = await serve(echo, {}, ({ url }, socket) => {
      if (url !== "/_next/hmr") return false;
      socket.write("HTTP/1.1 101 Switching Protocols\r\n\r\n");
      return true;
    });
    const taken = dial(app.port, `GET /_next/hmr HTTP/1.1\r\nHost: x\r\n${WEBSOCKET}\r\n`);
    const asked = dial(
      app.port,
      `POST /a HTTP/1.1\r\nHost: x\r\n${H2C}Content-Length: 2\r\n\r\nhi` +
        "GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    const heard = await asked.closed;
    expect(heard).toContain("POST /a HTTP/1.1 hi");
    expect(heard).toContain("GET /b HTTP/1.1 ");
    await expect.poll(taken.heard, POLL).toMatch(/^HTTP\/1\.1 101 /);
    // Such a connection is none of Node's any more, and would keep the server from ending.
    await app.stop(60_000);
    await taken.closed;
  });

  it("CONNECT is refused", async () => {
    const app = await serve(echo);
    const heard = await dial(app.port, "CONNECT inside.example:443 HTTP/1.1\r\nHost: inside.example:443\r\n\r\n")
      .closed;
    expect(heard).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\nX-Request-Id: /);
    expect(heard).toContain("\r\nAllow: \r\n");
    expect(heard).toContain('"code":"method_not_allowed"');
  });
});

describe("a client that is slow", () => {
  it("to say what it wants is told so, and its connection ends", async () => {
    const app = await serve(echo, { requestMs: 400, headersMs: 400 });
    const said = ["", "GET / HTTP/1.1\r\nHo", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab"];
    const heard = await Promise.all(said.map((text) => dial(app.port, text).closed));
    for (const answer of heard) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });

  it("to send its body has no longer for coming byte by byte", async () => {
    const app = await serve(echo, { requestMs: 400, headersMs: 400 });
    const { socket, closed } = dial(app.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    const dripping = setInterval(() => socket.write("x"), 20);
    expect(await closed).toMatch(/^HTTP\/1\.1 408 /);
    clearInterval(dripping);
  });

  it("gets no second answer where the first one did not wait for the body", async () => {
    const app = await serve((_req, res) => res.writeHead(401).end(), { requestMs: 400, headersMs: 400 });
    const heard = await dial(app.port, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nab").closed;
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 401"]);
  });

  it("to read: none is waited for that takes nothing, one that takes a little each time gets all", async () => {
    const ends: string[] = [];
    const app = await serve(
      (req, res) => {
        res.once("close", () => ends.push(`${req.url} ${res.writableFinished ? "whole" : "cut"}`));
        if (req.url === "/at-once") res.end(Buffer.alloc(BYTES, "x"));
        else Readable.from(pieces()).pipe(res);
      },
      { unreadMs: 300 },
    );
    const ask = (path: string) => dial(app.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const silent = ask("/endless");
    silent.socket.pause();
    const slow = ask("/at-once");
    let bytes = 0;
    slow.socket.on("data", (chunk) => {
      bytes += chunk.length;
      slow.socket.pause();
      setTimeout(() => slow.socket.resume(), 1);
    });
    await expect.poll(() => ends, POLL).toContain("/endless cut");
    await slow.closed;
    expect(bytes).toBeGreaterThan(BYTES);
    expect(ends).toContain("/at-once whole");
    silent.socket.destroy();
  });
});

/** More than the system keeps for a reader, so that it takes longer than the limit. */
const BYTES = 24 * 1024 * 1024;

function* pieces(): Generator<Buffer> {
  for (;;) yield Buffer.alloc(64 * 1024, "x");
}
