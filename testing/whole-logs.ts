import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "vitest";

import { sayFault } from "@/lib/audit-log/faults";
import { verifyLogs } from "@/lib/audit-log/verdicts";
import { authorize } from "@/lib/auth/permit";

/**
 * What each test of a fault ends with: as `npm run audit:verify` finds it, every account's log is as it was written, and
 * none is lost. A change and its entry stood or fell together, whatever happened in between.
 */
export async function expectWholeLogs(): Promise<void> {
  const actor = { kind: "system", name: "npm run audit:verify" } as const;
  const permit = authorize({ actor, account: null, origin: { ip: null, requestId: null } }, "auditLog.verify");
  const faults: string[] = [];
  let entries = 0;
  for await (const verdict of verifyLogs(permit, { anchors: new Map() })) {
    entries += verdict.entries;
    if (verdict.lostTo !== null) faults.push(`${verdict.accountToken} is lost from ${verdict.lostTo}`);
    if (verdict.fault !== null) faults.push(`${verdict.accountToken}: ${sayFault(verdict.fault)}`);
  }
  expect(faults).toEqual([]);
  expect(entries, "something was written that could be wrong").toBeGreaterThan(0);
}

/** The same of a database that is not this process's: by the command itself. */
export async function expectWholeLogsOf(databaseUrl: string, secrets: Readonly<Record<string, string>>): Promise<void> {
  const { PATH } = process.env;
  const given = { PATH, NODE_ENV: "production", APP_URL: "http://localhost:3000", RESEND_API_KEY: "re_test" };
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["scripts/run.mjs", "scripts/audit-verify.ts"],
    { env: { ...given, ...secrets, DATABASE_URL: databaseUrl } as unknown as NodeJS.ProcessEnv },
  ).catch((error: unknown) => error as { stdout: string; stderr: string });
  expect(stdout + stderr).toMatch(/^\d+ logs are whole/m);
  const entries = [...stdout.matchAll(/: (\d+) entries, all as they were written/g)].map(([, count]) => Number(count));
  expect(Math.max(...entries), "something was written that could be wrong").toBeGreaterThan(0);
}
