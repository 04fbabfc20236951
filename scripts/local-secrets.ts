import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { hasCluster } from "@/lib/platform/database/embedded-postgres-files";
import { removeLeftovers, createAtomically } from "@/lib/platform/atomic-file";
import { Refusal } from "./steps.mjs";

type Secrets = Record<"AUTH_SECRET" | "AUDIT_SECRET", string>;

/**
 * Made once: sessions and the audit log's chain must outlive a restart. So none are made up for a database that is
 * there already, and what the environment names is asked for nowhere else.
 */
export function secretsOf(directory: string): Secrets {
  const { AUTH_SECRET, AUDIT_SECRET } = process.env;
  if (AUTH_SECRET && AUDIT_SECRET) return { AUTH_SECRET, AUDIT_SECRET };
  const file = path.join(directory, "secrets.json");
  mkdirSync(directory, { recursive: true });
  removeLeftovers(file);
  const found = readSecrets(file);
  if (found !== null) return found;
  if (hasCluster(directory))
    throw new Refusal(
      `${file} is ${existsSync(file) ? "empty or damaged" : "missing"}: it holds the secrets of the database beside it, and new ones would break its sessions and its audit log. Put it back from a backup, or set AUTH_SECRET and AUDIT_SECRET to what it held; to begin anew without the data, delete ${directory}.`,
    );
  rmSync(file, { force: true });
  const fresh = () => randomBytes(36).toString("base64");
  createAtomically(file, JSON.stringify({ AUTH_SECRET: fresh(), AUDIT_SECRET: fresh() }), { mode: 0o600 });
  const made = readSecrets(file);
  if (made === null) throw new Refusal(`${file} cannot be read back.`);
  return made;
}

/** Null where there are none, or not both. */
function readSecrets(file: string): Secrets | null {
  if (!existsSync(file)) return null;
  try {
    const { AUTH_SECRET, AUDIT_SECRET } = JSON.parse(readFileSync(file, "utf8")) as Partial<Secrets>;
    return AUTH_SECRET && AUDIT_SECRET ? { AUTH_SECRET, AUDIT_SECRET } : null;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return null;
    throw error;
  }
}
