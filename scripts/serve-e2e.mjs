// The built app for the browser tests: its own database in a temporary folder, with the demo data.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";
import { ROOT, buildPages, generate } from "./prepare.mjs";
import { step } from "./steps.mjs";

/** What the specs need to reach the same database: read by e2e/fixtures.ts. */
const ENVIRONMENT_FILE = ".build/e2e-environment.json";

process.chdir(ROOT);
// What the developer's shell or .env says is not what is tested.
for (const name of ["DATABASE_URL", "MIGRATION_DATABASE_URL", "RESEND_API_KEY"]) delete process.env[name];
Object.assign(process.env, {
  NODE_ENV: "production",
  NEXT_TELEMETRY_DISABLED: "1",
  LOG_LEVEL: process.env.LOG_LEVEL || "warn",
  // Where the specs' own receivers of webhooks, and hosts of credentials, listen.
  WEBHOOK_ALLOWED_PRIVATE_HOSTS: "127.0.0.1",
  CONNECTOR_ALLOWED_PRIVATE_HOSTS: "127.0.0.1",
});

await step("Database client", generate);
await step("Server", () => bundle(["scripts/serve.ts", "testing/temporary-directory.ts", "server/main.ts"]));
await step("Pages", buildPages);

const built = (name) => import(pathToFileURL(path.join(ROOT, ".build", name)).href);
const { makeTemporaryDirectory } = await built("testing/temporary-directory.mjs");
const directory = await makeTemporaryDirectory("e2e");
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));

const { serve } = await built("scripts/serve.mjs");
await serve(directory);
const { DATABASE_URL, AUTH_SECRET, AUDIT_SECRET, APP_URL } = process.env;
mkdirSync(path.dirname(ENVIRONMENT_FILE), { recursive: true });
writeFileSync(
  ENVIRONMENT_FILE,
  JSON.stringify({ DATABASE_URL, AUTH_SECRET, AUDIT_SECRET, APP_URL, HUB_EMBEDDED: "1" }),
  { mode: 0o600 },
);
