import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { freePort } from "@/testing/free-port";
import { startServer, type RunningServer } from "./main";

let port: number;
let metricsPort: number;
let server: RunningServer;

beforeAll(async () => {
  [port, metricsPort] = [await freePort(), await freePort()];
  Object.assign(process.env, {
    PORT: String(port),
    HOST: "127.0.0.1",
    HUB_ROLES: "api",
    METRICS_PORT: String(metricsPort),
    RATE_LIMIT_STORE: "postgres",
  });
  server = await startServer();
});
afterAll(() => server.close());

const read = (at: number, path = "/metrics") => fetch(`http://127.0.0.1:${at}${path}`);

describe("the metrics on a port of their own", () => {
  it("are told there without a token, and count what happens on the main one", async () => {
    expect((await read(port, "/api/v1/nowhere")).status).toBe(404);
    const answer = await read(metricsPort);
    expect([answer.status, answer.headers.get("cache-control")]).toEqual([200, "no-store"]);
    expect(await answer.text()).toMatch(
      /^hub_request_seconds_count\{of="api",route="unknown",method="GET",status="\d+"\} 1$/m,
    );
  });

  it("are not on the main port, nor is anything else on theirs", async () => {
    const onMain = await read(port);
    expect(onMain.status).toBe(404);
    expect(await onMain.text()).not.toContain("hub_");
    for (const path of ["/", "/healthz", "/api/v1/api_key", "/metrics/"]) {
      expect((await read(metricsPort, path)).status, path).toBe(404);
    }
  });

  it("end with the process's other doors", async () => {
    await server.close();
    await expect(read(metricsPort)).rejects.toThrow();
  });
});
