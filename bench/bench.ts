import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";

import { startEmbeddedPostgres } from "@/lib/platform/embedded-postgres";
import { deployMigrations } from "@/lib/platform/migrations";
import { measureAuthenticatedRequest, PROGRAMS } from "./authenticated-request";
import { measureApiKeysPage } from "./api-keys-page";
import { measureBetterAuth } from "./better-auth";
import type { Figure } from "./figure";
import { measureFirstLoad } from "./first-load";
import { measureGrowth } from "./growth";
import { populate } from "./key-population";
import { buildProductionPages, buildPrograms } from "./processes";
import { measureSearches } from "./searches";
import { measureSecondStart } from "./second-start";
import { COUNTING_PROGRAMS, measureUsageCounting } from "./usage-counting";
import { LIST_PROGRAMS, measureVehiclesList } from "./vehicles-list";

/** `npm run bench -- --try` goes through all of it with little, and writes no report. */
const IS_TRIAL = process.argv.includes("--try");
const SHARE = IS_TRIAL ? 0.02 : 1;
const KEYS = 100_000 * SHARE;
const REPORT = "bench/results.md";

function reportOf(figures: readonly Figure[]): string {
  const rows = figures.map(
    ({ name, ratio, bar, holds, detail }) =>
      `| ${name} | ${ratio.toFixed(2)} | ${bar} | ${holds ? "yes" : "**no**"} | ${detail} |`,
  );
  return [
    "# Measured",
    "",
    `One run of \`npm run bench\` with ${KEYS.toLocaleString("en")} keys: Node ${process.version}, ${availableParallelism()} processors, everything (database and load included) on one machine. Only the ratios travel.`,
    "",
    "| figure | ratio | bar | holds | measured |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-bench-"));
  const postgres = await startEmbeddedPostgres({ directory: folder, throwaway: true });
  try {
    await deployMigrations({ url: postgres.url });
    console.log("Building …");
    await buildProductionPages();
    await buildPrograms([...PROGRAMS, ...COUNTING_PROGRAMS, ...LIST_PROGRAMS]);
    console.log(`Making ${KEYS.toLocaleString("en")} keys …`);
    const population = await populate(postgres.url, folder, KEYS);
    const secret = () => randomBytes(36).toString("base64");
    // No mail is sent: the API runs without the worker.
    const environment = {
      RESEND_API_KEY: "unused",
      DATABASE_URL: postgres.url,
      AUTH_SECRET: secret(),
      AUDIT_SECRET: secret(),
      HOST: "127.0.0.1",
      NODE_ENV: "production",
      // One key asks for the list all the time.
      RATE_LIMIT_PREMIUM: "100000000",
    };
    console.log("Measuring …");
    const figures = [
      ...(await measureAuthenticatedRequest(population, environment)),
      ...(await measureBetterAuth(population, environment, folder)),
      ...(await measureUsageCounting(population, environment, IS_TRIAL ? 6 : undefined)),
      ...(await measureVehiclesList(environment, folder, SHARE)),
      ...(await measureGrowth(environment, folder, 1_000_000 * SHARE)),
      ...(await measureSearches(environment, KEYS)),
      ...(await measureApiKeysPage(environment)),
      ...(await measureFirstLoad(environment)),
      ...(await measureSecondStart(folder)),
    ];
    for (const { name, ratio, bar, holds, detail } of figures)
      console.log(`${holds ? "ok " : "NO "} ${ratio.toFixed(2)} (${bar})  ${name}\n       ${detail}`);
    if (IS_TRIAL) return;
    writeFileSync(REPORT, reportOf(figures));
    console.log(`Written to ${REPORT}.`);
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
