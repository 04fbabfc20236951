import { writeFileSync } from "node:fs";
import path from "node:path";
import { Pool } from "pg";

import { mintApiKeyToken, type MintedToken } from "@/lib/auth/api-key-token";

const KEYS_PER_STATEMENT = 5000;
const KEYS_PER_ACCOUNT = 50;
const PARTS_BETWEEN_OTHERS = 100;

const INSERT_KEYS = `
  WITH given AS (
    SELECT * FROM unnest($1::int[], $2::text[], $3::bytea[], $4::text[]) WITH ORDINALITY AS g(account_id, prefix, hash, last4, number)
  ), made AS (
    INSERT INTO api_keys (account_id, name, prefix, api_version, scopes, term_months, warn_days, created_at, expires_at, revoked_at, revoked_reason)
    SELECT account_id, 'Key ' || number, prefix, '2025-05-05', ARRAY['vehicles.read', 'contacts.read'], 12, 90,
      now() - interval '13 months', CASE WHEN $5 = 'expired' THEN now() - interval '1 month' ELSE now() + interval '11 months' END,
      CASE WHEN $5 = 'revoked' THEN now() END, CASE WHEN $5 = 'revoked' THEN 'by_hand'::revoked_reason END
    FROM given ORDER BY number
    RETURNING id, prefix
  )
  INSERT INTO api_key_tokens (api_key_id, hash, prefix, last4)
  SELECT made.id, given.hash, given.prefix, given.last4 FROM given
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS number FROM made) made USING (number)`;

/** Nobody knows a token of theirs: they only fill the table. */
const INSERT_OTHERS = `
  WITH made AS (
    INSERT INTO api_keys (account_id, name, prefix, api_version, scopes, term_months, warn_days, created_at, expires_at)
    SELECT ($1::int[])[1 + n % cardinality($1::int[])], 'Other ' || n, 'fah_' || substr(md5(n::text), 1, 6), '2025-05-05',
      ARRAY['vehicles.read', 'contacts.read'], 12, 90, now(), now() + interval '11 months'
    FROM generate_series(1, $2::int) n RETURNING id, prefix
  )
  INSERT INTO api_key_tokens (api_key_id, hash, prefix, last4)
  SELECT id, sha256(convert_to(gen_random_uuid()::text, 'UTF8')), prefix, 'abcd' FROM made`;

export type Population = Readonly<Record<"valid" | "revoked" | "expired" | "unknown", string>>;

/**
 * Keys of partners, in files of one token a line; `unknown` ones are well-formed and in no table. `others` keys stand
 * between the valid ones, all over the table.
 */
export async function populate(
  databaseUrl: string,
  folder: string,
  count: number,
  { name = "keys", others = 0 } = {},
): Promise<Population> {
  const pool = new Pool({ connectionString: databaseUrl, max: 1 });
  const { rows } = await pool.query<{ id: number }>(
    `INSERT INTO accounts (kind, token, name, plan, status)
     SELECT 'partner', substr(md5(n::text), 1, 10), 'Partner ' || n, 'premium', 'active' FROM generate_series(1, $1::int) n RETURNING id`,
    [Math.ceil((count + others) / KEYS_PER_ACCOUNT)],
  );
  const accountIds = rows.map(({ id }) => id);
  const share = Math.floor(count / 20);
  const sizes = { valid: count - 2 * share, revoked: share, expired: share, unknown: share } as const;
  const files: Record<string, string> = {};
  for (const [state, size] of Object.entries(sizes)) {
    const minted = Array.from({ length: size }, mintApiKeyToken);
    if (state !== "unknown") await insert(pool, minted, accountIds, { state, others: state === "valid" ? others : 0 });
    files[state] = path.join(folder, `${name}-${state}.txt`);
    writeFileSync(files[state] ?? "", minted.map(({ token }) => token).join("\n"));
  }
  await pool.query("VACUUM ANALYZE");
  await pool.end();
  return files as Population;
}

async function insert(
  pool: Pool,
  minted: readonly MintedToken[],
  accountIds: readonly number[],
  { state, others }: { readonly state: string; readonly others: number },
): Promise<void> {
  const step = others > 0 ? Math.ceil(minted.length / PARTS_BETWEEN_OTHERS) : KEYS_PER_STATEMENT;
  for (let from = 0; from < minted.length; from += step) {
    const part = minted.slice(from, from + step);
    const accounts = part.map((_token, index) => accountIds[(from + index) % accountIds.length]);
    await pool.query(INSERT_KEYS, [
      accounts,
      part.map(({ prefix }) => prefix),
      part.map(({ hash }) => hash),
      part.map(({ last4 }) => last4),
      state,
    ]);
    if (others > 0) await pool.query(INSERT_OTHERS, [accountIds, Math.floor((others * part.length) / minted.length)]);
  }
}
