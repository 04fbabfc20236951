import { spawnSync } from "node:child_process";
import path from "node:path";

import { measureByTurns } from "./by-turns";
import { atLeast, type Figure } from "./figure";
import type { Population } from "./key-population";
import { forkProgram, startProgram } from "./processes";

const FLOOR = "bench/floors/better-auth";

/** Better Auth's API-key plugin, which comes with a lock file of its own; none where it cannot be installed. */
export async function measureBetterAuth(
  population: Population,
  environment: Readonly<Record<string, string>>,
  folder: string,
): Promise<Figure[]> {
  const installed = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--prefix", FLOOR], { stdio: "inherit" });
  if (installed.status !== 0) {
    console.log("Better Auth could not be installed: its figure is left out.");
    return [];
  }
  const tokensFile = path.join(folder, "better-auth.txt");
  const settings = { ...environment, PORT: "4706", FLOOR_TOKENS: tokensFile };
  const floor = await forkProgram(path.resolve(FLOOR, "server.mjs"), settings);
  const api = await startProgram("bench/serve-api.ts", { ...environment, PORT: "4707", HUB_ROLES: "api" });
  try {
    const { ours, theirs } = await measureByTurns({
      ours: { name: "API", origin: api.address, path: "/api/v1/api_key", tokensFile: population.valid },
      theirs: { name: "Better Auth, 200 keys", origin: floor.address, path: "/", tokensFile },
    });
    return [
      atLeast(15, {
        name: "authenticated GET /api/v1/api_key, requests per second, to Better Auth's API-key plugin verifying",
        ratio: ours.perSecond / theirs.perSecond,
        detail: `${ours.says}; ${theirs.says}`,
      }),
    ];
  } finally {
    await Promise.all([floor.stop(), api.stop()]);
  }
}
