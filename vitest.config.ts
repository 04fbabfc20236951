import path from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

const root = import.meta.dirname;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^server-only$/, replacement: path.join(root, "scripts/empty.mjs") },
      { find: /^@\//, replacement: `${root}/` },
    ],
  },
  test: {
    include: ["**/*.test.{ts,tsx}", "scripts/*.test.mjs"],
    exclude: [...configDefaults.exclude, ".next/**", ".build/**", ".data/**", "e2e/**", "**/*.deep.test.{ts,tsx}"],
    globalSetup: ["scripts/vitest-database.ts"],
    setupFiles: ["scripts/vitest-environment.ts"],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // `next` has no export map: plain Node cannot resolve what next-auth and the like import from it.
    server: { deps: { inline: ["next-auth", "nuqs"] } },
  },
});
