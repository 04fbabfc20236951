import { measureByTurns } from "./by-turns";
import { atLeast, type Figure } from "./figure";
import type { Population } from "./key-population";
import { startProgram } from "./processes";

const UNCOUNTED = "bench/serve-api-uncounted.ts";
export const COUNTING_PROGRAMS = [UNCOUNTED];

/** Longer than two flushes are apart: what is counted is written down meanwhile. */
const SECONDS = 11;

/** The authenticated request with and without last used and usage counts. */
export async function measureUsageCounting(
  population: Population,
  environment: Readonly<Record<string, string>>,
  seconds = SECONDS,
): Promise<Figure[]> {
  const counted = await startProgram("bench/serve-api.ts", { ...environment, PORT: "4708", HUB_ROLES: "api" });
  const uncounted = await startProgram(UNCOUNTED, { ...environment, PORT: "4709", HUB_ROLES: "api" });
  const contender = { path: "/api/v1/api_key", tokensFile: population.valid };
  try {
    const { with: noted, without } = await measureByTurns(
      {
        with: { ...contender, name: "counted", origin: counted.address },
        without: { ...contender, name: "uncounted", origin: uncounted.address },
      },
      { seconds },
    );
    return [
      atLeast(0.85, {
        name: "authenticated throughput with last used and usage counts, to without",
        ratio: noted.perSecond / without.perSecond,
        detail: `${noted.says}; ${without.says}`,
      }),
    ];
  } finally {
    await Promise.all([counted.stop(), uncounted.stop()]);
  }
}
