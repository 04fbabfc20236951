import { authorize } from "@/lib/auth/permit";
import { listApiKeys } from "@/lib/api-keys/queries";
import { apiKeyListQuery } from "@/lib/api-keys/schema";
import { readPool } from "@/lib/platform/database/pool";
import { makeManyApiKeys } from "@/prisma/bulk/api-keys";
import { makeApiKey, makePartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import type { Figure } from "./figure";

const KEYS = 100_000;
const RUNS = 5;
const BAR_MS = 5;

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** The statements that `run` sends to the database. */
async function statementsOf(run: () => Promise<unknown>): Promise<Statement[]> {
  const pool = readPool();
  const query = pool.query.bind(pool);
  const seen: Statement[] = [];
  pool.query = ((asked: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
    seen.push(
      typeof asked === "string"
        ? { text: asked, values: values ?? [] }
        : { text: asked.text, values: asked.values ?? values ?? [] },
    );
    return query(asked as string, values);
  }) as typeof pool.query;
  try {
    await run();
  } finally {
    pool.query = query;
  }
  return seen;
}

/** Milliseconds in the database, by its own account; the best of some runs. */
async function explain({ text, values }: Statement): Promise<number> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const { rows } = await readPool().query<{ "QUERY PLAN": { "Execution Time": number }[] }>(
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    );
    times.push(rows[0]?.["QUERY PLAN"][0]?.["Execution Time"] ?? Number.NaN);
  }
  return Math.min(...times);
}

/** Each view of the page: a name, and what stands in its address. */
function viewsOf(after: string, creatorId: number): (readonly [string, Readonly<Record<string, string>>])[] {
  return [
    ["page 1", {}],
    ["page 2,000", { after }],
    ["a rare word", { q: "zanzibar" }],
    ["a common word", { q: "sync" }],
    ["two common words", { q: "warehouse sync" }],
    ["an absent word", { q: "qqxyzzy" }],
    ["two letters", { q: "te" }],
    ["a prefix", { q: "fah_aB" }],
    ["status active", { status: "active" }],
    ["status expiring", { status: "expiring" }],
    ["status revoked", { status: "revoked" }],
    ["an API version", { version: "2024-01-01" }],
    ["a scope", { scope: "fuel_entries.write" }],
    ["a creator", { creator: String(creatorId) }],
    ["an expiry window", { expires: "30d" }],
    ["a last-used window", { used: "idle90d" }],
    ["never used", { used: "never" }],
    ["by name", { sort: "name", direction: "asc" }],
    ["by expiry", { sort: "expires", direction: "asc" }],
    ["by last use", { sort: "last_used", direction: "desc" }],
  ];
}

/** Every search, filter and place of the API Keys page, in the database, with `keys` keys in one account. */
export async function measureSearches(environment: Readonly<Record<string, string>>, keys = KEYS): Promise<Figure[]> {
  Object.assign(process.env, environment);
  const { account, owner, administrator } = await makePartnerWithPeople();
  await makeManyApiKeys(account, [owner, administrator], keys);
  await makeApiKey({ account, createdBy: owner, name: "Zanzibar quirk" });
  const person = { kind: "user", role: "owner", sessionId: 0, signedInRecently: true, customerLimit: null } as const;
  const actor = { ...person, userId: owner.id, name: owner.name, email: owner.email };
  const permit = authorize({ actor, account, origin: { ip: null, requestId: null } }, "apiKeys.read");
  const { rows } = await readPool().query<{ value: string; id: number }>(
    `SELECT created_at::text AS value, id FROM api_keys WHERE account_id = $1 ORDER BY created_at DESC, id DESC OFFSET $2 LIMIT 1`,
    [account.id, Math.floor(keys * 0.999)],
  );
  const place = JSON.stringify(["created", "desc", rows[0]?.value, rows[0]?.id]);
  const after = Buffer.from(place).toString("base64url");
  const figures: Figure[] = [];
  let first = Number.NaN;
  for (const [name, given] of viewsOf(after, owner.id)) {
    const statements = await statementsOf(() => listApiKeys(permit, apiKeyListQuery.parse({ q: "", ...given })));
    const times: number[] = [];
    for (const statement of statements) times.push(await explain(statement));
    const ms = Math.max(...times);
    if (name === "page 1") first = ms;
    const detail = `${ms.toFixed(2)} ms, the dearer of ${times.length} statements`;
    figures.push({
      name: `in the database, ${keys.toLocaleString("en")} keys: ${name}, to page 1`,
      ratio: ms / first,
      bar: `≤ ${BAR_MS} ms`,
      holds: ms <= BAR_MS,
      detail,
    });
  }
  return figures;
}
