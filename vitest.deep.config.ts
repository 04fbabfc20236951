import { defineConfig } from "vitest/config";
import base from "./vitest.config";

const test = base.test ?? {};

export default defineConfig({
  ...base,
  test: {
    ...test,
    include: ["**/*.deep.test.{ts,tsx}"],
    exclude: test.exclude?.filter((pattern) => !pattern.includes(".deep.")),
    testTimeout: 600_000,
    hookTimeout: 120_000,
    // They measure what a fault or a million rows cost: beside each other they would measure one another.
    fileParallelism: false,
    passWithNoTests: true,
  },
});
