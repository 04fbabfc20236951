// `npm test`, and with --deep `npm run test:deep`. `--only checks|unit|e2e` for work in between.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { findChromium } from "./chromium.mjs";
import { failuresIn, skippedIn } from "./failures.mjs";
import { ROOT, buildPages, generate, install, nodeComplaint, run, runPackage } from "./prepare.mjs";
import { findInterpreters } from "./programs.mjs";
import { Refusal, step } from "./steps.mjs";

const RESULTS = path.join(ROOT, ".build/results");
/** Beside the results, which are of one form. */
const STATEMENTS = path.join(ROOT, ".build/statements.json");

/** @typedef {{ name: string, passed: number, failed: number, seconds: number, complaint?: string }} Count */

/** Of what a check has to say, as much as is said again at the end. */
const MAX_COMPLAINT = 2000;

const program = (/** @type {string} */ file, /** @type {string[]} */ ...args) => [
  path.join("node_modules", file),
  ...args,
];

/** ESLint takes as long as the others together, and one core. */
const LONG_CHECK = { eslint: program("eslint/bin/eslint.js", "--max-warnings=0", ".") };
const CHECKS = {
  "file names": ["scripts/check-files.mjs"],
  "lock file": ["scripts/complete-lock.mjs", "--check"],
  prettier: program("prettier/bin/prettier.cjs", "--check", "--log-level=warn", "."),
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

/**
 * Passes or fails as a whole. What it has to say comes when it has ended: another one may run beside it.
 * @param {string} name @param {() => Promise<string>} work rejects where it fails @returns {Promise<Count>}
 */
async function gate(name, work) {
  const startedAt = performance.now();
  const { said, failed } = await work().then(
    (output) => ({ said: output, failed: 0 }),
    (error) => ({ said: String(error.message), failed: 1 }),
  );
  console.log([`\n── ${name}`, ...(said.trim() === "" ? [] : [said.trim()])].join("\n"));
  const complaint = failed ? `${name}: ${said.trim().slice(0, MAX_COMPLAINT)}` : undefined;
  return { name, passed: 1 - failed, failed, seconds: (performance.now() - startedAt) / 1000, complaint };
}

/** What the raw statements of the unit tests gave, compared with their row types when the tests had run. */
const statements = () =>
  gate("statements", async () => {
    const found = JSON.parse(readFileSync(STATEMENTS, "utf8"));
    if (found.complaints.length > 0) throw new Error(found.complaints.join("\n"));
    return `${found.statements} statements of ${found.reached} calls are as their row types say (${found.sites} calls)`;
  });

const build = () => gate("build", () => buildPages().then(() => ""));

/** @param {boolean} withBuild whether the pages are wanted afterwards */
async function checks(withBuild) {
  // Route types, which the compiler wants, are made from the pages.
  await runPackage("next/dist/bin/next", ["typegen"]).catch((error) => console.error(error.message));
  const env = process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  const inTurn = async (/** @type {Record<string, string[]>} */ programs) => {
    /** @type {Count[]} */
    const counts = [];
    for (const [name, args] of Object.entries(programs)) {
      counts.push(await gate(name, () => run(process.execPath, args, { env })));
    }
    return counts;
  };
  const short = inTurn(CHECKS).then(async (counts) => (withBuild ? [...counts, await build()] : counts));
  return (await Promise.all([inTurn(LONG_CHECK), short])).flat();
}

/** @param {string} name @param {string} config @param {Record<string, string>} [env] */
async function vitest(name, config, env = {}) {
  const results = path.join(RESULTS, `${name}.json`);
  const reporters = ["--reporter=default", "--reporter=./scripts/vitest-report.mjs", `--outputFile=${results}`];
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

/** @param {string} chromium @param {"e2e" | "e2e-deep"} name */
async function e2e(chromium, name) {
  const results = path.join(RESULTS, `${name}.json`);
  return timed(name, async () => {
    const deep = name === "e2e-deep" ? { E2E_DEEP: "1" } : {};
    const env = { CHROMIUM_PATH: chromium, E2E_PORT: String(await freePort()), ...deep };
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
  const tests = readdirSync(RESULTS).flatMap((file) => failuresIn(path.join(RESULTS, file), ROOT));
  const failures = [...counts.flatMap(({ complaint = [] }) => complaint), ...tests];
  if (failures.length > 0) console.log(["\n── failures", ...failures].join("\n"));
  const skipped = readdirSync(RESULTS).flatMap((file) => skippedIn(path.join(RESULTS, file), ROOT));
  if (skipped.length > 0) console.log(["\n── skipped", ...skipped].join("\n"));
  console.log("\n── summary");
  for (const { name, passed, failed, seconds } of counts) {
    console.log(
      `${failed ? "✗" : "✓"} ${name.padEnd(12)} ${passed} passed, ${failed} failed (${seconds.toFixed(1)} s)`,
    );
  }
  const total = (/** @type {"passed" | "failed"} */ key) => counts.reduce((sum, count) => sum + count[key], 0);
  process.exitCode = total("failed") > 0 || total("passed") === 0 ? 1 : 0;
  const left = skipped.length > 0 ? `, ${skipped.length} skipped` : "";
  console.log(`${total("passed")} passed, ${total("failed")} failed${left}`);
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
  if (wanted("checks")) counts.push(...(await checks(wanted("e2e"))));
  if (wanted("unit")) {
    counts.push(await vitest("unit", "vitest.config.ts", { STATEMENTS_REPORT: STATEMENTS }));
    counts.push(await statements());
  }
  if (wanted("e2e")) {
    if (!wanted("checks")) counts.push(await build());
    counts.push(await e2e(chromium, "e2e"));
  }
  if (deep) {
    // Built first: several of the tests start the hub as it is built, beside each other.
    counts.push(await build());
    counts.push(await vitest("deep", "vitest.deep.config.ts", { CHROMIUM_PATH: chromium }));
    counts.push(await e2e(chromium, "e2e-deep"));
  }
  report(counts);
}

try {
  await main();
} catch (error) {
  console.error(error?.name === "Refusal" ? error.message : error);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
}
