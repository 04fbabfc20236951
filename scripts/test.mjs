// `npm test`, and with --deep `npm run test:deep`. `--only checks|unit|e2e` for work in between.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { findChromium } from "./chromium.mjs";
import { failuresIn } from "./failures.mjs";
import { ROOT, buildPages, generate, install, nodeComplaint, runPackage } from "./prepare.mjs";
import { findInterpreters } from "./programs.mjs";
import { Refusal, step } from "./steps.mjs";

const RESULTS = path.join(ROOT, ".build/results");

/** @typedef {{ name: string, passed: number, failed: number, seconds: number }} Count */

const program = (/** @type {string} */ file, /** @type {string[]} */ ...args) => [
  path.join("node_modules", file),
  ...args,
];

const CHECKS = {
  "file names": ["scripts/check-files.mjs"],
  "lock file": ["scripts/complete-lock.mjs", "--check"],
  prettier: program("prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."),
  eslint: program("eslint/bin/eslint.js", "--max-warnings=0", "."),
  types: program("typescript/bin/tsc", "--noEmit"),
  knip: program("knip/bin/knip.js"),
};

/** @param {string[]} args @param {Record<string, string>} [env] @returns {Promise<number>} */
async function node(args, env = {}) {
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit", env: { ...process.env, ...env } });
  return new Promise((resolve) => child.on("error", () => resolve(1)).on("close", (code) => resolve(code ?? 1)));
}

/** @param {string} name @param {() => Promise<{ passed: number, failed: number }>} work @returns {Promise<Count>} */
async function timed(name, work) {
  console.log(`\n── ${name}`);
  const startedAt = performance.now();
  const counted = await work();
  return { name, ...counted, seconds: (performance.now() - startedAt) / 1000 };
}

async function checks() {
  // Route types, which the compiler wants, are made from the pages.
  await runPackage("next/dist/bin/next", ["typegen"]).catch((error) => console.error(error.message));
  /** @type {Count[]} */
  const counts = [];
  for (const [name, args] of Object.entries(CHECKS)) {
    counts.push(
      await timed(name, async () => {
        const failed = (await node(args)) === 0 ? 0 : 1;
        return { passed: 1 - failed, failed };
      }),
    );
  }
  return counts;
}

/** @param {string} name @param {string} config @param {Record<string, string>} [env] */
async function vitest(name, config, env = {}) {
  const results = path.join(RESULTS, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${results}`];
  return timed(name, async () => {
    const code = await node([...program("vitest/vitest.mjs", "run", `--config=${config}`), ...reporters], {
      VITE_CONFIG_NATIVE_IGNORE_WARNING: "true",
      ...env,
    });
    return counted(code, results, ({ numPassedTests, numFailedTests }) => ({
      passed: numPassedTests,
      failed: numFailedTests,
    }));
  });
}

/** @param {string} chromium */
async function e2e(chromium) {
  const results = path.join(RESULTS, "e2e.json");
  return timed("e2e", async () => {
    const env = { CHROMIUM_PATH: chromium, E2E_PORT: String(await freePort()) };
    const code = await node(program("@playwright/test/cli.js", "test"), env);
    return counted(code, results, ({ stats }) => ({ passed: stats.expected, failed: stats.unexpected + stats.flaky }));
  });
}

/** A run that ended badly has at least one failure, whatever its report says, or if it left none. */
function counted(code, results, read) {
  let count = { passed: 0, failed: 0 };
  try {
    count = read(JSON.parse(readFileSync(results, "utf8")));
  } catch {
    count.failed = 1;
  }
  return { ...count, failed: Math.max(count.failed, code === 0 ? 0 : 1) };
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", () => resolve(null)));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address ? address.port : 3210;
}

/** @param {Count[]} counts */
function report(counts) {
  const failures = readdirSync(RESULTS).flatMap((file) => failuresIn(path.join(RESULTS, file), ROOT));
  if (failures.length > 0) console.log(["\n── failures", ...failures].join("\n"));
  console.log("\n── summary");
  for (const { name, passed, failed, seconds } of counts) {
    console.log(
      `${failed ? "✗" : "✓"} ${name.padEnd(12)} ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`,
    );
  }
  const total = (/** @type {"passed" | "failed"} */ key) => counts.reduce((sum, count) => sum + count[key], 0);
  process.exitCode = total("failed") > 0 || total("passed") === 0 ? 1 : 0;
  console.log(`${total("passed")} passed, ${total("failed")} failed`);
}

async function main() {
  const complaint = nodeComplaint();
  if (complaint) throw new Refusal(complaint);
  process.chdir(ROOT);
  const deep = process.argv.includes("--deep");
  const only = process.argv.includes("--only") ? process.argv[process.argv.indexOf("--only") + 1] : null;
  const wanted = (/** @type {string} */ name) => !deep && (only === null || only === name);
  await step("Packages", install);
  await step("Database client", generate);
  rmSync(RESULTS, { recursive: true, force: true });
  mkdirSync(RESULTS, { recursive: true });
  const chromium = deep || wanted("e2e") ? findChromium() : "";
  if (wanted("e2e")) findInterpreters();

  /** @type {Count[]} */
  const counts = [];
  if (wanted("checks")) counts.push(...(await checks()));
  if (wanted("unit")) counts.push(await vitest("unit", "vitest.config.ts"));
  if (wanted("e2e")) {
    counts.push(
      await timed("build", () =>
        buildPages().then(
          () => ({ passed: 1, failed: 0 }),
          (error) => (console.error(error.message), { passed: 0, failed: 1 }),
        ),
      ),
    );
    counts.push(await e2e(chromium));
  }
  if (deep) counts.push(await vitest("deep", "vitest.deep.config.ts", { CHROMIUM_PATH: chromium }));
  report(counts);
}

try {
  await main();
} catch (error) {
  console.error(error?.name === "Refusal" ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
