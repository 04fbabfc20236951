import { readdirSync, rmSync, mkdtempSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { findOwner, findRunningPostgres } from "@/lib/platform/embedded-postgres";
import { expect, test as base } from "./fixtures";
import { startOwnServer, type OwnServer } from "./own-server";

interface Started {
  readonly directory: string;
  readonly server: OwnServer;
}

const test = base.extend<object, Started>({
  directory: [
    async ({ browserName: _ }, use) => {
      const directory = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-edge-"));
      await use(directory);
      rmSync(directory, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  server: [
    async ({ directory }, use) => {
      const server = await startOwnServer(directory, { LOG_LEVEL: "info" });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.address),
});

const OFFERS = {
  // What Java's HttpClient sends by default, and `curl --http2`.
  "HTTP/2": "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
  websocket:
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
};

/** Opens a connection, says something, and waits for what `answer` finds in what comes back. */
function say(port: number, text: string, answer: RegExp): Promise<{ socket: Socket; found: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let heard = "";
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer to ${text}, but ${heard}`)));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`closed after ${heard}`)));
    socket.on("data", (chunk) => {
      const [found] = answer.exec((heard += String(chunk))) ?? [];
      if (found !== undefined) resolve({ socket, found });
    });
  });
}

async function statusesOf(port: number, offer: string): Promise<Record<string, string>> {
  const statuses: Record<string, string> = {};
  for (const at of ["/healthz", "/api/v1/api_key", "/sign-in", "/nowhere", "/_next/hmr"]) {
    const request = `GET ${at} HTTP/1.1\r\nHost: localhost:${port}\r\n${offer}\r\n`;
    const { socket, found } = await say(port, request, /^HTTP\/1\.1 \d{3}/);
    socket.destroy();
    statuses[at] = found.slice(-3);
  }
  return statuses;
}

const portOf = ({ address }: OwnServer) => Number(new URL(address).port);
const socketsOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

test("a request that offers to speak something else is answered as any other, before and after a page", async ({
  server,
  directory,
}) => {
  const port = portOf(server);
  const expected = {
    "/healthz": "200",
    "/api/v1/api_key": "401",
    "/sign-in": "200",
    "/nowhere": "404",
    "/_next/hmr": "404",
  };
  // The second round comes after pages were served, by which a framework may have begun to listen.
  for (const round of [1, 2])
    for (const [name, offer] of Object.entries(OFFERS))
      expect({ round, name, ...(await statusesOf(port, offer)) }).toEqual({ round, name, ...expected });
  const { found } = await say(
    port,
    "CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n",
    /^HTTP\/1\.1 \d{3}/,
  );
  expect(found).toBe("HTTP/1.1 405");

  const pid = findOwner(directory) ?? 0;
  const before = socketsOf(pid);
  for (let count = 0; count < 100; count += 1) {
    const offer = `GET /healthz HTTP/1.1\r\nHost: localhost:${port}\r\n${OFFERS.websocket}\r\n`;
    const { socket } = await say(port, offer, /^HTTP\/1\.1 200/);
    socket.destroy();
  }
  await expect.poll(() => socketsOf(pid)).toBeLessThan(before + 20);
});

test("told to stop, the server goes within its grace and takes its database along, whoever holds a connection", async ({
  server,
  directory,
}) => {
  const port = portOf(server);
  const held = await Promise.all(
    ["/healthz", "/sign-in"].map((at) =>
      say(port, `GET ${at} HTTP/1.1\r\nHost: localhost:${port}\r\n${OFFERS.websocket}\r\n`, /^HTTP\/1\.1 200/),
    ),
  );
  for (const { socket } of held) socket.removeAllListeners("close");
  const startedAtMs = performance.now();
  await server.stop();
  expect(performance.now() - startedAtMs).toBeLessThan(15_000);
  expect(await findRunningPostgres(directory)).toBeNull();
});
