import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ENVIRONMENT_NAMES, readEnvironment } from "./env";

const enough = {
  DATABASE_URL: "postgresql://hub@127.0.0.1/hub",
  AUTH_SECRET: "a".repeat(40),
  AUDIT_SECRET: "b".repeat(40),
  RESEND_API_KEY: "re_test",
};

describe(".env.example", () => {
  const lines = readFileSync(".env.example", "utf8").split("\n");
  const entries = lines.flatMap((line) => [...line.matchAll(/^(?:# )?([A-Z][A-Z_]+)=(.*)$/g)]);

  it("lists every variable that the process reads, once, and no other", () => {
    expect(entries.map(([, name]) => name).sort()).toEqual([...ENVIRONMENT_NAMES].sort());
  });

  it("gives the real defaults", () => {
    const defaults = readEnvironment(enough);
    const shown = new Map(entries.map(([, name, value]) => [name, value]));
    const examples = ["DATABASE_URL", "MIGRATION_DATABASE_URL"];
    const wanted = ENVIRONMENT_NAMES.filter((name) => !(name in enough) && !examples.includes(name));
    for (const name of wanted) {
      const value = defaults[name as keyof typeof defaults];
      const plain = typeof value === "boolean" ? Number(value) : (value ?? "");
      const written = typeof plain === "object" ? Object.values(plain).join(",") : String(plain);
      expect(shown.get(name), name).toBe(written);
    }
  });
});

describe("a wrong value", () => {
  it.each([
    ["APP_URL", "hub.example.com"],
    ["INTERNAL_URL", "10.0.0.5:3000"],
    ["PORT", "70000"],
    ["PORT", "http"],
    ["DATABASE_URL", "mysql://db/hub"],
    ["DATABASE_URL", "postgresql://hub:a/b@127.0.0.1/hub"],
    ["MIGRATION_DATABASE_URL", "db"],
    ["MIGRATION_DATABASE_URL", "postgresql://hub@127.0.0.1/hub?options=-c%20timezone%3DUTC"],
    ["DATABASE_POOL_SIZE", "1"],
    ["HUB_EMBEDDED", "yes"],
    ["HUB_ROLES", "web,mail"],
    ["AUTH_SECRET", "short"],
    ["AUDIT_SECRET", "short"],
    ["AUTH_SECRET_PREVIOUS", `${"a".repeat(40)}, short`],
    ["DATA_SECRET_PREVIOUS", "short"],
    ["RESEND_BASE_URL", "ftp://resend"],
    ["METRICS_PORT", "0"],
    ["METRICS_TOKEN", "short"],
    ["MAX_ACTIVE_KEYS_PER_ACCOUNT", "0"],
    ["LOG_LEVEL", "loud"],
    ["NODE_ENV", "staging"],
  ])("%s=%s stops the start with a sentence that names it", (name, value) => {
    const start = () => readEnvironment({ ...enough, [name]: value });
    expect(start).toThrow(new RegExp(`^${name} has a wrong value: .+ See \\.env\\.example\\.$`));
  });

  it("says what is missing", () => {
    expect(() => readEnvironment({ ...enough, AUTH_SECRET: "" })).toThrow(
      /^AUTH_SECRET is not set: needs at least 32 /,
    );
  });

  it("names what a secret was as it stood, with spaces around the commas or within the secret's own ends", () => {
    const [one, other] = ["c".repeat(32), ` ${"d".repeat(32)}`];
    const named = readEnvironment({ ...enough, DATA_SECRET_PREVIOUS: `${one}, ${other.trim()}` }).DATA_SECRET_PREVIOUS;
    expect(named).toEqual([one, other.trim(), other]);
    expect(readEnvironment({ ...enough, DATA_SECRET_PREVIOUS: " , " }).DATA_SECRET_PREVIOUS).toEqual([]);
  });

  it("says everything at once", () => {
    expect(() => readEnvironment({ PORT: "x" })).toThrow(/PORT has.*\n.*DATABASE_URL is not set/s);
  });

  it("names what a single sign-on lacks", () => {
    const some = { ...enough, OIDC_ISSUER: "https://login.example.com", OIDC_CLIENT_ID: "hub" };
    expect(() => readEnvironment(some)).toThrow(/^OIDC_CLIENT_SECRET is not set: single sign-on needs all of /);
    expect(readEnvironment({ ...some, OIDC_CLIENT_SECRET: "s" })).toMatchObject({ OIDC_NAME: "single sign-on" });
    const plain = { ...some, OIDC_CLIENT_SECRET: "s", OIDC_ISSUER: "http://login.example.com" };
    expect(() => readEnvironment(plain)).toThrow(/^OIDC_ISSUER has a wrong value: needs https/);
    expect(() => readEnvironment({ ...plain, OIDC_ISSUER: "login.example.com" })).toThrow(
      /^OIDC_ISSUER has a wrong value: .+ See \.env\.example\.$/,
    );
  });
});
