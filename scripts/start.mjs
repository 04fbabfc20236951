// The way in: `npm start`, with --dev `npm run dev`, and with --build `npm run build`. Runs on a fresh clone, so nothing here needs a package.
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, buildPages, generate, install, nodeComplaint } from "./prepare.mjs";
import { Refusal, fileComplaint, step } from "./steps.mjs";

const development = process.argv.includes("--dev");
/** Makes what a start needs, and starts nothing. */
const buildOnly = process.argv.includes("--build");
/** `--data <folder>`: where the embedded database lives. */
const data = process.argv.includes("--data") ? process.argv[process.argv.indexOf("--data") + 1] : ".data";

async function main() {
  const complaint = nodeComplaint();
  if (complaint) throw new Refusal(complaint);
  process.chdir(ROOT);
  if (existsSync(".env")) process.loadEnvFile(".env");
  process.env.NODE_ENV = development ? "development" : "production";
  process.env.NEXT_TELEMETRY_DISABLED ??= "1";

  console.log(`Fleet Advisor Hub ${development ? "for development " : ""}is ${buildOnly ? "being built" : "starting"}`);
  await step("Packages", install);
  await step("Database client", generate);
  if (development) {
    const { watchAndServe } = await import("./watch.mjs");
    return watchAndServe();
  }
  const { bundle } = await import("./bundle.mjs");
  await step("Server", () => bundle(["scripts/serve.ts", "server/main.ts"]));
  if (buildOnly) return step("Pages", buildPages);
  const { refuseSecondHub, serve } = await import(pathToFileURL(path.join(ROOT, ".build/scripts/serve.mjs")).href);
  // Before the pages: the one that runs serves the ones that are there.
  refuseSecondHub(data);
  await step("Pages", buildPages);
  await serve(data);
}

try {
  await main();
} catch (error) {
  // An end that was foreseen says what is to be done; anything else is a bug, and its stack is what is wanted.
  console.error(error?.name === "Refusal" ? error.message : (fileComplaint(error) ?? error));
  process.exitCode = 1;
}
