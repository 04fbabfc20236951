import Module, { createRequire } from "node:module";
import { defineConfig } from "@playwright/test";

const port = Number(process.env.E2E_PORT || 3210);
/** Faults, and every look of every page: `npm run test:deep`. */
const deep = process.env.E2E_DEEP === "1";
const address = `http://localhost:${port}`;

// Specs and factories import code marked `server-only`, whose mark throws in plain Node: here it is empty.
const require = createRequire(import.meta.url);
const mark = require.resolve("server-only");
require.cache[mark] = Object.assign(new Module(mark), { filename: mark, loaded: true });

export default defineConfig({
  testDir: "e2e",
  ...(deep ? { testMatch: "**/*.deep.spec.ts" } : { testMatch: "**/*.spec.ts", testIgnore: "**/*.deep.spec.ts" }),
  // One browser waits half of its time for the server, the other one works meanwhile. Each test has accounts of its own.
  workers: 2,
  retries: 0,
  // Patience, not pace: on a machine that is busy with other things a walk takes three times as long.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  outputDir: "test-results",
  reporter: [["list"], ["json", { outputFile: `.build/results/${deep ? "e2e-deep" : "e2e"}.json` }]],
  use: {
    baseURL: address,
    // A trace of every step costs a third of the time: wanted for one failing spec (`--trace=on`), not for all.
    trace: "off",
    screenshot: "only-on-failure",
    timezoneId: "UTC",
    locale: "en-US",
    launchOptions: {
      executablePath: process.env.CHROMIUM_PATH || undefined,
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    { name: "desktop", grepInvert: /@phone/, use: { viewport: { width: 1440, height: 900 } } },
    { name: "phone", grep: /@phone/, use: { viewport: { width: 360, height: 780 }, hasTouch: true } },
  ],
  webServer: {
    command: "node scripts/serve-e2e.mjs",
    env: { PORT: String(port), APP_URL: address },
    url: `${address}/healthz`,
    timeout: 300_000,
    stdout: "pipe",
    gracefulShutdown: { signal: "SIGTERM", timeout: 30_000 },
  },
});
