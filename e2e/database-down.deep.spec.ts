import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { startEmbeddedPostgres } from "@/lib/platform/database/embedded-postgres";
import { DatabaseProxy } from "./database-proxy";
import { expect, test } from "./fixtures";
import { freePort, startOwnServer } from "./own-server";

// It starts a server of its own.
test.describe.configure({ timeout: 120_000 });

test("without its database the hub says so at once, and recovers by itself", async ({ page, noise }) => {
  noise.foresee(/Failed to load resource: .* 503/);
  const directory = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-down-"));
  let postgres = await startEmbeddedPostgres({ directory, throwaway: true });
  const proxy = new DatabaseProxy(await freePort());
  await proxy.lead(postgres.port);
  const secrets = { AUTH_SECRET: "a".repeat(48), AUDIT_SECRET: "b".repeat(48) };
  const databaseUrl = postgres.url.replace(`:${postgres.port}/`, `:${proxy.port}/`);
  const server = await startOwnServer(directory, {
    ...secrets,
    HUB_EMBEDDED: "1",
    HOST: "127.0.0.1",
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: "warn",
  });
  const status = async (place: string) => (await fetch(server.address + place, { redirect: "manual" })).status;
  try {
    await page.goto(`${server.address}/sign-in`);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();

    await proxy.shut();
    await postgres.stop();
    const stoppedAt = performance.now();
    // Signed out, the way to the sign-in page needs no database: until the hub notices, that is still the answer.
    const visit = async () => {
      const answer = await page.goto(`${server.address}/0123456789/api-keys`);
      return [answer?.status(), answer?.headers()["retry-after"]];
    };
    await expect.poll(visit, { timeout: 3000, intervals: [100] }).toEqual([503, "5"]);
    expect(performance.now() - stoppedAt).toBeLessThan(3000);
    await expect(page.getByRole("heading", { name: "The Hub is not available for a moment" })).toBeVisible();
    expect(await status("/healthz")).toBe(200);
    await expect.poll(() => status("/readyz")).toBe(503);
    expect(await status("/api/v1/api_key")).toBe(503);

    postgres = await startEmbeddedPostgres({ directory, throwaway: true });
    await proxy.lead(postgres.port);
    await expect.poll(() => status("/readyz"), { timeout: 5000 }).toBe(200);
    await page.goto(`${server.address}/0123456789/api-keys`);
    await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  } finally {
    await server.stop();
    await proxy.shut();
    await postgres.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
