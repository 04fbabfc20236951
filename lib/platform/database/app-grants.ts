import type { Client } from "pg";

/** The schemas that hold what is the Hub's. */
const SCHEMAS = "('public', 'graphile_worker')";

/** Of whoever migrates, and of whoever did at first; what an extension brought belongs to the extension. */
const isOurs = (owner: string, catalog: string) => `
  (${owner} = current_user::regrole OR ${owner} = (SELECT relowner FROM pg_class WHERE oid = '_prisma_migrations'::regclass))
  AND nspname IN ${SCHEMAS}
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = '${catalog}'::regclass AND objid = o.oid AND deptype = 'e')`;

const OWN = `
  SELECT CASE relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind, format('%I.%I', nspname, relname) AS name
  FROM pg_class o JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p', 'v', 'm', 'S') AND ${isOurs("relowner", "pg_class")}
  UNION ALL
  SELECT 'routine', format('%I.%I(%s)', nspname, proname, pg_get_function_identity_arguments(o.oid))
  FROM pg_proc o JOIN pg_namespace n ON n.oid = pronamespace WHERE ${isOurs("proowner", "pg_proc")}`;

const RIGHTS = [
  ["table", "SELECT, INSERT, UPDATE, DELETE ON TABLE"],
  ["sequence", "USAGE, SELECT ON SEQUENCE"],
  ["routine", "EXECUTE ON ROUTINE"],
] as const;

/** Everybody has it where nobody took it away; whoever migrates need not be able to give it. */
const HAS_USAGE = "SELECT has_schema_privilege($1, 'public', 'USAGE') AS has";

async function grantsTo(client: Client, app: string, role: string): Promise<string[]> {
  const { rows } = await client.query<{ kind: string; name: string }>(OWN);
  const { rows: usage } = await client.query<{ has: boolean }>(HAS_USAGE, [app]);
  const grants = RIGHTS.flatMap(([kind, rights]) => {
    const names = rows.filter((own) => own.kind === kind).map(({ name }) => name);
    return names.length === 0 ? [] : [`GRANT ${rights} ${names.join(", ")} TO ${role}`];
  });
  const schemas = usage[0]?.has ? "graphile_worker" : "public, graphile_worker";
  return [`GRANT USAGE ON SCHEMA ${schemas} TO ${role}`, ...grants];
}

/** What the app's role may do: use the rows. It owns nothing, so it cannot drop the audit log's triggers either. */
export async function grantToApp(client: Client, owner: string, app: string): Promise<void> {
  if (app === owner) return;
  const role = client.escapeIdentifier(app);
  const grants = await grantsTo(client, app, role);
  await client.query(`
    ${grants.join(";\n")};
    REVOKE UPDATE, DELETE ON audit_entries FROM ${role};
    REVOKE INSERT, UPDATE, DELETE ON database_identity FROM ${role};
    GRANT UPDATE (seen_timeline, seen_timeline_at) ON database_identity TO ${role};
    REVOKE ALL ON _prisma_migrations FROM ${role};
    REVOKE INSERT, UPDATE, DELETE ON schema_contract FROM ${role};
    REVOKE INSERT, UPDATE, DELETE ON graphile_worker.migrations FROM ${role};
  `);
  await openQueueRows(client, role);
}

/** graphile-worker closes its tables to all but their owner by row security without a policy. */
async function openQueueRows(client: Client, role: string): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'graphile_worker'::regnamespace AND relrowsecurity",
  );
  for (const { name } of rows) {
    const table = `graphile_worker.${client.escapeIdentifier(name)}`;
    await client.query(
      `DROP POLICY IF EXISTS hub_app ON ${table}; CREATE POLICY hub_app ON ${table} TO ${role} USING (true) WITH CHECK (true)`,
    );
  }
}
