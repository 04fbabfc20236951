import { Client } from "pg";

import { env } from "@/lib/platform/env";

interface Index {
  readonly name: string;
  readonly definition: string;
}

/** Those that only make reading fast: what is unique stays so while rows come in, and keys that point here are looked up by it. */
async function dropIndexes(client: Client, tables: readonly string[]): Promise<Index[]> {
  const { rows } = await client.query<Index>(
    `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
      WHERE indrelid = ANY ($1::regclass[]) AND NOT indisunique AND NOT indisexclusion`,
    [tables],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  return rows;
}

/**
 * For rows by the hundred thousand, in a database of the test's own: `fill` writes them while the tables have no index
 * but the unique ones, and the others are made of all rows at once, which takes a fraction of keeping them row by row.
 * Settled then, as autovacuum leaves them: the planner knows of the rows, and that all of them can be seen.
 */
export async function fillTables<T>(tables: readonly string[], fill: () => Promise<T>): Promise<T> {
  // A connection of its own: the pools' have time-outs, which so many rows at once outlast.
  const client = new Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  try {
    const indexes = await dropIndexes(client, tables);
    const filled = await fill();
    await client.query("SET maintenance_work_mem = '256MB'");
    for (const { definition } of indexes) await client.query(definition);
    await client.query(`VACUUM (ANALYZE) ${tables.join(", ")}`);
    return filled;
  } finally {
    await client.end();
  }
}
