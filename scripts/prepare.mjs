// What must be there before TypeScript can run. Plain Node: on a fresh clone there are no packages yet.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT, hashOf, sourcesHash } from "./sources.mjs";
import { Refusal } from "./steps.mjs";

export { ROOT };

const STOPPING = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);

const at = (/** @type {string[]} */ ...names) => path.join(ROOT, ...names);

/** A full sentence when this Node is too old, else null. */
export function nodeComplaint(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return null;
  return `Fleet Advisor Hub needs Node 20.19 or newer, and this is ${version}: install a newer one from https://nodejs.org.`;
}

/**
 * Runs a program to its end and answers what it printed; throws with that when it fails.
 * @param {string} command @param {string[]} args @param {{ env?: Record<string, string> }} [options]
 */
export async function run(command, args, { env = {} } = {}) {
  const child = spawn(command, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const passOn = passSignalsTo(child);
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
  if (passOn.end()) throw new Refusal("  Stopped before it was ready: the next start finishes what was begun.");
  if (code !== 0) throw new Refusal(`\`${[path.basename(command), ...args].join(" ")}\` failed:\n${output.trim()}`);
  return output;
}

/** Ctrl-C reaches a whole group, and SIGTERM one process: the other must not go on. @param {import("node:child_process").ChildProcess} child */
function passSignalsTo(child) {
  let isStopping = false;
  const forward = (/** @type {NodeJS.Signals} */ signal) => {
    isStopping = true;
    child.kill(signal);
  };
  for (const signal of STOPPING) process.on(signal, forward);
  const end = () => {
    for (const signal of STOPPING) process.off(signal, forward);
    return isStopping;
  };
  return { end };
}

/** Runs a package's own command by its file: neither a shell nor PATH is asked. */
export function runPackage(/** @type {string} */ file, /** @type {string[]} */ args, options = {}) {
  return run(process.execPath, [at("node_modules", file), ...args], options);
}

/** `npm ci` unless node_modules holds exactly what the lock file says. */
export async function install() {
  if (isInstalled()) return false;
  const npm = process.env.npm_execpath;
  // Tests and lint are wanted even where NODE_ENV says production.
  const args = ["ci", "--include=dev", "--no-audit", "--no-fund"];
  if (npm?.endsWith(".js")) await run(process.execPath, [npm, ...args]);
  else await run(process.platform === "win32" ? "npm.cmd" : "npm", args);
}

function isInstalled() {
  const installed = at("node_modules", ".package-lock.json");
  if (!existsSync(installed)) return false;
  const read = (/** @type {string} */ file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const there = read(installed);
  return Object.entries(read(at("package-lock.json"))).every(
    ([where, wanted]) => where === "" || there[where]?.version === wanted.version || (wanted.optional && !there[where]),
  );
}

/** The Prisma client, when the schema has changed. */
export async function generate() {
  return whenChanged(at("generated", "schema-hash"), hashOf(["prisma/schema", "package-lock.json"]), () =>
    runPackage("prisma/build/index.js", ["generate", "--schema", "prisma/schema"], {
      // Never used here, but its absence would start a download that many networks refuse.
      env: { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
    }),
  );
}

/** `next build`, when anything that a page is made of has changed. */
export async function buildPages() {
  const madeOf = `${sourcesHash()}\0${process.env.NEXT_SERVER_ACTIONS_ENCRYPTION_KEY ?? ""}`;
  return whenChanged(at(".next", "sources-hash"), madeOf, () =>
    runPackage("next/dist/bin/next", ["build"], { env: { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" } }),
  );
}

/**
 * Another Node makes it anew, with the same outcome: what was built for the one before may not run with it.
 * @param {string} marker @param {string} madeOf @param {() => Promise<unknown>} work
 */
async function whenChanged(marker, madeOf, work) {
  const hash = createHash("sha256").update(`${process.version}\0${madeOf}`).digest("hex");
  if (existsSync(marker) && readFileSync(marker, "utf8") === hash) return false;
  // What was begun is not done: cut off, even the sources of the time before would be built anew.
  rmSync(marker, { force: true });
  await work();
  mkdirSync(path.dirname(marker), { recursive: true });
  writeFileSync(marker, hash);
}
