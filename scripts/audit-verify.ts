import { parseArgs } from "node:util";

import {
  findChain,
  listChains,
  verifyChain,
  type Chain,
  type ChainAnchor,
  type ChainFault,
} from "@/lib/audit-log/queries";
import { authorize, type Permit } from "@/lib/auth/permit";
import { endPools } from "@/lib/platform/pool";

const USAGE = "npm run audit:verify -- [--account TOKEN] [--anchor TOKEN:SEQUENCE:HASH …]";
const ANCHOR = /^([0-9a-f]{10}):(\d{1,9}):([0-9a-f]{64})$/;

const FAULTS: Readonly<Record<ChainFault["kind"], string>> = {
  changed: "is not as it was written",
  missing: "is missing",
  cut: "is missing: the end of the log was cut off",
  unaccounted: "stands beyond the log's end: it was not written by the hub",
};

interface Wanted {
  readonly account: string | undefined;
  readonly anchors: ReadonlyMap<string, ChainAnchor>;
}

class Complaint extends Error {}

function readOptions(args: string[]): Wanted {
  const { values } = parseArgs({
    args,
    options: { account: { type: "string" }, anchor: { type: "string", multiple: true } },
  });
  const anchors = new Map<string, ChainAnchor>();
  for (const text of values.anchor ?? []) {
    const [, token, sequence, hash] = ANCHOR.exec(text) ?? [];
    if (!token || !sequence || !hash)
      throw new Complaint(`“${text}” is no anchor: copy one as an earlier run printed it.`);
    anchors.set(token, { sequence: Number(sequence), hash });
  }
  return { account: values.account, anchors };
}

async function* chains(permit: Permit<"auditLog.verify">, { account, anchors }: Wanted): AsyncGenerator<Chain> {
  // An anchored log that is empty by now would not be found below.
  for (const accountToken of account === undefined ? anchors.keys() : [account]) {
    const chain = await findChain(permit, { accountToken });
    if (chain === null) throw new Complaint(`There is no account with the token ${accountToken}.`);
    yield chain;
  }
  for (let after = 0; account === undefined;) {
    const found = await listChains(permit, { after });
    for (const chain of found) if (!anchors.has(chain.accountToken)) yield chain;
    const last = found.at(-1);
    if (last === undefined) return;
    after = last.accountId;
  }
}

/** Whether every log is whole; says of each what there is to say. */
async function verify(wanted: Wanted): Promise<boolean> {
  const actor = { kind: "system", name: "npm run audit:verify" } as const;
  const permit = authorize({ actor, account: null, origin: { ip: null, requestId: null } }, "auditLog.verify");
  let [faults, logs] = [0, 0];
  for await (const { accountId, accountToken } of chains(permit, wanted)) {
    const { fault, entries, anchor } = await verifyChain(permit, {
      accountId,
      anchor: wanted.anchors.get(accountToken),
    });
    logs += 1;
    if (fault) {
      faults += 1;
      console.error(`${accountToken}: entry ${fault.sequence} ${FAULTS[fault.kind]}.`);
    } else {
      const end = anchor ? ` Anchor: ${accountToken}:${anchor.sequence}:${anchor.hash}` : "";
      console.log(`${accountToken}: ${entries} entries, all as they were written.${end}`);
    }
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
