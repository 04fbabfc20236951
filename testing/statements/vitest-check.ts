import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { TestProject } from "vitest/node";

import { checkStatements, productFiles, readRecorded } from "./check";
import { UNREACHED } from "./unreached";

declare module "vitest" {
  export interface ProvidedContext {
    recordings: string;
  }
}

const ROOT = path.resolve(import.meta.dirname, "../..");

/** When all tests have run, and their database is still there, what they sent to it is compared with its row types. */
export default function setup(project: TestProject): () => Promise<void> {
  const report = path.resolve(String(process.env.STATEMENTS_REPORT));
  const recordings = path.join(ROOT, ".build/statements", String(process.pid));
  rmSync(report, { force: true });
  project.provide("recordings", recordings);
  return async () => {
    const url = String(project.getProvidedContext().environment.DATABASE_URL);
    const check = await checkStatements({
      root: ROOT,
      files: productFiles(ROOT),
      recorded: readRecorded(recordings),
      excused: UNREACHED,
      url,
    });
    mkdirSync(path.dirname(report), { recursive: true });
    writeFileSync(report, JSON.stringify(check, null, 2));
    rmSync(recordings, { recursive: true, force: true });
  };
}
