import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";

import { regenerateApiKey, revokeApiKey } from "@/lib/api-keys/service";
import { verifyChain } from "@/lib/audit-log/queries";
import type { FinalAct } from "@/lib/audit-log/final-acts";
import { authorize } from "@/lib/auth/permit";
import { changeRole, removeMember } from "@/lib/members/service";
import { inviteMember, withdrawInvitation } from "@/lib/members/invite-member";
import { deleteCredential, replaceCredentialKey } from "@/lib/integration-credentials/service";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { mintWebhookSecret, sealForWebhook } from "@/lib/webhooks/secrets";
import { rotateWebhookSecret } from "@/lib/webhooks/service";
import {
  makeApiKey,
  makePartnerWithPeople,
  makePerson,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeCredential } from "@/prisma/factories/credentials";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { findRestoredAccount } from "./queries";
import { redoFinalActs } from "./service";

const authContext = {
  actor: { kind: "system" as const, name: "test" },
  account: null,
  origin: { ip: null, requestId: null },
};
/** What the account's rows stand in, children last; triggers keep none of them from going back in time. */
const TABLES = [
  ["api_keys", "account_id = $1"],
  ["api_key_tokens", "api_key_id IN (SELECT id FROM api_keys WHERE account_id = $1)"],
  ["memberships", "account_id = $1"],
  ["membership_customers", "membership_id IN (SELECT id FROM memberships WHERE account_id = $1)"],
  ["invitations", "account_id = $1"],
  ["webhooks", "account_id = $1"],
  ["integration_credentials", "account_id = $1"],
  ["audit_entries", "account_id = $1"],
  ["audit_heads", "account_id = $1"],
] as const;

const makeSecret = (id: number) => sealForWebhook(id, "secret", mintWebhookSecret());

let people: PartnerWithPeople;
let client: Client;

beforeAll(async () => {
  people = await makePartnerWithPeople();
  client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
});
afterAll(() => client.end());

async function backUp(): Promise<() => Promise<void>> {
  const { id } = people.account;
  for (const [table, where] of TABLES)
    await client.query(
      `CREATE TEMP TABLE backup_${table} AS SELECT * FROM ${table} WHERE ${where.replace("$1", String(id))}`,
    );
  return async () => {
    await client.query("BEGIN; SET LOCAL session_replication_role = replica");
    for (const [table, where] of [...TABLES].reverse()) await client.query(`DELETE FROM ${table} WHERE ${where}`, [id]);
    for (const [table] of TABLES) await client.query(`INSERT INTO ${table} SELECT * FROM backup_${table}`);
    await client.query("COMMIT");
  };
}

async function loggedActs(): Promise<[string, FinalAct][]> {
  const kept = await bookkeepingDb().finalAct.findMany({ where: { act: { contains: people.account.token } } });
  const acts = kept.map(({ hmac, act }): [string, FinalAct] => [hmac, JSON.parse(act) as FinalAct]);
  return acts.sort(([, a], [, b]) => a.sequence - b.sequence);
}

it("what was final before a backup was restored is final again, once, and nothing else is touched", async () => {
  const { account } = people;
  const before = await makeApiKey({ account });
  await revokeApiKey(await permitFor("apiKeys.manage", { user: people.owner, account }), { id: before.key.id });
  const [revoked, regenerated, untouched] = await Promise.all([1, 2, 3].map(() => makeApiKey({ account })));
  if (!revoked || !regenerated || !untouched) throw new Error("no keys");
  const departing = await makePerson(account, "administrator");
  const demoted = await makePerson(account, "administrator");
  const { webhook } = await makeWebhook({ account });
  const { credential: replaced } = await makeCredential({ account });
  const { credential: deleted } = await makeCredential({ account });
  const { credential: kept } = await makeCredential({ account });
  const email = `invited-${account.token}@example.com`;
  await inviteMember(await permitFor("members.invite", { user: people.owner, account }), {
    email,
    role: "member",
    customers: null,
  });
  const invitation = await bookkeepingDb().invitation.findFirstOrThrow({ where: { accountId: account.id, email } });
  const restore = await backUp();

  const manage = await permitFor("members.manage", { user: people.owner, account });
  await revokeApiKey(await permitFor("apiKeys.manage", { user: people.owner, account }), { id: revoked.key.id });
  const made = await makeApiKey({ account });
  await revokeApiKey(await permitFor("apiKeys.manage", { user: people.owner, account }), { id: made.key.id });
  await regenerateApiKey(await permitFor("apiKeys.issue", { user: people.owner, account }), {
    id: regenerated.key.id,
    revision: 1,
    overlap: "none",
  });
  const membershipOf = (userId: number) =>
    bookkeepingDb().membership.findUnique({ where: { userId_accountId: { userId, accountId: account.id } } });
  await removeMember(await permitFor("members.remove", { user: people.owner, account }), {
    membershipId: (await membershipOf(departing.id))?.id ?? 0,
  });
  await changeRole(await permitFor("members.changeRole", { user: people.owner, account }), {
    membershipId: (await membershipOf(demoted.id))?.id ?? 0,
    role: "member",
    customers: null,
  });
  await withdrawInvitation(manage, { id: invitation.id });
  await rotateWebhookSecret(await permitFor("webhooks.revealSecret", { user: people.owner, account }), {
    id: webhook.id,
    revision: webhook.revision,
  });
  await replaceCredentialKey(await permitFor("credentials.keep", { user: people.owner, account }), {
    id: replaced.id,
    revision: 1,
    apiKey: "the-key-that-came-after-the-backup",
    unchecked: true,
  });
  await deleteCredential(await permitFor("credentials.manage", { user: people.owner, account }), { id: deleted.id });
  const acts = await loggedActs();
  expect(acts.map(([, { deed }]) => deed)).toEqual([
    "keyRevoked",
    "keyRevoked",
    "keyRevoked",
    "tokenReplaced",
    "memberGone",
    "memberDemoted",
    "invitationWithdrawn",
    "secretRotated",
    "credentialReplaced",
    "credentialDeleted",
  ]);

  await restore();
  await client.query(
    "BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM api_key_uses WHERE id NOT IN (SELECT id FROM api_keys); COMMIT",
  );
  expect(await membershipOf(departing.id)).not.toBeNull();
  const permit = authorize(authContext, "afterRestore.run");
  const find = async () => {
    const found = await findRestoredAccount(permit, account.token);
    if (found === null) throw new Error("no account");
    return found;
  };
  const restored = await find();
  const outcome = await redoFinalActs(permit, restored, { acts, anchors: [] }, makeSecret);
  expect(outcome.done.map(({ deed }) => deed)).toEqual([
    "keyRevoked",
    "tokenReplaced",
    "memberGone",
    "memberDemoted",
    "invitationWithdrawn",
    "secretRotated",
    "credentialReplaced",
    "credentialDeleted",
  ]);
  expect(outcome.missing.map(({ record }) => record.id)).toEqual([made.key.id]);
  expect(outcome.lost).toEqual({ from: restored.head + 1, to: acts.at(-1)?.[1].sequence });

  const db = bookkeepingDb();
  expect(await db.apiKey.findUnique({ where: { id: revoked.key.id } })).toMatchObject({ revokedReason: "by_hand" });
  expect(await db.apiKey.findUnique({ where: { id: untouched.key.id } })).toMatchObject({
    revokedAt: null,
    revision: 1,
  });
  const tokens = await db.apiKeyToken.findMany({ where: { apiKeyId: regenerated.key.id } });
  expect(tokens.every(({ retiresAt }) => retiresAt !== null && retiresAt <= new Date())).toBe(true);
  expect([await membershipOf(departing.id), (await membershipOf(demoted.id))?.role]).toEqual([null, "member"]);
  expect(await db.invitation.findUnique({ where: { id: invitation.id } })).toMatchObject({ tokenHash: null });
  expect(await db.webhook.findUnique({ where: { id: webhook.id } })).toMatchObject({
    enabled: false,
    disabledReason: "secret_lost",
    previousSecret: null,
  });

  const credentials = await db.integrationCredential.findMany({
    where: { accountId: account.id },
    orderBy: { id: "asc" },
  });
  expect(
    credentials.map(({ id, apiKey, deletedAt }) => [id, apiKey !== null, deletedAt]),
    "what waits for a key asks nobody anything",
  ).toEqual([
    [replaced.id, false, null],
    [deleted.id, false, null],
    [kept.id, true, null],
  ]);

  // Twice is once, also where somebody gave a right back meanwhile.
  await db.membership.updateMany({ where: { userId: demoted.id }, data: { role: "administrator" } });
  const again = await redoFinalActs(permit, await find(), { acts, anchors: [] }, makeSecret);
  expect(again).toEqual({ done: [], missing: [], lost: null, anchors: [] });
  expect((await membershipOf(demoted.id))?.role).toBe("administrator");
  const entries = await db.auditEntry.count({ where: { accountId: account.id, action: "account.restored" } });
  const { fault } = await verifyChain(authorize(authContext, "auditLog.verify"), { accountId: account.id });
  expect([entries, fault]).toEqual([1, null]);
});
