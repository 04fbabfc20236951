import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { endOrphan } from "@/lib/platform/database/embedded-postgres";

const PREFIX = "fleet-advisor-hub-";

/** A folder for a database that is thrown away. What killed runs left behind goes first. */
export async function makeTemporaryDirectory(purpose: string): Promise<string> {
  const left = readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX));
  for (const directory of left.map((name) => path.join(tmpdir(), name))) {
    if (await endOrphan(directory)) rmSync(directory, { recursive: true, force: true });
  }
  return mkdtempSync(path.join(tmpdir(), `${PREFIX}${purpose}-`));
}
