import { middle, type Figure } from "./figure";
import { measureLoad, startProgram } from "./processes";
import type { LoadResult } from "./load";
import type { Population } from "./key-population";

const CONNECTIONS = 50;
const SECONDS = 5;
const ROUNDS = 3;

export const PROGRAMS = ["bench/serve-api.ts", "bench/floors/plain-node-lookup.ts", "bench/load.ts"];

function summed(results: readonly LoadResult[]): { perSecond: number; p50: number; p99: number } {
  return {
    perSecond: middle(results.map((r) => r.perSecond)),
    p50: middle(results.map((r) => r.p50)),
    p99: middle(results.map((r) => r.p99)),
  };
}

/** The API and its floor by turns, on one database: whatever else the machine does falls on both. */
export async function measureAuthenticatedRequest(
  population: Population,
  environment: Readonly<Record<string, string>>,
): Promise<Figure[]> {
  const floor = await startProgram("bench/floors/plain-node-lookup.ts", { ...environment, PORT: "4701" });
  const api = await startProgram("bench/serve-api.ts", { ...environment, PORT: "4702", HUB_ROLES: "api" });
  const measure = async (origin: string, tokensFile: string, expected: number) => {
    const result = await measureLoad({
      origin,
      path: "/api/v1/api_key",
      tokensFile,
      connections: CONNECTIONS,
      seconds: SECONDS,
    });
    const wrong = Object.keys(result.statuses).filter((status) => status !== String(expected));
    if (wrong.length > 0) throw new Error(`expected ${expected} alone, but got ${JSON.stringify(result.statuses)}`);
    return result;
  };
  const measured = {
    floor: [] as LoadResult[],
    valid: [] as LoadResult[],
    unknown: [] as LoadResult[],
    revoked: [] as LoadResult[],
    expired: [] as LoadResult[],
  };
  try {
    for (const origin of [floor.address, api.address]) await measure(origin, population.valid, 200);
    for (let round = 0; round < ROUNDS; round++) {
      measured.floor.push(await measure(floor.address, population.valid, 200));
      measured.valid.push(await measure(api.address, population.valid, 200));
      for (const state of ["unknown", "revoked", "expired"] as const)
        measured[state].push(await measure(api.address, population[state], 401));
    }
  } finally {
    await Promise.all([floor.stop(), api.stop()]);
  }
  return figuresOf(measured);
}

function figuresOf(
  measured: Readonly<Record<"floor" | "valid" | "unknown" | "revoked" | "expired", readonly LoadResult[]>>,
): Figure[] {
  const floor = summed(measured.floor);
  const valid = summed(measured.valid);
  const speed = (name: string, { perSecond, p50, p99 }: LoadResult | ReturnType<typeof summed>) =>
    `${name} ${perSecond.toFixed(0)}/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
  const detail = `${speed("API", valid)}; ${speed("floor", floor)}`;
  const figures: Figure[] = [
    {
      name: "authenticated GET /api/v1/api_key, requests per second, to a plain Node look-up",
      ratio: valid.perSecond / floor.perSecond,
      bar: "≥ 1.0",
      holds: valid.perSecond >= floor.perSecond,
      detail,
    },
    {
      name: "its p99, to the plain server's",
      ratio: valid.p99 / floor.p99,
      bar: "≤ 1.0",
      holds: valid.p99 <= floor.p99,
      detail,
    },
  ];
  for (const state of ["unknown", "revoked", "expired"] as const) {
    const refused = summed(measured[state]);
    const ratio = refused.p50 / valid.p50;
    figures.push({
      name: `p50 of ${state} keys, to valid ones`,
      ratio,
      bar: "≤ 1.10",
      holds: ratio <= 1.1,
      detail: speed(state, refused),
    });
  }
  return figures;
}
