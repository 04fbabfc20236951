import path from "node:path";
import { bundle } from "../scripts/bundle.mjs";
import { ROOT } from "../scripts/prepare.mjs";

process.chdir(ROOT);
await bundle(["testing/worker-process.ts", "scripts/after-restore.ts"], path.join(ROOT, ".build/worker-test"));
