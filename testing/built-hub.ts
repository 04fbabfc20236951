import { spawn } from "node:child_process";

import type { ClientLimits } from "@/server/http-server";
import { freePort } from "./free-port";

/** A hub that runs from what was built in its folder, on the database that the environment names. */
export interface BuiltHub {
  readonly port: number;
  readonly pid: number;
  /** SIGTERM; resolves when it has gone. */
  readonly stop: () => Promise<void>;
}

const BUILD = `
  const { bundle } = await import("./scripts/bundle.mjs");
  const { buildPages } = await import("./scripts/prepare.mjs");
  await bundle(["scripts/serve.ts", "server/main.ts"]);
  await buildPages();`;

/** What `startBuiltHub` needs, in this folder; nothing where it is there. */
export function buildHub(folder: string): Promise<void> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", BUILD], { cwd: folder, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`the build in ${folder} failed`))));
  });
}

const SERVE = `const { serve } = await import("./.build/scripts/serve.mjs"); await serve();`;

/** The server alone, which waits for its clients as long as it is told here. */
export const serveWithLimits = (limits: ClientLimits): string => `
  const { startServer } = await import("./.build/server/main.mjs");
  const { address, close } = await startServer({ limits: ${JSON.stringify(limits)} });
  process.once("SIGTERM", () => void close().then(() => process.exit(0)));
  process.stdout.write(\`Fleet Advisor Hub is ready: \${address}\\n\`);`;

/** Pages and API of one of several behind the proxy at `appUrl`. */
export async function startBuiltHub(
  folder: string,
  appUrl: string,
  environment: Readonly<Record<string, string>> = {},
  serve = SERVE,
): Promise<BuiltHub> {
  const { PATH, DATABASE_URL, AUTH_SECRET, AUDIT_SECRET } = process.env;
  const port = await freePort();
  const child = spawn(process.execPath, ["--input-type=module", "--eval", serve], {
    cwd: folder,
    env: {
      ...{ PATH, DATABASE_URL, AUTH_SECRET, AUDIT_SECRET, NODE_ENV: "production", LOG_LEVEL: "error" },
      ...{ HOST: "127.0.0.1", PORT: String(port), APP_URL: appUrl, HUB_ROLES: "web,api", RESEND_API_KEY: "re_test" },
      ...{ TRUSTED_PROXIES: "127.0.0.1", RATE_LIMIT_STORE: "postgres" },
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ready = new Promise<void>((resolve) => {
    const hear = (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.includes("is ready:")) resolve();
    };
    for (const stream of [child.stdout, child.stderr]) stream.on("data", hear);
  });
  await Promise.race([ready, ended]);
  if (!printed.includes("is ready:")) throw new Error(`the server did not start:\n${printed}`);
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  return { port, pid: Number(child.pid), stop };
}
