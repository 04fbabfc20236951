import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { call, type TestCall } from "@/testing/serve-api";
import { makeAccount, makeApiKey } from "@/prisma/factories/accounts-and-keys";
import { freePort } from "@/testing/free-port";
import { startServer, type RunningServer } from "./main";

let port: number;
let server: RunningServer;

beforeAll(async () => {
  port = await freePort();
  Object.assign(process.env, {
    PORT: String(port),
    HOST: "127.0.0.1",
    HUB_ROLES: "api",
    RATE_LIMIT_STORE: "postgres",
    DRAIN_SECONDS: "2",
  });
  server = await startServer();
});
afterAll(() => server.close());

const ask = (path: string, options?: TestCall) => call(port, path, options);

describe("a process with the API alone", () => {
  it("says where it listens", () => {
    expect(server.address).toBe(`http://127.0.0.1:${port}`);
  });

  it("is alive and ready", async () => {
    for (const path of ["/healthz", "/readyz"]) {
      const { status, json, headers } = await ask(path);
      expect([status, json, headers["cache-control"]]).toEqual([200, { status: "ok" }, "no-store"]);
    }
  });

  it("serves no pages", async () => {
    const headers = { host: "localhost:3000" };
    expect((await ask("/sign-in", { headers })).status).toBe(404);
    expect((await ask("/api/auth/session", { headers })).status).toBe(404);
  });

  it("answers a key's requests, with what every answer carries, and notes its use", async () => {
    const { key, token } = await makeApiKey({ account: await makeAccount({ kind: "partner" }) });
    const { status, headers } = await ask("/api/v1/api_key", {
      token,
      headers: { "user-agent": "test/1", "x-request-id": "r-1", "x-forwarded-for": "6.6.6.6" },
    });
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "x-request-id": "r-1",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    await expect
      .poll(
        () =>
          bookkeepingDb().apiKeyUse.findUnique({
            where: { id: key.id },
            select: { lastUsedIp: true, lastUsedClient: true },
          }),
        { timeout: 10_000, interval: 250 },
      )
      .toEqual({ lastUsedIp: "127.0.0.1", lastUsedClient: "test/1" });
  });

  it("gives every answer a request id, refusals too", async () => {
    for (const path of ["/api/v1/api_key", "/api/v1/nowhere", "/healthz", "/sign-in"]) {
      expect((await ask(path)).headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it.each([
    ["no HTTP", "GET /api/v1/acc ounts HTTP/1.1\r\nHost: x\r\n\r\n", "400 Bad Request"],
    ["no host", "GET /api/v1/accounts HTTP/1.1\r\n\r\n", "400 Bad Request"],
    ["no host of a page", "GET /sign-in HTTP/1.1\r\n\r\n", "400 Bad Request"],
    ["two hosts", "GET /api/v1/accounts HTTP/1.1\r\nHost: x\r\nhost: x\r\n\r\n", "400 Bad Request"],
    [
      "an endless header",
      `GET /api/v1/accounts HTTP/1.1\r\nHost: x\r\nAuthorization: ${"x".repeat(17_000)}\r\n\r\n`,
      "431 Request Header Fields Too Large",
    ],
  ])("also what cannot be read: %s", async (_what, text, statusLine) => {
    const { head, body } = await sendRaw(text);
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${statusLine}\r\nX-Request-Id: [0-9a-f-]{36}\r\n`));
    expect(head).toContain("\r\nCache-Control: no-store\r\n");
    expect(JSON.parse(body)).toMatchObject({ status: Number(statusLine.slice(0, 3)), code: "bad_request" });
  });

  it.each([
    ["HTTP/1.0, which names no host", "GET /api/v1/accounts HTTP/1.0\r\n\r\n"],
    ["the whole address", "GET http://elsewhere/api/v1/accounts HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"],
    [
      "an expectation that nobody knows",
      "GET /api/v1/accounts HTTP/1.1\r\nHost: x\r\nExpect: nothing\r\nConnection: close\r\n\r\n",
    ],
  ])("as any other: %s", async (_what, text) => {
    const { head, body } = await sendRaw(text);
    expect(head).toMatch(/^HTTP\/1\.1 401 Unauthorized\r\n/);
    expect(JSON.parse(body)).toMatchObject({ status: 401, code: "key_missing" });
  });
});

/** Writes a request by hand, for what no client library would send; the server closes. */
async function sendRaw(text: string): Promise<{ head: string; body: string }> {
  const answer = await new Promise<string>((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let heard = "";
    socket.on("data", (chunk) => (heard += String(chunk)));
    socket.on("error", reject);
    socket.on("close", () => resolve(heard));
  });
  const [head = "", ...body] = answer.split("\r\n\r\n");
  return { head, body: body.join("\r\n\r\n").replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, "") };
}

describe("a process that is told to stop", () => {
  it("says so to those who share requests out, serves what comes meanwhile, and then takes nobody in", async () => {
    const { token } = await makeApiKey({ account: await makeAccount({ kind: "partner" }) });
    const closed = server.close();
    const [ready, request] = [await ask("/readyz"), await ask("/api/v1/api_key", { token })];
    expect([ready.status, ready.json]).toEqual([503, { status: "stopping" }]);
    expect([request.status, request.headers.connection]).toEqual([200, "close"]);
    await closed;
    await expect(ask("/healthz")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });
});
