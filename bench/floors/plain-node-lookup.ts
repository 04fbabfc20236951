import { hash } from "node:crypto";
import { createServer } from "node:http";
import { Pool } from "pg";

/** The floor: a plain Node server that does one prepared look-up by hash, and nothing else of what the API does. */
const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
});

const STATEMENT = `
  SELECT k.id, k.name, k.prefix, k.api_version, k.scopes, k.expires_at FROM api_key_tokens t JOIN api_keys k ON k.id = t.api_key_id
  WHERE t.hash = $1 AND k.revoked_at IS NULL AND k.expires_at > clock_timestamp()`;

const server = createServer((req, res) => {
  const token = req.headers.authorization?.slice("Token ".length) ?? "";
  pool
    .query<Record<string, unknown>>({ name: "look-up", text: STATEMENT, values: [hash("sha256", token, "buffer")] })
    .then(({ rows }) => {
      res.writeHead(rows.length === 1 ? 200 : 401, { "Content-Type": "application/json" });
      res.end(JSON.stringify(rows[0] ?? {}));
    })
    .catch(() => res.writeHead(500).end());
});
server.listen(Number(process.env.PORT), "127.0.0.1", () =>
  process.send?.({ address: `http://127.0.0.1:${process.env.PORT ?? ""}` }),
);
process.once("disconnect", () => process.exit(0));
