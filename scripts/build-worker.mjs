import path from "node:path";
import { bundle } from "./bundle.mjs";
import { ROOT } from "./prepare.mjs";

process.chdir(ROOT);
await bundle(["scripts/worker-process.ts", "scripts/after-restore.ts"], path.join(ROOT, ".build/worker-test"));
