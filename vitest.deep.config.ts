import { defineConfig } from "vitest/config";
import { everyTest, NOWHERE, resolve } from "./vitest.config";

export default defineConfig({
  resolve,
  test: {
    ...everyTest,
    globalSetup: ["scripts/vitest-database.ts"],
    setupFiles: [...everyTest.setupFiles, "scripts/vitest-own-database.ts"],
    include: ["**/*.deep.test.{ts,tsx}"],
    exclude: NOWHERE,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    // They measure what a fault or a million rows cost: beside each other they would measure one another.
    fileParallelism: false,
    passWithNoTests: true,
  },
});
