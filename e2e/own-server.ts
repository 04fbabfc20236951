import { spawn } from "node:child_process";
import { createServer } from "node:net";

/** A hub of a spec's own, beside the one that all the others share. */
export interface OwnServer {
  readonly address: string;
  /** Everything that it has printed so far. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}

/** Starts what was built for this run, with its data in `directory`, unless `environment` names a database. */
export async function startOwnServer(
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<OwnServer> {
  const port = await freePort();
  const address = `http://localhost:${port}`;
  const { DATABASE_URL: _d, NODE_OPTIONS: _o, ...inherited } = process.env;
  const script = `const { serve } = await import("./.build/scripts/serve.mjs"); await serve(process.argv[1]);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, directory], {
    env: { ...inherited, NODE_ENV: "production", PORT: String(port), APP_URL: address, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  const ready = new Promise<void>((resolve) =>
    child.stdout.on("data", () => printed.includes("is ready:") && resolve()),
  );
  await Promise.race([ready, ended]);
  if (!printed.includes("is ready:")) throw new Error(`the server did not start:\n${printed}`);
  return { address, output: () => printed, stop };
}
