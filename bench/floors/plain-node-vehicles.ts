import { createServer } from "node:http";
import { Pool } from "pg";

import { Prisma } from "@/lib/platform/database/db";
import { firstPageSql } from "@/lib/public-api/lists/read-list";
import { vehicleList, vehiclesOf } from "@/lib/vehicles/queries";

/** The floor of a list: a plain Node server that runs the statement of the API's first page and serialises what comes. */
const pool = new Pool({
  connectionString: process.env.DATABASE_URL,
  options: "-c timezone=UTC -c enable_seqscan=off",
  max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
});
const accountId = Number(process.env.FLOOR_ACCOUNT_ID);
const perPage = Number(process.env.FLOOR_PER_PAGE);

const page = firstPageSql(
  vehicleList,
  {
    conditions: [],
    flags: [],
    sort: [{ field: "id", direction: "desc" }],
    perPage,
    place: { by: "cursor", after: null },
  },
  vehiclesOf(accountId, Prisma.sql`v.archived_at IS NULL`),
);

const server = createServer((_req, res) => {
  const run = async () => {
    const { rows } = await pool.query<{ keysetRemaining: number }>({
      name: "page",
      text: page.text,
      values: page.values,
    });
    res.writeHead(200, { "Content-Type": "application/json" });
    res.end(JSON.stringify({ records: rows.slice(0, perPage), remaining: rows[0]?.keysetRemaining }));
  };
  run().catch(() => res.writeHead(500).end());
});
server.listen(Number(process.env.PORT), "127.0.0.1", () =>
  process.send?.({ address: `http://127.0.0.1:${process.env.PORT ?? ""}` }),
);
process.once("disconnect", () => process.exit(0));
