import type { ClientBase } from "pg";

/** The hub's own database in its cluster. */
export const DATABASE = "hub";
const BEING_FILLED = "demo data was begun";

/**
 * Makes the hub's database where it is missing. One whose demo data was begun and not finished was never served: whoever
 * opens the cluster (and nobody who finds it open) begins it anew.
 */
export async function makeDatabase(client: ClientBase, { beginAnew }: { beginAnew: boolean }): Promise<void> {
  const { rows } = await client.query<{ said: string | null }>(
    "SELECT shobj_description(oid, 'pg_database') AS said FROM pg_database WHERE datname = $1",
    [DATABASE],
  );
  const isHalfFilled = beginAnew && rows[0]?.said === BEING_FILLED;
  if (isHalfFilled) await client.query(`DROP DATABASE ${DATABASE} WITH (FORCE)`);
  if (rows.length === 0 || isHalfFilled) await client.query(`CREATE DATABASE ${DATABASE}`);
}

/** Fills it, and knows until all is there that it is not: "begun" is never taken for "done". */
export async function fillWhole<T>(client: ClientBase, fill: () => Promise<T>): Promise<T> {
  await client.query(`COMMENT ON DATABASE ${DATABASE} IS '${BEING_FILLED}'`);
  const filled = await fill();
  await client.query(`COMMENT ON DATABASE ${DATABASE} IS NULL`);
  return filled;
}
