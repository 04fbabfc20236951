import { createServer } from "node:http";
import { Pool } from "pg";

import { Prisma } from "@/lib/platform/db";
import { vehicleColumns, vehicleTables } from "@/lib/vehicles/queries";

/** The floor of a list: a plain Node server that runs the statements of the API's first page and serialises what comes. */
const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  options: "-c timezone=UTC -c enable_seqscan=off",
  max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
});
const accountId = Number(process.env.FLOOR_ACCOUNT_ID);
const perPage = Number(process.env.FLOOR_PER_PAGE);

const range = Prisma.sql`FROM ${vehicleTables} WHERE v.account_id = ${accountId} AND v.archived_at IS NULL`;
const page = Prisma.sql`SELECT ${vehicleColumns}, ARRAY[(v.id)::text] AS "keysetPosition" ${range} ORDER BY v.id DESC LIMIT ${perPage + 1}`;
const count = Prisma.sql`SELECT count(*)::int AS count FROM (SELECT 1 ${range} LIMIT 500) counted`;

const server = createServer((_req, res) => {
  const run = async () => {
    const { rows } = await pool.query({ name: "page", text: page.text, values: page.values });
    const counted = await pool.query<{ count: number }>({ name: "count", text: count.text, values: count.values });
    res.writeHead(200, { "Content-Type": "application/json" });
    res.end(JSON.stringify({ records: rows.slice(0, perPage), remaining: counted.rows[0]?.count }));
  };
  run().catch(() => res.writeHead(500).end());
});
server.listen(Number(process.env.PORT), "127.0.0.1", () =>
  process.send?.({ address: `http://127.0.0.1:${process.env.PORT ?? ""}` }),
);
process.once("disconnect", () => process.exit(0));
