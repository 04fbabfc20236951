import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import { measure } from "@/lib/platform/measurements";
import { writePool } from "@/lib/platform/database/pool";
import { call } from "@/testing/serve-api";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeAccountWithPeople, makeApiKey } from "@/prisma/factories/accounts-and-keys";
import { freePort } from "@/testing/free-port";
import { startServer, type RunningServer } from "./main";

const TOKEN = "a-token-for-prometheus";

let port: number;
let server: RunningServer;

beforeAll(async () => {
  port = await freePort();
  Object.assign(process.env, {
    PORT: String(port),
    HOST: "127.0.0.1",
    HUB_ROLES: "api",
    METRICS_TOKEN: TOKEN,
    RATE_LIMIT_STORE: "postgres",
  });
  server = await startServer();
});
afterAll(() => server.close());

const read = (authorization?: string) =>
  fetch(`http://127.0.0.1:${port}/metrics`, { headers: { ...(authorization && { authorization }) } });
const valueOf = (text: string, line: string) =>
  Number(
    text
      .split("\n")
      .find((row) => row.startsWith(`${line} `))
      ?.slice(line.length),
  );

describe("the metrics", () => {
  it.each([undefined, "Bearer ", "Bearer another-token-of-length", `Token ${TOKEN}`, TOKEN])(
    "are not told to %s",
    async (authorization) => {
      const answer = await read(authorization);
      expect([answer.status, answer.headers.get("www-authenticate"), answer.headers.get("cache-control")]).toEqual([
        401,
        "Bearer",
        "no-store",
      ]);
      expect(await answer.text()).not.toContain("hub_");
    },
  );

  it("count requests by route and status, key look-ups, jobs and mails, and show pools, queue and process", async () => {
    const { token } = await makeApiKey({ account: await makeAccount({ kind: "partner" }) });
    await call(port, "/api/v1/api_key", { token });
    await call(port, "/api/v1/api_key", { token: mintApiKeyToken().token });
    await call(port, "/api/v1/api_key", { token: "no-token-at-all" });
    for (let at = 0; at < 5; at += 1) await call(port, `/api/v1/nowhere/${at}?token=${token}`);
    await writePool().query(
      "SELECT graphile_worker.add_job('metrics.test', '{}'::json, run_at => now() - interval '1 hour')",
    );
    measure({ kind: "job", job: "metrics.test", result: "failed" });
    measure({ kind: "mail", result: "taken" });
    const answer = await read(`Bearer ${TOKEN}`);
    const text = await answer.text();
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/plain")]);
    expect(valueOf(text, `hub_request_seconds_count{of="api",route="/api_key",method="GET",status="200"}`)).toBe(1);
    expect(valueOf(text, `hub_request_seconds_count{of="api",route="/api_key",method="GET",status="401"}`)).toBe(2);
    expect(valueOf(text, `hub_request_seconds_count{of="api",route="unknown",method="GET",status="404"}`)).toBe(5);
    for (const result of ["valid", "unknown", "malformed"])
      expect(valueOf(text, `hub_key_look_ups_total{result="${result}"}`)).toBe(1);
    expect(valueOf(text, `hub_jobs_total{job="metrics.test",result="failed"}`)).toBe(1);
    expect(valueOf(text, `hub_mails_total{result="taken"}`)).toBe(1);
    expect(valueOf(text, `hub_queue_jobs{state="due"}`)).toBeGreaterThanOrEqual(1);
    expect(valueOf(text, "hub_queue_oldest_seconds")).toBeGreaterThanOrEqual(3600);
    expect(valueOf(text, `hub_pool_connections{pool="read",state="waiting"}`)).toBe(0);
    expect(text).toContain("nodejs_eventloop_lag_seconds");
    expect(text).toContain("process_resident_memory_bytes");
    expect(text).not.toContain(token);
    expect(text).not.toContain("nowhere");
  });

  it("tell of mail that is stuck: how much, and for how long", async () => {
    const scrape = async () => (await read(`Bearer ${TOKEN}`)).text();
    const before = await scrape();
    const { account, owner } = await makeAccountWithPeople();
    const { key } = await makeApiKey({ account });
    for (const [stage, hours] of [
      ["days_7", 26],
      ["days_3", 2],
      ["days_1", 0],
    ] as const) {
      const createdAt = new Date(Date.now() - hours * 3_600_000);
      const common = { accountId: account.id, apiKeyId: key.id, userId: owner.id, expiresAt: key.expiresAt };
      const mail = { userId: owner.id, mailKey: `metrics/${account.id}/${stage}`, email: owner.email, priority: 1 };
      await bookkeepingDb().notice.create({ data: { ...common, stage, createdAt, mailId: null } });
      if (stage === "days_3") {
        const { id } = await bookkeepingDb().noticeMail.create({ data: { ...mail, notBefore: createdAt, createdAt } });
        await bookkeepingDb().notice.updateMany({ where: { userId: owner.id, stage }, data: { mailId: id } });
      }
    }
    const text = await scrape();
    const grown = (line: string) => valueOf(text, line) - valueOf(before, line);
    expect([grown(`hub_notices{state="stuck"}`), grown(`hub_notices{state="waiting"}`)]).toEqual([2, 1]);
    expect(valueOf(text, "hub_notices_oldest_seconds")).toBeGreaterThanOrEqual(26 * 3600);
  });
});
