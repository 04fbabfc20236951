import { readdirSync } from "node:fs";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createMigration, deployMigrations, schemaDifference } from "./migrations";

const url = () => process.env.DATABASE_URL ?? "";
let client: Client;

/** A database of this file's own on the tests' server. */
async function makeDatabase(name: string): Promise<string> {
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${name}`);
  const address = new URL(url());
  address.pathname = `/${name}`;
  return address.href;
}

async function ask<Row>(address: string, statement: string): Promise<Row[]> {
  const connection = new Client({ connectionString: address });
  await connection.connect();
  try {
    return (await connection.query(statement)).rows as Row[];
  } finally {
    await connection.end();
  }
}

/** Whether so many were applied, and those that go on were cut off. */
async function endSessionBehind(address: string, count: number): Promise<boolean> {
  const watching = new Client({ connectionString: address });
  await watching.connect();
  try {
    const { rows } = await watching.query<{ found: boolean }>(
      "SELECT to_regclass('_prisma_migrations') IS NOT NULL AS found",
    );
    const applied = rows[0]?.found
      ? await watching.query("SELECT FROM _prisma_migrations WHERE finished_at IS NOT NULL")
      : { rowCount: 0 };
    if ((applied.rowCount ?? 0) < count) return false;
    const ended = await watching.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'",
    );
    return (ended.rowCount ?? 0) > 0;
  } finally {
    await watching.end();
  }
}

beforeAll(async () => {
  client = new Client({ connectionString: url() });
  await client.connect();
});

afterAll(() => client.end());

describe("create", () => {
  it("writes nothing when the schema is what the migrations make", async () => {
    const before = readdirSync("prisma/migrations");
    expect(await schemaDifference(url())).toBeNull();
    expect(await createMigration("nothing new", url())).toBeNull();
    expect(readdirSync("prisma/migrations")).toEqual(before);
  });

  it("leaves no shadow database behind", async () => {
    await schemaDifference(url());
    const { rows } = await client.query("SELECT datname FROM pg_database WHERE datname LIKE 'hub_shadow%'");
    expect(rows).toEqual([]);
  });
});

describe("deploy", () => {
  it("applies everything to an empty database, once, also when two start together", async () => {
    const address = await makeDatabase("migrations_deploy");
    const folders = readdirSync("prisma/migrations").filter((name) => !name.includes("."));
    const both = await Promise.all([deployMigrations({ url: address }), deployMigrations({ url: address })]);
    expect(both.flat().sort()).toEqual(folders.sort());
    expect(await deployMigrations({ url: address })).toEqual([]);
    const rows = await ask<{ name: string }>(
      address,
      "SELECT migration_name AS name FROM _prisma_migrations ORDER BY 1",
    );
    expect(rows.map(({ name }) => name)).toEqual(folders.sort());
  });

  it("refuses a database that has applied another version of a migration", async () => {
    const address = await makeDatabase("migrations_edited");
    await deployMigrations({ url: address });
    await ask(address, "UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name = '0001_init'");
    await expect(deployMigrations({ url: address })).rejects.toThrow("0001_init was edited");
  });
});

describe("deploy, cut off", () => {
  const all = () => readdirSync("prisma/migrations").filter((name) => !name.includes("."));

  it.each([0, 5])("goes on where a session that was ended behind %i migrations had come to", async (count) => {
    const address = await makeDatabase(`migrations_cut_${count}`);
    const done = deployMigrations({ url: address }).then(
      () => "whole",
      () => "cut off",
    );
    await expect.poll(() => endSessionBehind(address, count), { timeout: 30_000, interval: 2 }).toBe(true);
    expect(await done).toBe("cut off");
    await deployMigrations({ url: address });
    const rows = await ask<{ name: string }>(
      address,
      "SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY 1",
    );
    expect(rows.map(({ name }) => name)).toEqual(all().sort());
  });
});

describe("the app's own role", () => {
  let appUrl: string;

  beforeAll(async () => {
    const owner = await makeDatabase("migrations_roles");
    await client.query("DROP ROLE IF EXISTS migrations_app");
    await client.query("CREATE ROLE migrations_app LOGIN PASSWORD 'app'");
    const address = new URL(owner);
    address.username = "migrations_app";
    address.password = "app";
    appUrl = address.href;
    await deployMigrations({ url: owner, appUrl });
    await deployMigrations({ url: owner, appUrl });
  });

  it.each([
    "INSERT INTO accounts (kind, token, name, plan, status) VALUES ('partner', 'aaaaaaaaaa', 'A', 'starter', 'active')",
    "UPDATE accounts SET name = 'B'",
    "SELECT * FROM audit_entries",
    "SELECT graphile_worker.add_job('nothing', '{}'::json)",
    "DELETE FROM accounts",
  ])("may: %s", async (statement) => {
    await expect(ask(appUrl, statement)).resolves.toBeDefined();
  });

  it("sees the jobs it adds", async () => {
    await ask(appUrl, "SELECT graphile_worker.add_job('seen', '{}'::json)");
    expect(
      await ask(appUrl, "SELECT task_identifier AS task FROM graphile_worker.jobs WHERE task_identifier = 'seen'"),
    ).toEqual([{ task: "seen" }]);
  });

  it.each([
    "UPDATE audit_entries SET actor_name = 'x'",
    "DELETE FROM audit_entries",
    "TRUNCATE audit_entries",
    "DROP TRIGGER audit_entries_append_only ON audit_entries",
    "ALTER TABLE audit_entries DISABLE TRIGGER ALL",
    "SELECT * FROM _prisma_migrations",
    "CREATE TABLE mine (id int)",
  ])("may not: %s", async (statement) => {
    await expect(ask(appUrl, statement)).rejects.toThrow(/permission denied|must be owner/);
  });
});
