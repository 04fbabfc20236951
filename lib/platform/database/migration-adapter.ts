import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  ColumnTypeEnum,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import { type Pool, type QueryResult } from "pg";

import { WatchdogClient, watchdogPool } from "./watchdog-client";

/** PostgreSQL's one-letter catalog type, which the adapter doesn't know, and one that it does. */
const CATALOG_CHAR = 18;
const TEXT = 25;

/** Runs a script in one piece. PostgreSQL makes one transaction of it. */
export type RunScript = (pool: Pool, script: string) => Promise<void>;

const runAsItIs: RunScript = async (pool, script) => {
  await pool.query(script);
};

/**
 * Prisma's adapter with three repairs: its own cuts scripts at every semicolon, those inside a function's body
 * included; it refuses the catalog's "char", by which the engine tells check constraints from others; and it leaves a
 * connection open beside each shadow database.
 */
export function migrationAdapter(url: string, runScript = runAsItIs): SqlMigrationAwareDriverAdapterFactory {
  const { adapterName } = new PrismaPg(url);
  return {
    adapterName,
    provider: "postgres",
    connect: () => connect(url, runScript),
    connectToShadowDb: async () => {
      const name = `hub_shadow_${randomUUID().replaceAll("-", "")}`;
      const shadowUrl = new URL(url);
      shadowUrl.pathname = `/${name}`;
      await once(url, `CREATE DATABASE ${name} TEMPLATE template0`);
      const shadow = await connect(shadowUrl.href, runAsItIs);
      const dispose = async () => {
        await shadow.dispose();
        await once(url, `DROP DATABASE ${name} WITH (FORCE)`);
      };
      return { ...shadow, dispose };
    },
  };
}

async function connect(url: string, runScript: RunScript): Promise<SqlDriverAdapter> {
  const pool = watchdogPool(url, 2);
  const letterColumns = renameLetterColumns(pool);
  const adapter = await new PrismaPg(pool, { disposeExternalPool: true }).connect();
  return {
    adapterName: adapter.adapterName,
    provider: adapter.provider,
    queryRaw: async (query) => {
      const result = await adapter.queryRaw(query);
      for (const column of letterColumns.get(result.rows) ?? []) result.columnTypes[column] = ColumnTypeEnum.Character;
      return result;
    },
    executeRaw: (query) => adapter.executeRaw(query),
    executeScript: (script) => runScript(pool, script),
    startTransaction: (level) => adapter.startTransaction(level),
    getConnectionInfo: () => adapter.getConnectionInfo(),
    dispose: () => adapter.dispose(),
  };
}

/** Passes "char" columns off as text; the result tells which they were, by the rows they came with. */
function renameLetterColumns(pool: Pool): WeakMap<object, number[]> {
  const found = new WeakMap<object, number[]>();
  const query = pool.query.bind(pool) as (...given: unknown[]) => Promise<QueryResult | QueryResult[]>;
  const renaming = async (...given: unknown[]) => {
    const answer = await query(...given);
    for (const { fields, rows } of [answer].flat()) {
      const letters = fields.filter((field) => field.dataTypeID === CATALOG_CHAR);
      found.set(
        rows,
        letters.map((field) => fields.indexOf(field)),
      );
      for (const field of letters) field.dataTypeID = TEXT;
    }
    return answer;
  };
  pool.query = renaming as typeof pool.query;
  return found;
}

async function once(url: string, statement: string): Promise<void> {
  const client = new WatchdogClient({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
