import { readFileSync } from "node:fs";
import { Pool } from "undici";

/** What one stretch of load measured; times in milliseconds. */
export interface LoadResult {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly statuses: Readonly<Record<string, number>>;
}

export interface LoadOrder {
  readonly origin: string;
  readonly path: string;
  /** One token a line. */
  readonly tokensFile: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
}

function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Every connection asks again as soon as it has its answer, each time with another key. */
async function load({ origin, path, tokensFile, headers = {}, connections, seconds }: LoadOrder): Promise<LoadResult> {
  const tokens = readFileSync(tokensFile, "utf8").trim().split("\n");
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const durations: number[] = [];
  const statuses: Record<string, number> = {};
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  const run = async () => {
    for (let now = performance.now(); now < endsAt; now = performance.now()) {
      const token = tokens[Math.floor(Math.random() * tokens.length)] ?? "";
      const { statusCode, body } = await pool.request({
        method: "GET",
        path,
        headers: { ...headers, authorization: `Token ${token}` },
      });
      await body.dump();
      durations.push(performance.now() - now);
      statuses[statusCode] = (statuses[statusCode] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, run));
  const elapsed = (performance.now() - startedAt) / 1000;
  await pool.close();
  const sorted = Float64Array.from(durations).sort();
  return {
    perSecond: durations.length / elapsed,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    statuses,
  };
}

process.on("message", (order: LoadOrder) => {
  void load(order).then((result) => process.send?.(result));
});
