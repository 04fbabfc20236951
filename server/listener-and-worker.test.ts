import { createServer as createHttpServer, type Server, type ServerResponse } from "node:http";
import { createServer, type AddressInfo } from "node:net";
import { afterAll, describe, expect, it } from "vitest";

import { freePort } from "@/testing/free-port";
import { useOwnDatabase } from "@/testing/own-database";
import { call } from "@/testing/serve-api";

// Its worker takes every job: a database of its own.
const dropDatabase = await useOwnDatabase("listener");
const port = await freePort();
Object.assign(process.env, {
  PORT: String(port),
  HOST: "127.0.0.1",
  HUB_ROLES: "api,worker",
  RATE_LIMIT_STORE: "postgres",
  WEBHOOK_ALLOWED_PRIVATE_HOSTS: "127.0.0.1",
});
const { startServer } = await import("./main");
const { writePool } = await import("@/lib/platform/database/pool");
const { makeAccount } = await import("@/prisma/factories/accounts-and-keys");
const { makeWebhook, makeWebhookEvent } = await import("@/prisma/factories/webhooks");

const POLL = { timeout: 15_000 };

afterAll(dropDatabase);

/** Takes what is delivered, and answers when it is told to. */
async function receiveSlowly(): Promise<{ server: Server; url: string; waiting: ServerResponse[] }> {
  const waiting: ServerResponse[] = [];
  const server = createHttpServer((request, response) => {
    request.resume().on("end", () => waiting.push(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, waiting };
}

describe("a process that serves the API and works", () => {
  it("begins no work where it cannot listen", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(port, "127.0.0.1", resolve));
    await expect(startServer()).rejects.toMatchObject({ code: "EADDRINUSE" });
    await new Promise((resolve) => taken.close(resolve));
    expect((await writePool().query("SELECT FROM cron_ticks")).rowCount).toBe(0);
  });

  it("answers as long as its own work may ask it, and then takes nobody in", async () => {
    const receiver = await receiveSlowly();
    const server = await startServer();
    const { webhook } = await makeWebhook({ account: await makeAccount(), url: receiver.url });
    await makeWebhookEvent({ webhook });
    await expect.poll(() => receiver.waiting.length, POLL).toBe(1);
    let isClosed = false;
    const closed = server.close().then(() => (isClosed = true));
    // While its last request is out, the listener answers new connections.
    for (let turn = 0; turn < 5; turn += 1) expect((await call(port, "/api/v1/accounts")).status).toBe(401);
    expect(isClosed).toBe(false);
    receiver.waiting[0]?.end();
    await closed;
    await expect(call(port, "/healthz")).rejects.toMatchObject({ code: "ECONNREFUSED" });
    receiver.server.close();
  });
});
