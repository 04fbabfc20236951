import { WatchdogClient } from "@/lib/platform/database/watchdog-client";
import { env } from "@/lib/platform/env";
import { findSecret } from "@/lib/platform/secret-patterns";

/** Mails that a hub without a provider keeps are there for their links. */
const LEFT_OUT = ["outbox_mails"];
/** What may hold one of ours, as the database can tell; `findSecret` decides. */
const CANDIDATE = String.raw`fah_[0-9A-Za-z]{36}|whsec_|/(sign-in/link|invitation)(\?|%3[Ff]).*token`;
/** Of one table: who has more has to mend these first. */
const MOST_ROWS = 10_000;

interface Column {
  readonly table: string;
  readonly columns: readonly string[];
}

/** Every column of ours that holds texts, be it within a list or a value of JSON. */
const COLUMNS = `
  SELECT table_name AS "table", json_agg(column_name ORDER BY ordinal_position) AS columns
  FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> ALL ($1)
    AND (data_type IN ('text', 'character varying', 'json', 'jsonb') OR udt_name IN ('_text', '_varchar'))
  GROUP BY table_name ORDER BY table_name`;

interface Place {
  readonly account: string | null;
  readonly id: string | null;
  readonly column: string;
  readonly text: string;
}

function placesIn(client: WatchdogClient, { table, columns }: Column): Promise<{ rows: Place[] }> {
  const [row, ...values] = [table, ...columns].map((name) => client.escapeIdentifier(name));
  const cells = columns.map((name, index) => `(${client.escapeLiteral(name)}, r.${values[index]}::text)`);
  return client.query<Place>(
    `SELECT a.token AS account, to_jsonb(r) ->> 'id' AS id, cell.column, cell.text
    FROM ${row} r
    CROSS JOIN LATERAL (VALUES ${cells.join(", ")}) AS cell("column", text)
    LEFT JOIN accounts a ON a.id = (to_jsonb(r) ->> 'account_id')::int
    WHERE cell.text ~ $1 LIMIT ${MOST_ROWS}`,
    [CANDIDATE],
  );
}

/** One line for each place, which says what stands there and never the thing itself. */
async function findSecrets(client: WatchdogClient): Promise<string[]> {
  const found: string[] = [];
  const { rows: tables } = await client.query<Column>(COLUMNS, [LEFT_OUT]);
  for (const column of tables)
    for (const { account, id, column: name, text } of (await placesIn(client, column)).rows) {
      const kind = findSecret(text);
      const whose = account === null ? "" : `account ${account}, `;
      if (kind !== null) found.push(`${whose}${column.table} ${id ?? ""}, ${name}: holds ${kind}`);
    }
  return found;
}

const client = new WatchdogClient({ connectionString: env().DATABASE_URL });
await client.connect();
try {
  const found = await findSecrets(client);
  for (const line of found) console.log(line);
  console.log(
    found.length === 0
      ? "Nothing in the database looks like a secret of this hub's."
      : `${found.length} places. Revoke or replace what stands there first; then take it out in the app.`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} finally {
  await client.end();
}
