import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import path from "node:path";

import { startEmbeddedPostgres } from "@/lib/platform/database/embedded-postgres";
import { deployMigrations } from "@/lib/platform/database/migrations";
import { endPools } from "@/lib/platform/database/pool";
import { measureAuthenticatedRequest, PROGRAMS } from "./authenticated-request";
import { measureApiKeysPage } from "./api-keys-page";
import { measureBetterAuth } from "./better-auth";
import type { Figure } from "./figure";
import { measureFirstLoad } from "./first-load";
import { measureGrowth } from "./growth";
import { measureLighthouse } from "./lighthouse-scores";
import { populate, type Population } from "./key-population";
import { buildProductionPages, buildPrograms } from "./processes";
import { measureSearches } from "./searches";
import { measureSecondStart } from "./second-start";
import { COUNTING_PROGRAMS, measureUsageCounting } from "./usage-counting";
import { LIST_PROGRAMS, measureVehiclesList } from "./vehicles-list";
import { DELIVERY_PROGRAMS, measureWebhookDeliveries } from "./webhook-deliveries";

/** `npm run bench -- lists growth` measures those alone, `--try` with little; neither writes the report. */
const CHOSEN = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
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

/** No mail is sent: what is measured runs without the worker. */
function environmentFor(databaseUrl: string) {
  const secret = () => randomBytes(36).toString("base64");
  return {
    RESEND_API_KEY: "unused",
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: secret(),
    AUDIT_SECRET: secret(),
    HOST: "127.0.0.1",
    NODE_ENV: "production",
    // One key asks for the list all the time.
    RATE_LIMIT_PREMIUM: "100000000",
  };
}

/** What could not be measured is in the report too, and the rest goes on. */
function notMeasured(name: string, error: unknown): Figure {
  return {
    name,
    ratio: Number.NaN,
    bar: "–",
    holds: false,
    detail: `not measured: ${String(error).replaceAll(/\s+/g, " ")}`,
  };
}

type Measures = Readonly<Record<string, () => Promise<Figure[]>>>;

function measuresOf(
  population: Population,
  environment: Readonly<Record<string, string>> & { readonly DATABASE_URL: string },
  folder: string,
): Measures {
  return {
    request: () => measureAuthenticatedRequest(population, environment),
    "better-auth": () => measureBetterAuth(population, environment, folder),
    counting: () => measureUsageCounting(population, environment, IS_TRIAL ? 6 : undefined),
    lists: () => measureVehiclesList(environment, folder, SHARE),
    growth: () => measureGrowth(environment, folder, 1_000_000 * SHARE),
    searches: () => measureSearches(environment, KEYS),
    pages: () => measureApiKeysPage(environment),
    "first-load": () => measureFirstLoad(environment),
    lighthouse: () => measureLighthouse(environment),
    deliveries: () => measureWebhookDeliveries(environment, SHARE),
    "second-start": () => measureSecondStart(folder),
  };
}

const NEEDS_PAGES = ["pages", "first-load", "lighthouse"];

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-bench-"));
  const postgres = await startEmbeddedPostgres({ directory: folder, throwaway: true });
  try {
    await deployMigrations({ url: postgres.url });
    console.log("Building …");
    if (CHOSEN.length === 0 || NEEDS_PAGES.some((name) => CHOSEN.includes(name))) await buildProductionPages();
    await buildPrograms([...PROGRAMS, ...COUNTING_PROGRAMS, ...LIST_PROGRAMS, ...DELIVERY_PROGRAMS]);
    console.log(`Making ${KEYS.toLocaleString("en")} keys …`);
    const population = await populate(postgres.url, folder, KEYS);
    const figures: Figure[] = [];
    for (const [name, measure] of Object.entries(measuresOf(population, environmentFor(postgres.url), folder))) {
      if (CHOSEN.length > 0 && !CHOSEN.includes(name)) continue;
      console.log(`Measuring ${name} …`);
      const measured = await measure().catch((error: unknown) => [notMeasured(name, error)]);
      for (const { name: says, ratio, bar, holds, detail } of measured)
        console.log(`${holds ? "ok " : "NO "} ${ratio.toFixed(2)} (${bar})  ${says}\n       ${detail}`);
      figures.push(...measured);
    }
    if (IS_TRIAL || CHOSEN.length > 0) return;
    writeFileSync(REPORT, reportOf(figures));
    console.log(`Written to ${REPORT}.`);
  } finally {
    // Once, at the end: a pool that has ended does not begin anew.
    await endPools();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
