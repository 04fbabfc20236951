// `node scripts/run.mjs <file.ts> [arguments]`: a script in TypeScript, with the environment and database it needs.
import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT, generate, install, nodeComplaint } from "./prepare.mjs";
import { Refusal, fileComplaint } from "./steps.mjs";

const DIRECTORY = ".data";

/** What may be done to a database that was restored and not accepted yet. Any other script is refused by it. */
const ALSO_RESTORED = [
  "scripts/migrate.ts",
  "scripts/after-restore.ts",
  "scripts/audit-verify.ts",
  "bench/bench.ts",
].map(path.normalize);

async function main() {
  const complaint = nodeComplaint();
  if (complaint) throw new Refusal(complaint);
  const [entry, ...args] = process.argv.slice(2);
  if (!entry || !existsSync(entry)) throw new Refusal("Say which script: node scripts/run.mjs <file.ts> [arguments]");
  const file = path.relative(ROOT, path.resolve(entry));
  process.chdir(ROOT);
  if (existsSync(".env")) process.loadEnvFile(".env");
  process.env.NODE_ENV ??= "production";
  await install();
  await generate();

  const { bundle } = await import("./bundle.mjs");
  const outdir = path.join(ROOT, ".build/run", String(process.pid));
  await bundle([file, "scripts/local-database.ts"], outdir);
  const built = (/** @type {string} */ name) => pathToFileURL(path.join(outdir, name.replace(/\.tsx?$/, ".mjs"))).href;
  const { databaseComplaint, openDatabaseForScript } = await import(built("scripts/local-database.ts"));
  // Migrations are what the one script is about; the others find them applied.
  const migrate = file !== path.join("scripts", "migrate.ts");
  const database = await openDatabaseForScript(DIRECTORY, { migrate, alsoRestored: ALSO_RESTORED.includes(file) });
  let isStopping = false;
  const stop = () => {
    isStopping = true;
    void database.stop().then(() => process.exit(1));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, stop);
  process.argv = [process.execPath, file, ...args];
  try {
    await import(built(file));
  } catch (error) {
    // What was cut off complains of it: that is no news to whoever did it.
    if (isStopping) return await new Promise(() => undefined);
    const complaint = await databaseComplaint(error);
    throw complaint === null ? error : new Refusal(complaint);
  } finally {
    await database.stop();
    rmSync(outdir, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  console.error(error?.name === "Refusal" ? error.message : (fileComplaint(error) ?? error));
  process.exitCode = 1;
}
