import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { deployMigrations } from "./migrations";

const url = () => process.env.DATABASE_URL ?? "";
const PASSWORD = "Kp7secret";

let administrator: Client;

function addressOf(database: string, role?: string): string {
  const address = new URL(url());
  address.pathname = `/${database}`;
  if (role !== undefined) Object.assign(address, { username: role, password: PASSWORD });
  return address.href;
}

async function ask<Row>(address: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    return (await client.query(statement)).rows as Row[];
  } finally {
    await client.end();
  }
}

/** What whoever started reads. */
async function refusalOf(options: Parameters<typeof deployMigrations>[0]): Promise<string> {
  const error: unknown = await deployMigrations(options).then(
    () => null,
    (refusal: unknown) => refusal,
  );
  expect(error).toMatchObject({ name: "Refusal" });
  const { message } = error as Error;
  expect(message).not.toMatch(/\n|wasm|half-way/);
  expect(message).not.toContain(PASSWORD);
  return message;
}

async function make(database: string, ...statements: string[]): Promise<void> {
  await administrator.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await administrator.query(`CREATE DATABASE ${database}`);
  for (const statement of statements) await ask(addressOf(database), statement);
}

beforeAll(async () => {
  administrator = new Client({ connectionString: url() });
  await administrator.connect();
  for (const role of ["refused_owner", "refused_app"]) {
    await administrator.query(`DROP ROLE IF EXISTS ${role}`);
    await administrator.query(`CREATE ROLE ${role} LOGIN PASSWORD '${PASSWORD}'`);
  }
});

afterAll(() => administrator.end());

describe("a role that lacks a right", () => {
  const owner = () => addressOf("refused_rights", "refused_owner");
  const app = () => addressOf("refused_rights", "refused_app");

  it("is told so in the database's own words, each time, and the next start with the right goes on", async () => {
    await make("refused_rights", "CREATE EXTENSION pg_stat_statements SCHEMA public");
    const options = { url: owner(), appUrl: app() };
    expect(await refusalOf(options)).toMatch(/permission denied for schema public.*GRANT CREATE ON SCHEMA public TO/);

    await ask(addressOf("refused_rights"), "GRANT CREATE ON SCHEMA public TO refused_owner");
    const sentence = /migration 0001_init: permission denied to create extension "pg_trgm".*GRANT CREATE ON DATABASE/;
    expect(await refusalOf(options)).toMatch(sentence);
    expect(await refusalOf(options)).toMatch(sentence);

    await ask(addressOf("refused_rights"), "GRANT CREATE ON DATABASE refused_rights TO refused_owner");
    const applied = await deployMigrations(options);
    expect(applied[0]).toBe("0001_init");
  });

  it("gives the app what is the Hub's own: what others put beside it is left alone, whoever migrates", async () => {
    await ask(addressOf("refused_rights"), "CREATE TABLE another_programs (id int)");
    for (const url of [owner(), addressOf("refused_rights")]) {
      expect(await deployMigrations({ url, appUrl: app() })).toEqual([]);
      expect(await ask(app(), "SELECT count(*)::int AS accounts FROM accounts")).toEqual([{ accounts: 0 }]);
      await expect(ask(app(), "SELECT pg_stat_statements_reset()")).rejects.toThrow("permission denied");
    }
  });
});

describe("a database that holds another program's tables", () => {
  it("is refused in a sentence that names them", async () => {
    await make("refused_shared", "CREATE TABLE another_programs (id int)");
    expect(await refusalOf({ url: addressOf("refused_shared") })).toMatch(
      /"another_programs" in the schema public.*a database of its own/,
    );
  });
});

const MIGRATION_TABLE = `
  CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
    migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz NOT NULL DEFAULT now(),
    applied_steps_count integer NOT NULL DEFAULT 0)`;
const NOTED = `
  CREATE TABLE noted (name text, transaction text);
  CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
    'BEGIN IF NEW.finished_at IS NOT NULL THEN INSERT INTO noted VALUES (NEW.migration_name, pg_current_xact_id()::text); END IF; RETURN NEW; END';
  CREATE TRIGGER note BEFORE UPDATE ON _prisma_migrations FOR EACH ROW EXECUTE FUNCTION note()`;

const BEGUN = "INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ('1', 'x', '0001_init')";
const MADE_WITH = "SELECT name FROM noted JOIN pg_type t ON t.xmin::text = transaction WHERE typname = 'account_kind'";

describe("a migration that was begun", () => {
  it("is begun again, not while a server process is at it, and done in the moment in which what it makes is there", async () => {
    await make("refused_begun", MIGRATION_TABLE, NOTED, BEGUN);
    const orphan = new Client({ connectionString: addressOf("refused_begun"), application_name: "an orphan" });
    await orphan.connect();
    await orphan.query("BEGIN");
    await orphan.query("SELECT pg_advisory_xact_lock(7264116)");
    const options = { url: addressOf("refused_begun"), lockTimeoutMs: 300 };
    expect(await refusalOf(options)).toMatch(/“an orphan”/);
    await orphan.end();
    expect((await deployMigrations({ url: options.url }))[0]).toBe("0001_init");
    expect(await ask(options.url, MADE_WITH)).toEqual([{ name: "0001_init" }]);
  });
});

describe("the lock of the migrations", () => {
  it("is waited for, and then who holds it is named", async () => {
    const holder = new Client({ connectionString: url(), application_name: "left behind" });
    await holder.connect();
    const { rows } = await holder.query<{ pid: number }>("SELECT pg_backend_pid() AS pid, pg_advisory_lock(7264113)");
    expect(await refusalOf({ url: url(), lockTimeoutMs: 300 })).toMatch(
      new RegExp(
        `process ${rows[0]?.pid} \\(“left behind”, connected since \\d{4}-.*pg_terminate_backend\\(${rows[0]?.pid}\\)`,
      ),
    );
    await holder.end();
    expect(await deployMigrations({ url: url(), lockTimeoutMs: 20_000 })).toEqual([]);
  });
});
