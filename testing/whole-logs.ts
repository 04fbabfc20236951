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
