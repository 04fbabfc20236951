import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { configDefaults, defineConfig, type Plugin, type ViteUserConfig } from "vitest/config";

const root = import.meta.dirname;

export const resolve: ViteUserConfig["resolve"] = {
  alias: [
    { find: /^server-only$/, replacement: path.join(root, "scripts/empty.mjs") },
    { find: /^@\//, replacement: `${root}/` },
  ],
};

/** What every test needs, also a deep one. */
export const everyTest = {
  setupFiles: ["testing/vitest-environment.ts"],
  // `next` has no export map: plain Node cannot resolve what next-auth and the like import from it.
  server: { deps: { inline: ["next-auth"] } },
};

export const NOWHERE = [...configDefaults.exclude, ".next/**", ".build/**", ".data/**", "e2e/**"];
const EXCLUDED = [...NOWHERE, "**/*.deep.test.{ts,tsx}"];

/** A test that says one of these changes its process, or looks at all of it: nobody else runs in there. */
const OWN_PROCESS = new RegExp(
  [
    /\bvi\.(mock|doMock|resetModules|spyOn|stub\w+|useFakeTimers)\(/,
    /process\.env|useOwnDatabase|startEmbeddedPostgres/,
    /\b(readPool|writePool|endPools|recordKeyUse)\b/,
  ]
    .map(({ source }) => source)
    .join("|"),
);

function testsWithOwnProcess(): string[] {
  return ["app", "components", "emails", "lib", "prisma", "scripts", "server", "testing"]
    .flatMap((folder) =>
      readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" }).map((name) =>
        path.posix.join(folder, name.replaceAll("\\", "/")),
      ),
    )
    .filter((file) => /(?<!\.deep)\.test\.(tsx?|mjs)$/.test(file))
    .filter((file) => file.startsWith("server/") || OWN_PROCESS.test(readFileSync(path.join(root, file), "utf8")))
    .map((file) => file.replaceAll(/[[\]()]/g, "\\$&"));
}

const own = testsWithOwnProcess();

/** For `npm test`: what raw statements give is compared with their row types at the end (testing/statements). */
const statementsAreChecked = process.env.STATEMENTS_REPORT !== undefined;
const unitTest = {
  ...everyTest,
  setupFiles: [...everyTest.setupFiles, ...(statementsAreChecked ? ["testing/statements/vitest-recording.ts"] : [])],
};

/** Hands the classes that send statements to the recorder as soon as they are made, whichever test loads them. */
const recording: Plugin = {
  name: "record-statements",
  enforce: "pre",
  transform(code, id) {
    const names = {
      "generated/prisma/client.ts": "Prisma(PrismaClient, Prisma.sql)",
      "lib/platform/database/pool.ts": "Driver(Pool)",
      "lib/platform/database/bounded-client.ts": "Driver(Client)",
    };
    const [, call] = Object.entries(names).find(([file]) => id === path.join(root, file)) ?? [];
    return call && `${code}\nimport * as recorder from "@/testing/statements/record";\nrecorder.record${call};\n`;
  },
};
const plugins = statementsAreChecked ? [recording] : [];

export default defineConfig({
  resolve,
  test: {
    globalSetup: [
      "testing/vitest-database.ts",
      ...(statementsAreChecked ? ["testing/statements/vitest-check.ts"] : []),
    ],
    // The statements are compared after the last test, on a machine that may be busy.
    teardownTimeout: 120_000,
    projects: [
      {
        resolve,
        plugins,
        test: {
          ...unitTest,
          name: "own process",
          // Some wait for most of their time: for the pace of mails, for a receiver that hangs, for what times out.
          maxWorkers: 3,
          include: own,
          exclude: EXCLUDED,
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        resolve,
        plugins,
        test: {
          ...unitTest,
          name: "shared",
          maxWorkers: 2,
          include: ["**/*.test.{ts,tsx}", "scripts/*.test.mjs"],
          exclude: [...EXCLUDED, ...own],
          testTimeout: 20_000,
          hookTimeout: 30_000,
          // Loading what a test needs costs as much as the test: here it is loaded once for all of them.
          isolate: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
