import { spawn, spawnSync, type ChildProcess } from "node:child_process";

/** Bundles what `spawnWorker` starts. */
export function buildWorker(): void {
  const { status } = spawnSync(process.execPath, ["testing/build-worker.mjs"], { stdio: "inherit" });
  if (status !== 0) throw new Error("the worker could not be bundled");
}

/** The real process with its worker alone, as deep tests start and kill it. */
export function spawnWorker(environment: Readonly<Record<string, string>>): ChildProcess {
  const given = {
    PATH: process.env.PATH,
    NODE_ENV: "production",
    HUB_ROLES: "worker",
    HOST: "127.0.0.1",
    APP_URL: "http://localhost:3000",
    LOG_LEVEL: "error",
    RESEND_API_KEY: "re_test",
    ...environment,
  };
  return spawn(process.execPath, [".build/worker-test/testing/worker-process.mjs"], {
    env: given as unknown as NodeJS.ProcessEnv,
    stdio: "inherit",
  });
}
