import { execFile, spawnSync } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";

import { atLeast, middle, type Figure } from "./figure";
import { script } from "./processes";
import { withSignedInPage } from "./signed-in-page";

const FOLDER = "bench/lighthouse";
const RUNS = 3;
const DEVICES = ["desktop", "mobile"] as const;
const BARS = { performance: 95, accessibility: 100, "best-practices": 100 } as const;
type Category = keyof typeof BARS;

interface Audit {
  readonly scores: Readonly<Record<Category, number>>;
  readonly lost: readonly string[];
}

const run = promisify(execFile);

/** Lighthouse on the API Keys page: it comes with a lock file of its own; none where it cannot be installed. */
export async function measureLighthouse(environment: Readonly<Record<string, string>>): Promise<Figure[]> {
  const installed = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", FOLDER], { stdio: "inherit" });
  if (installed.status !== 0) throw new Error("Lighthouse could not be installed");
  const { findChromium } = await script<{ findChromium: () => string }>("chromium.mjs");
  const browser = findChromium();
  return withSignedInPage(environment, async (page) => {
    const figures: Figure[] = [];
    for (const device of DEVICES) {
      const audits: Audit[] = [];
      for (let number = 0; number < RUNS; number += 1) {
        const values = [path.resolve(FOLDER, "audit.mjs"), browser, page.origin + page.path, page.cookie, device];
        audits.push(JSON.parse((await run(process.execPath, values)).stdout) as Audit);
      }
      figures.push(...figuresOf(device, audits));
    }
    return figures;
  });
}

function figuresOf(device: string, audits: readonly Audit[]): Figure[] {
  return (Object.keys(BARS) as Category[]).map((category) => {
    const scores = audits.map((audit) => audit.scores[category]);
    return atLeast(BARS[category], {
      name: `Lighthouse, ${device}: ${category} of the API Keys page`,
      ratio: middle(scores),
      detail: `${scores.join(", ")} of 100; below 90: ${audits[0]?.lost.join(", ") || "nothing"}`,
    });
  });
}
