import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { layoutOf, makeFolder } from "@/lib/platform/database/embedded-postgres-files";
import { assumeEmbeddedDefaults } from "./local-database";

let directory: string;
const file = () => path.join(directory, "secrets.json");
/** A database, as far as secrets are concerned. */
const makeCluster = () => {
  makeFolder(directory, layoutOf(directory));
  mkdirSync(layoutOf(directory).cluster);
};

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), "hub-secrets-"));
  for (const name of ["DATABASE_URL", "AUTH_SECRET", "AUDIT_SECRET", "APP_URL", "HUB_EMBEDDED"]) vi.stubEnv(name, "");
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

describe("the secrets of the embedded database", () => {
  it("are made once, for their owner alone", () => {
    assumeEmbeddedDefaults(directory);
    const made = readFileSync(file(), "utf8");
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(JSON.parse(made)).toEqual({ AUTH_SECRET: process.env.AUTH_SECRET, AUDIT_SECRET: process.env.AUDIT_SECRET });
    makeCluster();
    vi.stubEnv("AUTH_SECRET", "");
    assumeEmbeddedDefaults(directory);
    expect(readFileSync(file(), "utf8")).toBe(made);
  });

  it.each(["", "{", "{}", "null", '{"AUTH_SECRET":"x"}'])(
    "are made anew where %j was left and no database is",
    (left) => {
      writeFileSync(file(), left);
      assumeEmbeddedDefaults(directory);
      expect(JSON.parse(readFileSync(file(), "utf8"))).toHaveProperty("AUDIT_SECRET");
    },
  );

  it.each(["", "{", "null", null])("are never made up for a database that is there (%j)", (left) => {
    makeCluster();
    if (left !== null) writeFileSync(file(), left);
    expect(() => assumeEmbeddedDefaults(directory)).toThrow(/secrets\.json is (missing|empty or damaged): .*backup/);
    expect(existsSync(file()) ? readFileSync(file(), "utf8") : null).toBe(left);
  });

  it("are asked for nowhere where the environment names both", () => {
    makeCluster();
    for (const name of ["AUTH_SECRET", "AUDIT_SECRET"]) vi.stubEnv(name, "given");
    assumeEmbeddedDefaults(directory);
    expect([process.env.AUTH_SECRET, existsSync(file())]).toEqual(["given", false]);
  });
});
