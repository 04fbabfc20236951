import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Never to be seen. */
const PASSWORD = "Kp7secret";
const built = path.resolve(".build/run/wrong-database");

/** An address of the tests' server, wrong in one thing. */
function wrong(change: Partial<Record<"username" | "password" | "pathname" | "search", string>>): string {
  return Object.assign(new URL(process.env.DATABASE_URL ?? ""), change).href;
}

interface End {
  readonly code: unknown;
  readonly output: string;
}

async function run(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<End> {
  const child = spawn(process.execPath, args, { env: { ...process.env, NODE_ENV: "production", ...environment } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return { code: await new Promise((resolve) => child.on("close", resolve)), output };
}

/** One sentence and nothing besides, which names the variable. */
function expectSentence({ code, output }: End, sentence: RegExp): void {
  expect(output).toMatch(sentence);
  expect(output.trim()).not.toContain("\n");
  expect(output).not.toContain(PASSWORD);
  expect(output).not.toContain(decodeURIComponent(new URL(process.env.DATABASE_URL ?? "").password));
  expect(code).toBe(1);
}

describe("a command with a wrong address of its database", () => {
  it.each<[string, "DATABASE_URL" | "MIGRATION_DATABASE_URL", () => string, RegExp]>([
    [
      "scripts/migrate.ts",
      "DATABASE_URL",
      () => `postgresql://hub:a/${PASSWORD}@127.0.0.1/hub`,
      /^DATABASE_URL has a wrong/,
    ],
    [
      "prisma/seed.ts",
      "DATABASE_URL",
      () => `postgresql://hub:${PASSWORD}@/hub?host=/run/nowhere`,
      /\/run\/nowhere.*DATABASE_URL/,
    ],
    [
      "scripts/partner-create.ts",
      "DATABASE_URL",
      () => wrong({ password: PASSWORD }),
      /DATABASE_URL.*password authentication/,
    ],
    [
      "scripts/audit-verify.ts",
      "DATABASE_URL",
      () => wrong({ pathname: "/nowhere" }),
      /DATABASE_URL.*"nowhere" does not exist/,
    ],
    [
      "scripts/after-restore.ts",
      "MIGRATION_DATABASE_URL",
      () => wrong({ password: PASSWORD }),
      /MIGRATION_DATABASE_URL.*password/,
    ],
    [
      "scripts/outbox.ts",
      "DATABASE_URL",
      () => wrong({ search: "?options=-c%20timezone%3DUTC" }),
      /^DATABASE_URL.*“options”/,
    ],
    [
      "scripts/api-key-limit.ts",
      "DATABASE_URL",
      () => wrong({ search: "?sslmode=require" }),
      /^DATABASE_URL asks for TLS/,
    ],
  ])("%s ends with a sentence", async (script, variable, address, sentence) => {
    expectSentence(await run({ [variable]: address() }, "scripts/run.mjs", script), sentence);
  });
});

describe("a start with a wrong address of its database", () => {
  const serve = `const { serve } = await import(${JSON.stringify(pathToFileURL(path.join(built, "scripts/serve.mjs")).href)}); await serve();`;

  const make = `const { bundle } = await import("./scripts/bundle.mjs"); await bundle(["scripts/serve.ts", "server/main.ts"], ${JSON.stringify(built)});`;

  beforeAll(async () => {
    expect(await run({}, "--input-type=module", "--eval", make)).toMatchObject({ code: 0 });
  });
  afterAll(() => rmSync(built, { recursive: true, force: true }));

  it.each([
    [() => wrong({ password: PASSWORD }), /password authentication failed.*DATABASE_URL/],
    [() => `postgresql://hub:${PASSWORD}@db-a,db-b/hub`, /^DATABASE_URL has a wrong value: it names two hosts/],
  ])("number %# ends with a sentence", async (address, sentence) => {
    const environment = { DATABASE_URL: address(), RESEND_API_KEY: "re_test" };
    expectSentence(await run(environment, "--input-type=module", "--eval", serve), sentence);
  });
});
