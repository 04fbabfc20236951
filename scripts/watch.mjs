// `npm run dev`: bundles again when a file of the server changes, and starts the server anew. Pages are Next's own business.
import { fork } from "node:child_process";
import path from "node:path";
import { ROOT } from "./prepare.mjs";
import { bundleOptions } from "./bundle.mjs";

export async function watchAndServe() {
  const { context } = await import("esbuild");
  const server = restartable();
  const restart = {
    name: "restart",
    setup: (/** @type {import("esbuild").PluginBuild} */ build) =>
      build.onEnd(({ errors }) => (errors.length === 0 ? server.restart() : undefined)),
  };
  const watcher = await context({ ...bundleOptions(["scripts/serve.ts", "server/main.ts"]), plugins: [restart] });
  const stop = async () => {
    await watcher.dispose();
    await server.stop();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
  server.onEnd(() => void watcher.dispose());
  await watcher.watch();
}

function restartable() {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  let child;
  let whenItEnds = () => {};
  const stop = async () => {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null) return;
    const ended = new Promise((resolve) => ending.once("exit", resolve));
    ending.kill("SIGTERM");
    await ended;
  };
  const restart = async () => {
    await stop();
    const started = fork(path.join(ROOT, "scripts/serve-child.mjs"), { cwd: ROOT, env: process.env });
    child = started;
    started.once("exit", (code) => {
      // It ended by itself: it has said why.
      if (child !== started) return;
      process.exitCode = code ?? 1;
      whenItEnds();
    });
  };
  return { restart, stop, onEnd: (/** @type {() => void} */ listener) => (whenItEnds = listener) };
}
