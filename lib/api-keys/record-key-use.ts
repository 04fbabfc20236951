import { log } from "@/lib/platform/log";
import { writePool } from "@/lib/platform/database/pool";
import { singleton } from "@/lib/platform/singleton";

const FLUSH_EVERY_MS = 5000;
const LONGEST_CLIENT = 200;
/** More keys than this in one interval are written at once, so that memory stays bounded. */
const MOST_BUFFERED = 20_000;

interface Count {
  requests: number;
  errors: number;
}

interface Use {
  readonly apiKeyId: number;
  readonly usedAtMs: number;
  readonly ip: string | null;
  readonly client: string | null;
}

/**
 * Touches no key, and only moves forward: it can never bring a revoked one back. What another instance is writing right
 * now is left for the next time; the age is subtracted from the database's own clock.
 */
const STATEMENT = `
  WITH used AS (
    SELECT id, date_trunc('milliseconds', clock_timestamp() - age_ms * interval '1 millisecond') AS at, ip, client
    FROM unnest($1::int[], $2::float8[], $3::text[], $4::text[]) AS given(id, age_ms, ip, client)
  ), free AS (
    SELECT u.id FROM api_key_uses u WHERE u.id = ANY($1::int[]) ORDER BY u.id FOR NO KEY UPDATE SKIP LOCKED
  ), written AS (
    UPDATE api_key_uses u SET last_used_at = used.at, last_used_ip = used.ip, last_used_client = used.client
    FROM used JOIN free USING (id)
    WHERE u.id = used.id AND (u.last_used_at IS NULL OR u.last_used_at < used.at)
  )
  SELECT id FROM free`;

/** By key and day in UTC, as the database has it. */
const COUNT_STATEMENT = `
  INSERT INTO api_key_usage_days AS counted (api_key_id, day, requests, errors)
  SELECT id, (clock_timestamp() AT TIME ZONE 'UTC')::date, requests, errors
  FROM unnest($1::int[], $2::int[], $3::int[]) AS given(id, requests, errors) ORDER BY id
  ON CONFLICT (api_key_id, day) DO UPDATE
  SET requests = counted.requests + EXCLUDED.requests, errors = counted.errors + EXCLUDED.errors`;

function counts(): Map<number, Count> {
  return singleton("api-key-counts", () => new Map<number, Count>());
}

/** Counts an answer to a key, for its chart; a status from 400 on is an error. */
export function countKeyAnswer(apiKeyId: number, status: number): void {
  const counted = counts();
  const count = counted.get(apiKeyId) ?? { requests: 0, errors: 0 };
  count.requests += 1;
  if (status >= 400) count.errors += 1;
  counted.set(apiKeyId, count);
}

async function flushCounts(): Promise<void> {
  const batch = [...counts()];
  if (batch.length === 0) return;
  counts().clear();
  const column = (pick: (count: Count) => number) => batch.map(([, count]) => pick(count));
  const values = [
    batch.map(([apiKeyId]) => apiKeyId),
    column(({ requests }) => requests),
    column(({ errors }) => errors),
  ];
  try {
    await writePool().query({ name: "count-key-answers", text: COUNT_STATEMENT, values });
  } catch (error) {
    for (const [apiKeyId, { requests, errors }] of batch) {
      const later = counts().get(apiKeyId) ?? { requests: 0, errors: 0 };
      counts().set(apiKeyId, { requests: later.requests + requests, errors: later.errors + errors });
    }
    log().warn({ err: error }, "the counts of API keys could not be written down; they are kept");
  }
}

function buffer(): Map<number, Use> {
  return singleton("api-key-uses", () => new Map<number, Use>());
}

/** Notes a use; written down within seconds. A counter in memory: an UPDATE per request would cost most of the throughput. */
export function recordKeyUse(apiKeyId: number, ip: string | null, client: string | null): void {
  const uses = buffer();
  uses.set(apiKeyId, { apiKeyId, usedAtMs: performance.now(), ip, client: client?.slice(0, LONGEST_CLIENT) ?? null });
  if (uses.size >= MOST_BUFFERED) void flushKeyUses();
}

/** Writes down uses and counts. */
export async function flushKeyUsage(): Promise<void> {
  await Promise.all([flushKeyUses(), flushCounts()]);
}

/** Writes down what was noted. What could not be written is kept for the next time. */
export async function flushKeyUses(): Promise<void> {
  const uses = buffer();
  const batch = [...uses.values()];
  if (batch.length === 0) return;
  uses.clear();
  const keep = (use: Use) => {
    if (!uses.has(use.apiKeyId)) uses.set(use.apiKeyId, use);
  };
  try {
    const now = performance.now();
    const values = [
      batch.map((use) => use.apiKeyId),
      batch.map((use) => now - use.usedAtMs),
      batch.map((use) => use.ip),
      batch.map((use) => use.client),
    ];
    const { rows } = await writePool().query<{ id: number }>({ name: "write-key-uses", text: STATEMENT, values });
    const written = new Set(rows.map(({ id }) => id));
    for (const use of batch) if (!written.has(use.apiKeyId)) keep(use);
  } catch (error) {
    if (uses.size < MOST_BUFFERED) batch.forEach(keep);
    log().warn({ err: error }, "the uses of API keys could not be written down; they are kept");
  }
}

/** Writes every few seconds, and a last time when stopped. */
export function startUsageFlush(): { stop(): Promise<void> } {
  const timer = setInterval(() => void flushKeyUsage(), FLUSH_EVERY_MS).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await flushKeyUsage();
    },
  };
}
