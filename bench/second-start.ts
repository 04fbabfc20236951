import { spawn } from "node:child_process";
import path from "node:path";

import { atMost, seconds, type Figure } from "./figure";

const PORT = "4713";
const BAR_SECONDS = 5;
const READY = "Ctrl-C stops it";

/** `npm start` with its data in `directory`, until it says that it is ready; then Ctrl-C. */
async function startAndStop(directory: string): Promise<number> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(DATABASE_URL|APP_URL|AUTH_|AUDIT_|RESEND_|HUB_|NODE_ENV|HOST)/.test(name),
  );
  const env = { ...Object.fromEntries(own), PORT, LOG_LEVEL: "warn" } as unknown as NodeJS.ProcessEnv;
  const startedAt = performance.now();
  const hub = spawn(process.execPath, ["scripts/start.mjs", "--data", directory], { env, detached: true });
  const ended = new Promise<void>((resolve) => hub.once("exit", () => resolve()));
  const tookSeconds = await new Promise<number>((resolve, reject) => {
    let output = "";
    const hear = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes(READY)) resolve(seconds(startedAt));
    };
    hub.stdout.on("data", hear);
    hub.stderr.on("data", hear);
    hub.once("exit", () => reject(new Error(`npm start ended early: ${output}`)));
  });
  if (hub.pid) process.kill(-hub.pid, "SIGINT");
  await ended;
  return tookSeconds;
}

/** The second `npm start`, to ready: built, migrated and seeded by the first. */
export async function measureSecondStart(folder: string): Promise<Figure[]> {
  const directory = path.join(folder, "second-start");
  const first = await startAndStop(directory);
  const second = await startAndStop(directory);
  return [
    atMost(1, {
      name: `second npm start to ready, to ${BAR_SECONDS} seconds`,
      ratio: second / BAR_SECONDS,
      detail: `${second.toFixed(1)} s; the first took ${first.toFixed(1)} s`,
    }),
  ];
}
