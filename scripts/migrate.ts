import { createMigration, deployMigrations } from "@/lib/platform/database/migrations";
import { Refusal } from "./steps.mjs";

/** `npm run migrate` brings the database up to date; `npm run migrate -- create <name>` writes what the schema has gained. */
async function main([command = "deploy", name]: string[]): Promise<void> {
  const appUrl = process.env.DATABASE_URL;
  const url = process.env.MIGRATION_DATABASE_URL || appUrl;
  if (!url || !appUrl) throw new Refusal("DATABASE_URL is not set. See .env.example.");
  if (command === "deploy") {
    const applied = await deployMigrations({ url, appUrl });
    for (const migration of applied) console.log(`Applied ${migration}`);
    if (applied.length === 0) console.log("Nothing to apply.");
  } else if (command === "create" && name) {
    const folder = await createMigration(name, url);
    if (folder) console.log(`Wrote prisma/migrations/${folder}/migration.sql`);
  } else {
    throw new Refusal("Say `deploy`, or `create <name>`.");
  }
}

await main(process.argv.slice(2));
