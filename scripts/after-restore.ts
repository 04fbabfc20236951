import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import type { Client } from "pg";

import { highestIdsOf, noFacts, takeLine, type LoggedFacts } from "@/lib/after-restore/take-line";
import { findRestoredAccount, listLiveKeys, listOwnerless } from "@/lib/after-restore/queries";
import { sayOwnerless } from "@/lib/after-restore/ownerless-account";
import { endEverySession, redoFinalActs, type AccountOutcome, type LoggedAccount } from "@/lib/after-restore/service";
import type { FinalAct } from "@/lib/audit-log/final-acts";
import { verifyChain } from "@/lib/audit-log/queries";
import { authorize, type Permit } from "@/lib/auth/permit";
import { BoundedClient } from "@/lib/platform/database/bounded-client";
import { MissingKeyError, refuseMissingKeys } from "@/lib/platform/database/key-canaries";
import { isNewTimeline, readObjection, recordIdentity } from "@/lib/platform/database/identity";
import { env } from "@/lib/platform/env";
import { endPools } from "@/lib/platform/database/pool";
import { mintWebhookSecret, sealForWebhook } from "@/lib/webhooks/secrets";

const USAGE = "npm run after-restore -- [--log FILE …] [--accept-losses]";
const KEYS_AT_ONCE = 1000;

class Complaint extends Error {}

interface Wanted {
  readonly files: readonly string[];
  readonly acceptLosses: boolean;
}

const authContext = {
  actor: { kind: "system" as const, name: "npm run after-restore" },
  account: null,
  origin: { ip: null, requestId: null },
};

function readOptions(args: string[]): Wanted {
  const { values } = parseArgs({
    args,
    options: { log: { type: "string", multiple: true }, "accept-losses": { type: "boolean", default: false } },
  });
  return { files: values.log ?? [], acceptLosses: values["accept-losses"] };
}

async function readFiles(files: readonly string[]): Promise<LoggedFacts> {
  const facts = noFacts();
  for (const file of files) {
    const input = createReadStream(file);
    try {
      for await (const line of createInterface({ input, crlfDelay: Infinity })) takeLine(facts, line);
    } catch (error) {
      throw new Complaint(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return facts;
}

function byAccount({ acts, anchors }: LoggedFacts): Map<string, LoggedAccount> {
  const logged = new Map<string, { acts: [string, FinalAct][]; anchors: LoggedAccount["anchors"] }>();
  const of = (token: string) => {
    const known = logged.get(token) ?? { acts: [], anchors: anchors.get(token) ?? [] };
    logged.set(token, known);
    return known;
  };
  for (const token of anchors.keys()) of(token);
  for (const [seal, act] of acts) of(act.account).acts.push([seal, act]);
  for (const { acts: own } of logged.values()) own.sort(([, a], [, b]) => a.sequence - b.sequence);
  return logged;
}

function sayAct({ event, at, record, facts }: FinalAct): string {
  const which = [facts.prefix, record.id === null ? "" : `id ${record.id}`].filter(Boolean).join(", ");
  return `${event} (${which}) of ${at}`;
}

function sayOutcome(token: string, { done, missing, lost }: AccountOutcome): void {
  for (const act of done) console.log(`${token}: done again: ${sayAct(act)}`);
  for (const act of done.filter(({ deed }) => deed === "tokenReplaced"))
    console.log(`${token}: key ${act.record.id} waits for Regenerate: the token that it had last is lost.`);
  for (const act of done.filter(({ deed }) => deed === "secretRotated"))
    console.log(
      `${token}: webhook ${act.record.id} is disabled and has a new secret: put it into its receiver, then enable it.`,
    );
  for (const act of done.filter(({ deed }) => deed === "credentialReplaced" || deed === "credentialDeleted"))
    console.log(`${token}: credential ${act.record.id} holds no key any more: Replace key puts one in, or delete it.`);
  for (const act of missing) console.log(`${token}: missing, so nothing was done: ${sayAct(act)}`);
  if (lost) console.log(`${token}: entries ${lost.from} to ${lost.to} of the audit log are lost.`);
}

async function tellOwnerless(permit: Permit<"afterRestore.run">, facts: LoggedFacts): Promise<void> {
  const ofPeople = [...facts.acts.values()].filter(({ deed }) => deed === "memberGone" || deed === "memberDemoted");
  const accounts = await listOwnerless(permit, [...new Set(ofPeople.map(({ account }) => account))]);
  for (const account of accounts) console.log(sayOwnerless(account));
}

const makeWebhookSecret = (id: number) => sealForWebhook(id, "secret", mintWebhookSecret());

interface Ran {
  readonly changed: boolean;
  readonly faults: number;
}

async function redoAll(permit: Permit<"afterRestore.run">, facts: LoggedFacts): Promise<Ran> {
  const verifier = authorize(authContext, "auditLog.verify");
  let [changed, faults] = [false, 0];
  for (const [token, logged] of byAccount(facts)) {
    const account = await findRestoredAccount(permit, token);
    if (account === null) {
      console.log(`${token}: the account is missing, with ${logged.acts.length} final acts.`);
      continue;
    }
    const outcome = await redoFinalActs(permit, account, logged, makeWebhookSecret);
    changed ||= outcome.done.length > 0 || outcome.lost !== null;
    sayOutcome(token, outcome);
    const { fault } = await verifyChain(verifier, { accountId: account.id, anchors: outcome.anchors });
    if (fault === null) continue;
    faults += 1;
    console.error(`${token}: entry ${fault.sequence} of the audit log is not as an anchor in the files has it.`);
  }
  return { changed, faults };
}

/** Ids that were given once are not given to something else. */
async function moveSequences(client: Client, facts: LoggedFacts): Promise<void> {
  for (const [name, id] of highestIdsOf(facts)) {
    await client.query(
      `SELECT setval(format('%I', sequencename)::regclass, $2) FROM pg_sequences
       WHERE schemaname = 'public' AND sequencename = $1 AND COALESCE(last_value, 0) < $2`,
      [name, id],
    );
  }
}

async function tellLiveKeys(permit: Permit<"afterRestore.run">): Promise<void> {
  console.log("Without log files nobody knows what was revoked since. These keys open something now:");
  for (let after = 0; ;) {
    const keys = await listLiveKeys(permit, { after, limit: KEYS_AT_ONCE });
    for (const { account, prefix, name, createdAt, expiresAt } of keys)
      console.log(
        `${account}: ${prefix}… “${name}”, made ${createdAt.toISOString()}, expires ${expiresAt.toISOString()}`,
      );
    const last = keys.at(-1);
    if (last === undefined) return;
    after = last.id;
  }
}

/** What keeps the database from being accepted; null where nothing does. */
function reservation({ files, acceptLosses }: Wanted, facts: LoggedFacts, faults: number): string | null {
  if (acceptLosses) return null;
  if (files.length === 0) return "Give the log files with --log";
  if (facts.unsealed > 0)
    return `${facts.unsealed} lines were not written with this AUDIT_SECRET and were left alone: give it`;
  return faults > 0 ? `${faults} audit logs do not fit the anchors in the files: find out why` : null;
}

async function runAfterRestore(wanted: Wanted, client: Client): Promise<void> {
  const permit = authorize(authContext, "afterRestore.run");
  const isSame = (await readObjection(client)) === null && !(await isNewTimeline(client));
  if (isSame && wanted.files.length === 0) {
    console.log("The database is the one that was served: there is nothing to do.");
    return;
  }
  // It makes new secrets where they were rotated since: under a key that the hubs have.
  await refuseMissingKeys(client);
  const facts = await readFiles(wanted.files);
  if (wanted.files.length === 0) await tellLiveKeys(permit);
  else
    console.log(
      `${facts.acts.size} final acts in the files, ${facts.firstAt ?? "never"} to ${facts.lastAt ?? "never"}. What was done before or after is not known.`,
    );
  const { changed, faults } = await redoAll(permit, facts);
  await tellOwnerless(permit, facts);
  await moveSequences(client, facts);
  if (changed || !isSame) console.log(`${(await endEverySession(permit)).ended} sessions were ended.`);
  const because = reservation(wanted, facts, faults);
  if (because !== null) throw new Complaint(`${because}, or say --accept-losses. The Hub does not serve yet.`);
  await recordIdentity(client);
  console.log("The database is accepted as it is: running hubs go on by themselves.");
}

async function main(args: string[]): Promise<void> {
  const client = new BoundedClient({ connectionString: env().MIGRATION_DATABASE_URL ?? env().DATABASE_URL });
  try {
    const wanted = readOptions(args);
    await client.connect();
    await runAfterRestore(wanted, client);
  } catch (error) {
    const isForeseen = error instanceof Complaint || (error instanceof TypeError && "code" in error);
    if (!isForeseen && !(error instanceof MissingKeyError)) throw error;
    console.error(`${error.message}\n\nSay: ${USAGE}`);
    process.exitCode = 1;
  } finally {
    await client.end();
    await endPools();
  }
}

await main(process.argv.slice(2));
