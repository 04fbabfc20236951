import { parseArgs } from "node:util";

import { sayFault } from "@/lib/audit-log/faults";
import type { ChainAnchor } from "@/lib/audit-log/queries";
import { verifyLogs, type LogVerdict, type WantedLogs } from "@/lib/audit-log/verdicts";
import { authorize } from "@/lib/auth/permit";
import { endPools } from "@/lib/platform/database/pool";

const USAGE = "npm run audit:verify -- [--account TOKEN] [--anchor TOKEN:SEQUENCE:HASH …]";
const ANCHOR = /^([0-9a-f]{10}):(\d{1,9}):([0-9a-f]{64})$/;

class Complaint extends Error {}

function readOptions(args: string[]): WantedLogs {
  const { values } = parseArgs({
    args,
    options: { account: { type: "string" }, anchor: { type: "string", multiple: true } },
  });
  const anchors = new Map<string, ChainAnchor[]>();
  for (const text of values.anchor ?? []) {
    const [, token = "", digits, hash = ""] = ANCHOR.exec(text) ?? [];
    const sequence = Number(digits ?? 0);
    if (sequence === 0) throw new Complaint(`“${text}” is no anchor: copy one as an earlier run printed it.`);
    if (values.account !== undefined && values.account !== token)
      throw new Complaint(`“${text}” is of another account than --account ${values.account}.`);
    anchors.set(token, [...(anchors.get(token) ?? []), { sequence, hash }]);
  }
  return { accountToken: values.account, anchors };
}

/** Says of a log what there is to say; whether it is whole. */
function report({ accountToken, entries, fault, lostTo, anchor }: LogVerdict): boolean {
  if (lostTo !== null)
    console.error(
      `${accountToken}: the account is gone, and its log with it${lostTo > 0 ? `: that had reached entry ${lostTo}` : ""}.`,
    );
  else if (fault !== null) console.error(`${accountToken}: ${sayFault(fault)}.`);
  else {
    const end = anchor ? ` Anchor: ${accountToken}:${anchor.sequence}:${anchor.hash}` : "";
    console.log(`${accountToken}: ${entries} entries, all as they were written.${end}`);
  }
  return lostTo === null && fault === null;
}

/** Whether every log is whole; says of each what there is to say. */
async function verify(wanted: WantedLogs): Promise<boolean> {
  const actor = { kind: "system", name: "npm run audit:verify" } as const;
  const permit = authorize({ actor, account: null, origin: { ip: null, requestId: null } }, "auditLog.verify");
  let [faults, logs] = [0, 0];
  for await (const verdict of verifyLogs(permit, wanted)) {
    if (wanted.accountToken !== undefined && verdict.lostTo === 0)
      throw new Complaint(`There is no account with the token ${wanted.accountToken}.`);
    logs += 1;
    if (!report(verdict)) faults += 1;
  }
  console.log(
    faults === 0
      ? `${logs} logs are whole. Keep the anchors elsewhere: given with --anchor, they tell when a log was cut.`
      : `${faults} of ${logs} logs are not as they were written.`,
  );
  return faults === 0;
}

async function main(args: string[]): Promise<void> {
  try {
    if (!(await verify(readOptions(args)))) process.exitCode = 1;
  } catch (error) {
    const isForeseen = error instanceof Complaint || (error instanceof TypeError && "code" in error);
    if (!isForeseen) throw error;
    console.error(`${error.message}\n\nSay: ${USAGE}`);
    process.exitCode = 1;
  } finally {
    await endPools();
  }
}

await main(process.argv.slice(2));
