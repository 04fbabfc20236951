import { middle } from "./figure";
import type { LoadOrder, LoadResult } from "./load";
import { measureLoad } from "./processes";

export interface Contender extends Pick<LoadOrder, "origin" | "path" | "tokensFile" | "headers"> {
  readonly name: string;
}

export interface Outcome {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** In words. */
  readonly says: string;
}

const CONNECTIONS = 50;
/** A trial only goes through it. */
const SECONDS = process.argv.includes("--try") ? 0.5 : 5;

async function measure({ name, ...contender }: Contender, seconds: number, connections: number): Promise<LoadResult> {
  const result = await measureLoad({ ...contender, connections, seconds });
  if (Object.keys(result.statuses).some((status) => status !== "200"))
    throw new Error(`${name}: expected 200 alone, but got ${JSON.stringify(result.statuses)}`);
  return result;
}

/** Loads several servers one after the other, round by round: whatever else the machine does falls on all of them. */
export async function measureByTurns<Name extends string>(
  contenders: Readonly<Record<Name, Contender>>,
  { seconds = SECONDS, rounds = 3, connections = CONNECTIONS } = {},
): Promise<Record<Name, Outcome>> {
  const entries = Object.entries(contenders) as [Name, Contender][];
  const results = new Map(entries.map(([key]) => [key, [] as LoadResult[]]));
  for (const [, contender] of entries) await measure(contender, seconds, connections);
  for (let round = 0; round < rounds; round += 1) {
    for (const [key, contender] of entries) results.get(key)?.push(await measure(contender, seconds, connections));
  }
  const outcomes = entries.map(([key, { name }]): [Name, Outcome] => {
    const of = (pick: (result: LoadResult) => number) => middle((results.get(key) ?? []).map(pick));
    const [perSecond, p50, p99] = [of((r) => r.perSecond), of((r) => r.p50), of((r) => r.p99)];
    const says = `${name} ${perSecond.toFixed(0)}/s, p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
    return [key, { perSecond, p50, p99, says }];
  });
  return Object.fromEntries(outcomes) as Record<Name, Outcome>;
}
