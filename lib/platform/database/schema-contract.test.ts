import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import manifest from "../../../package.json" with { type: "json" };
import { deployMigrations } from "./migrations";
import { CONTRACT_STEPS, contractComplaint, refuseUnknownContract } from "./schema-contract";

const MIGRATIONS = "prisma/migrations";
/** With it the number begins: what came before is no part of a release that runs beside another. */
const FIRST = "0029_schema_contract";

/** Statements after which a release that used what was there no longer works. */
const TAKES = [
  /\bDROP (TABLE|COLUMN|TYPE|VIEW|MATERIALIZED VIEW|FUNCTION|PROCEDURE|DEFAULT|SCHEMA|EXTENSION|DOMAIN|SEQUENCE)\b/i,
  /\bRENAME\b/i,
  /\bSET NOT NULL\b/i,
  /\bALTER (COLUMN )?"?\w+"? (SET DATA )?TYPE\b/i,
  /\bADD (COLUMN )?(IF NOT EXISTS )?"?\w+"? (?!.*\b(DEFAULT|GENERATED|CONSTRAINT)\b).*\bNOT NULL\b/i,
  /\bADD\b(?! (CONSTRAINT|COLUMN)\b).*\bUNIQUE\b|\bADD CONSTRAINT\b.*\b(CHECK|UNIQUE|EXCLUDE|FOREIGN KEY)\b|\bCREATE UNIQUE INDEX\b/i,
  /\bREVOKE\b|\bTRUNCATE\b/i,
];

/** What a file says, statement by statement, without comments and the bodies of functions. */
function statementsOf(sql: string): string[] {
  return sql
    .replaceAll(/--.*$/gm, "")
    .replaceAll(/(\$\w*\$)[\s\S]*?\1/g, "")
    .split(";")
    .map((statement) => statement.replaceAll(/\s+/g, " ").trim())
    .filter(Boolean);
}

/** What is made in the same migration, nobody has used before. */
function tablesMadeIn(statements: readonly string[]): string[] {
  return statements.flatMap((statement) => /^CREATE TABLE (?:IF NOT EXISTS )?"?(\w+)/i.exec(statement)?.[1] ?? []);
}

function takingStatements(sql: string): string[] {
  const statements = statementsOf(sql);
  const own = tablesMadeIn(statements);
  const tableOf = (statement: string) =>
    /^(?:ALTER TABLE|CREATE UNIQUE INDEX .*? ON) (?:ONLY |IF EXISTS )*"?(\w+)/i.exec(statement)?.[1] ?? "";
  return statements.filter(
    (statement) => TAKES.some((pattern) => pattern.test(statement)) && !own.includes(tableOf(statement)),
  );
}

/** The step to which a migration raises the number; null where it does not. */
function raisesTo(sql: string): number | null {
  const [, step] = /^UPDATE schema_contract SET step = (\d+)$/m.exec(statementsOf(sql).join("\n")) ?? [];
  return step === undefined ? null : Number(step);
}

const isEarlier = (one: string, other: string) => one.localeCompare(other, "en", { numeric: true }) < 0;

describe("a migration", () => {
  const later = readdirSync(MIGRATIONS)
    .filter((name) => /^\d/.test(name) && name > FIRST)
    .sort()
    .map((name) => ({ name, sql: readFileSync(path.join(MIGRATIONS, name, "migration.sql"), "utf8") }));

  it("that takes something away raises the number, and only such a one", () => {
    for (const { name, sql } of later) {
      expect({ name, raises: raisesTo(sql) !== null }).toEqual({ name, raises: takingStatements(sql).length > 0 });
    }
  });

  it("raises it step by step, each announced by a release before", () => {
    const steps = later.flatMap(({ sql }) => raisesTo(sql) ?? []);
    expect(steps).toEqual(steps.map((_, index) => index + 1));
    for (const step of steps) {
      const announcedIn = CONTRACT_STEPS[step - 1]?.announcedIn ?? "never";
      expect({ step, isAnnounced: isEarlier(announcedIn, manifest.version) }).toEqual({ step, isAnnounced: true });
    }
  });

  it.each([
    ['ALTER TABLE "vehicles" DROP COLUMN "vin";', 1],
    ["DROP TABLE vehicles; DROP INDEX a;", 1],
    ["ALTER TABLE vehicles RENAME COLUMN a TO b;", 1],
    ["ALTER TABLE vehicles ALTER COLUMN a SET NOT NULL;", 1],
    ["ALTER TABLE vehicles ALTER COLUMN a SET DATA TYPE bigint;", 1],
    ["ALTER TABLE vehicles ALTER a TYPE bigint;", 1],
    ['ALTER TABLE vehicles ADD COLUMN "a" INTEGER NOT NULL;', 1],
    ["ALTER TYPE a RENAME VALUE 'b' TO 'c';", 1],
    ["CREATE UNIQUE INDEX a ON vehicles (b);", 1],
    ["ALTER TABLE vehicles ADD CONSTRAINT a CHECK (b > 0);", 1],
    ['ALTER TABLE vehicles ADD COLUMN "a" INTEGER NOT NULL DEFAULT 0;', 0],
    ['ALTER TABLE vehicles ADD COLUMN "a" INTEGER;', 0],
    [
      "CREATE TABLE a (b int NOT NULL); ALTER TABLE a ADD CONSTRAINT c CHECK (b > 0); CREATE UNIQUE INDEX d ON a (b);",
      0,
    ],
    ["CREATE INDEX a ON vehicles (b); -- DROP TABLE vehicles", 0],
    ["CREATE FUNCTION a() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN DROP TABLE b; END $$;", 0],
  ])("%s takes %i", (sql, count) => expect(takingStatements(sql)).toHaveLength(count));

  it.each([
    ["UPDATE schema_contract SET step = 3;", 3],
    ["-- UPDATE schema_contract SET step = 3;", null],
  ])("%s raises to %s", (sql, step) => expect(raisesTo(sql)).toBe(step));
});

describe("a database that a newer release has changed", () => {
  const name = `contract_${randomBytes(6).toString("hex")}`;
  const address = Object.assign(new URL(process.env.DATABASE_URL ?? ""), { pathname: `/${name}` }).href;
  const server = new Client({ connectionString: process.env.DATABASE_URL });
  let client: Client;

  beforeAll(async () => {
    await server.connect();
    await server.query(`CREATE DATABASE ${name}`);
    client = new Client({ connectionString: address });
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
    await server.end();
  });

  it("is told from one before the number began, and one that this release knows", async () => {
    expect(await contractComplaint(client)).toBeNull();
    await deployMigrations({ url: address });
    expect(await contractComplaint(client)).toBeNull();
    await client.query("UPDATE schema_contract SET step = 2");
    expect(await contractComplaint(client, 2)).toBeNull();
    expect(await contractComplaint(client, 1)).toBe(
      "This database was changed by a newer release (step 2 of its contract; this release knows 1): run that release or a later one. Nothing of the data is lost.",
    );
  });

  it("is left alone by an older release's start, which ends with that sentence", async () => {
    await client.query("UPDATE schema_contract SET step = 1000");
    await client.query("DELETE FROM _prisma_migrations WHERE migration_name = $1", [FIRST]);
    await expect(deployMigrations({ url: address })).rejects.toThrow(
      /^This database was changed by a newer release \(step 1000 of its contract; this release knows \d+\)/,
    );
    const { rowCount } = await client.query("SELECT FROM _prisma_migrations WHERE migration_name = $1", [FIRST]);
    expect(rowCount).toBe(0);
    await expect(refuseUnknownContract(client)).rejects.toMatchObject({ name: "SchemaContractError" });
  });
});
