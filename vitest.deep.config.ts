import { mergeConfig } from "vitest/config";
import base from "./vitest.config";

const deep = mergeConfig(base, { test: { testTimeout: 600_000, hookTimeout: 120_000 } });
deep.test = {
  ...deep.test,
  include: ["**/*.deep.test.{ts,tsx}"],
  exclude: deep.test?.exclude?.filter((pattern) => !pattern.includes(".deep.")),
  passWithNoTests: true,
};

export default deep;
