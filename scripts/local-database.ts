import { placeOf, readDatabaseAddress } from "@/lib/platform/database/address";
import { checkDatabases } from "@/lib/platform/database/check";
import { databaseIdentity } from "@/lib/platform/database/identity";
import {
  EmbeddedPostgresError,
  findRunningPostgres,
  startEmbeddedPostgres,
} from "@/lib/platform/database/embedded-postgres";
import { deployMigrations } from "@/lib/platform/database/migrations";
import { SchemaContractError } from "@/lib/platform/database/schema-contract";
import { serving } from "@/lib/platform/serving";
import { secretsOf } from "./local-secrets";
import { Refusal } from "./steps.mjs";

export interface LocalDatabase {
  /** False where DATABASE_URL named one: then nothing here is ours to start, fill or stop. */
  embedded: boolean;
  stop: () => Promise<void>;
}

/** Fills in what the embedded mode doesn't ask to be told; does nothing where DATABASE_URL is set. */
export function assumeEmbeddedDefaults(directory: string): boolean {
  if (process.env.DATABASE_URL) return false;
  const { PORT, APP_URL } = process.env;
  const secrets = secretsOf(directory);
  Object.assign(process.env, {
    HUB_EMBEDDED: "1",
    APP_URL: APP_URL || `http://localhost:${PORT || "3000"}`,
    AUTH_SECRET: process.env.AUTH_SECRET || secrets.AUTH_SECRET,
    AUDIT_SECRET: process.env.AUDIT_SECRET || secrets.AUDIT_SECRET,
  });
  return true;
}

/** Puts the address that a variable holds into the form that everybody reads. */
function settleAddress(variable: "DATABASE_URL" | "MIGRATION_DATABASE_URL"): string | undefined {
  const given = process.env[variable];
  if (!given) return undefined;
  try {
    return (process.env[variable] = readDatabaseAddress(given));
  } catch (error) {
    const what = error instanceof Error ? error.message : "needs an address";
    throw new Refusal(`${variable} has a wrong value: ${what}. See .env.example.`);
  }
}

/** @throws Refusal where what the environment names cannot be relied on */
async function checkGivenDatabase(): Promise<void> {
  const [url, migrationUrl] = [settleAddress("DATABASE_URL"), settleAddress("MIGRATION_DATABASE_URL")];
  if (url !== undefined) await checkDatabases(url, migrationUrl);
}

/** Starts the embedded database where DATABASE_URL is not set, and sets it; looks at the one that is given. */
export async function openDatabase(directory: string): Promise<LocalDatabase> {
  if (process.env.DATABASE_URL) {
    await checkGivenDatabase();
    return { embedded: false, stop: () => Promise.resolve() };
  }
  const postgres = await startEmbeddedPostgres({ directory });
  process.env.DATABASE_URL = postgres.url;
  return { embedded: true, stop: postgres.stop };
}

interface ScriptsDatabase {
  readonly migrate: boolean;
  /** What it does is good for a database that nobody may serve yet; any other script is refused by it, in its sentence. */
  readonly alsoRestored: boolean;
}

/** The same for a script: a database that a running hub has open is used beside it. */
export async function openDatabaseForScript(
  directory: string,
  { migrate, alsoRestored }: ScriptsDatabase,
): Promise<LocalDatabase> {
  if (!alsoRestored) databaseIdentity().guard();
  const running = assumeEmbeddedDefaults(directory) ? await findRunningPostgres(directory) : null;
  if (running) {
    process.env.DATABASE_URL = running;
    return { embedded: true, stop: () => Promise.resolve() };
  }
  const database = await openDatabase(directory);
  try {
    if (database.embedded && migrate) await deployMigrations({ url: process.env.DATABASE_URL ?? "" });
  } catch (error) {
    // A database left running would keep the process alive after it has said what is wrong.
    await database.stop();
    throw error;
  }
  return database;
}

/** A sentence for what is foreseen: a database that cannot be started, takes nobody in, or is another release's; else null. */
export async function databaseComplaint(error: unknown): Promise<string | null> {
  const isForeseen = error instanceof EmbeddedPostgresError || error instanceof SchemaContractError;
  if (isForeseen || (error instanceof Error && error.name === "Refusal")) return error.message;
  const refusedBecause = serving().refusedBecause();
  if (refusedBecause !== null) return refusedBecause;
  const { databaseState, isOutage } = await import("@/lib/platform/database/state");
  try {
    // Where no code tells, the database is asked: that needs an environment that is whole.
    if (!(await isOutage(error))) return null;
  } catch {
    return null;
  }
  await databaseState().stop();
  const named = ["DATABASE_URL", "MIGRATION_DATABASE_URL"].filter((name) => process.env[name]);
  const places = [...new Set(named.map((name) => placeOf(process.env[name] ?? "")))];
  const code = typeof error === "object" && error !== null && "code" in error ? ` (${String(error.code)})` : "";
  return `The database at ${places.join(" and ")} does not answer, or takes nobody in at present${code}. Look whether it runs and can be reached from here, and whether ${named.join(" and ")} say where it is.`;
}
