// `npm run email`: every mail, rendered to .build/emails. Needs no database.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { bundle } from "./bundle.mjs";
import { ROOT, generate, install } from "./prepare.mjs";

process.chdir(ROOT);
await install();
await generate();
await bundle(["scripts/email-pages.ts"]);
await import(pathToFileURL(path.join(ROOT, ".build/scripts/email-pages.mjs")).href);
