import { existsSync } from "node:fs";
import path from "node:path";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { everyTest, NOWHERE, resolve } from "./vitest.config";

const deepTest = {
  ...everyTest,
  setupFiles: [...everyTest.setupFiles, "testing/vitest-own-database.ts"],
  testTimeout: 600_000,
  hookTimeout: 120_000,
};

/** What takes until something has happened, or the processor of a whole machine: beside each other they would measure one another. */
const ALONE = [
  "lib/platform/log-output",
  "lib/public-api/database-outage",
  "lib/webhooks/deliveries/dispatcher-shares",
  "scripts/start",
  "scripts/two-builds",
  "server/outages",
  "server/silent-network",
].map((name) => `${name}.deep.test.ts`);

/** What takes over half a minute, longest first: begun last, it would run on while nothing else is left. */
const LONG = [
  "server/worker",
  "lib/public-api/lists/list-walk",
  "lib/audit-log/entries-at-scale",
  "server/import",
  "lib/public-api/lists/read-list-indexes",
  "lib/platform/record-list-growth",
  "server/lost-commits",
  "scripts/sabotages",
  "server/restore",
  "lib/notifications/jobs-life-of-a-key",
  "lib/public-api/lists/read-list-skew",
  "lib/auth/recheck-rights",
  "testing/generated-requests",
  "lib/change-feed/endpoints-every-writer",
  "server/unread-exports",
  "scripts/start-cut-off",
  "lib/api-keys/queries-skew",
  "lib/auth/credentials-scale",
  "server/deliveries",
].map((name) => `${name}.deep.test.ts`);

for (const file of [...ALONE, ...LONG])
  if (!existsSync(path.join(import.meta.dirname, file)))
    throw new Error(`vitest.deep.config.ts names ${file}, which is not there`);

class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONG.findIndex((name) => moduleId.endsWith(`/${name}`));
      return index === -1 ? LONG.length : index;
    };
    return Promise.resolve([...files].sort((a, b) => rank(a) - rank(b)));
  }
}

export default defineConfig({
  resolve,
  test: {
    globalSetup: ["testing/vitest-database.ts"],
    passWithNoTests: true,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        resolve,
        test: {
          ...deepTest,
          name: "beside others",
          include: ["**/*.deep.test.{ts,tsx}"],
          exclude: [...NOWHERE, ...ALONE],
          // Each has a database of its own, and waits for it, or for a clock, half of its time.
          maxWorkers: 3,
        },
      },
      {
        resolve,
        test: {
          ...deepTest,
          name: "alone",
          include: ALONE,
          exclude: NOWHERE,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
