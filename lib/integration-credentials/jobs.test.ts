import { afterAll, beforeAll, expect, it } from "vitest";

import { startLoopbackResend } from "@/testing/loopback-resend";
import { startRecordingHost, type RecordingHost } from "@/testing/recording-host";

const resend = await startLoopbackResend();
Object.assign(process.env, {
  RESEND_API_KEY: "re_test",
  RESEND_BASE_URL: resend.url,
  CONNECTOR_ALLOWED_PRIVATE_HOSTS: "127.0.0.1",
});
const { bookkeepingDb } = await import("@/lib/platform/database/write-db");
const { makeAccountWithPeople, makeMembership, makeUser } = await import("@/prisma/factories/accounts-and-keys");
const { makeCredential } = await import("@/prisma/factories/credentials");
const { openForCredential } = await import("./secrets");
const { mailRefusedJob, notifyRefusedJob, queueDueChecksJob } = await import("./jobs");
const { defineCheckCredential } = await import("./queue-due-checks");

const THERE = "abc0000001";
const checkDue = defineCheckCredential(({ id, sealedKey, baseUrl, accountToken }) => ({
  baseUrl,
  accountToken,
  apiKey: openForCredential(id, sealedKey),
}));

let host: RecordingHost;
beforeAll(async () => {
  host = await startRecordingHost();
});
afterAll(async () => {
  await host.close();
  resend.close();
});

interface QueuedMail {
  readonly payload: { readonly userId: number };
}

/** What became of the events that the account's credentials left. */
async function publish(accountId: number): Promise<string[]> {
  const entries = await bookkeepingDb().auditEntry.findMany({
    where: { accountId, recordType: "credential" },
    orderBy: { sequence: "asc" },
  });
  for (const { sequence, action: name, recordId: id, recordName, occurredAt } of entries) {
    if (name !== "credential.refused") continue;
    const record = { type: "credential", id, name: recordName };
    const event = { accountId, sequence, name, record, payload: null, triggeredBy: null };
    await notifyRefusedJob.perform({ ...event, occurredAt: occurredAt.toISOString() });
  }
  const queued = await bookkeepingDb().$queryRaw<QueuedMail[]>`
    SELECT p.payload FROM graphile_worker._private_jobs p JOIN graphile_worker._private_tasks t ON t.id = p.task_id
    WHERE t.identifier = 'credentials.mailRefused' AND (p.payload->>'accountId')::int = ${accountId}`;
  for (const { payload } of queued) await mailRefusedJob.perform(payload);
  return entries.map(({ action }) => action);
}

it("asks once a day, mails once who may mend it, and is silent once it is mended", async () => {
  const { account, owner, administrator } = await makeAccountWithPeople({ kind: "partner" });
  const limited = await makeUser();
  await makeMembership({ user: limited, account, role: "administrator", limitedTo: [] });
  const day = (count: number) => new Date(Date.now() + count * 86_400_000 + 60_000);
  const { credential, apiKey } = await makeCredential({
    account,
    baseUrl: host.baseUrl,
    accountToken: THERE,
    checkedAt: day(-3),
  });
  const { credential: fresh } = await makeCredential({ account, checkedAt: new Date() });
  const row = (id: number) => bookkeepingDb().integrationCredential.findUniqueOrThrow({ where: { id } });
  const goBack = () =>
    bookkeepingDb().integrationCredential.update({ where: { id: credential.id }, data: { checkedAt: day(-3) } });
  const run = async () => {
    await goBack();
    await checkDue.perform({ accountId: account.id, subjectId: credential.id });
    await checkDue.perform({ accountId: account.id, subjectId: fresh.id });
  };

  host.answer({ "/accounts": [401, { code: "key_revoked", detail: apiKey }] });
  await run();
  await run();
  expect(await row(credential.id)).toMatchObject({ status: "refused", reason: expect.stringContaining("revoked") });
  expect((await row(fresh.id)).checkedAt).toEqual(fresh.checkedAt);
  expect(await publish(account.id)).toEqual(["credential.refused"]);
  expect(resend.accepted.map(({ to }) => to).sort()).toEqual([owner.email, administrator.email].sort());
  const [mail] = resend.accepted;
  expect(mail?.subject).toBe(`The credential “${credential.name}” is refused`);
  expect(JSON.stringify(mail)).toContain(`/${account.token}/integrations/credentials?selected=${credential.id}`);
  expect(JSON.stringify(mail)).not.toContain(apiKey);

  host.answer({ "/accounts": [200, [{ token: THERE }]], "/vehicles": [200, []] });
  await run();
  expect(await row(credential.id)).toMatchObject({ status: "valid", refusedSince: null });
  resend.accepted.length = 0;
  expect(await publish(account.id)).toEqual(["credential.refused", "credential.accepted"]);
  expect(resend.accepted, "nobody hears of what is mended").toEqual([]);
});

it("puts those in line, once each, that nobody has asked for a day", async () => {
  const { account } = await makeAccountWithPeople();
  const { credential } = await makeCredential({ account });
  await makeCredential({ account, checkedAt: new Date() });
  await queueDueChecksJob.perform({});
  await queueDueChecksJob.perform({});
  const inLine = await bookkeepingDb().runStep.findMany({ where: { accountId: account.id } });
  expect(inLine).toMatchObject([{ name: "credentials.check", subjectId: credential.id, leasedUntil: null }]);
});

it("says of a key that cannot be read that it cannot, and goes on", async () => {
  const { account } = await makeAccountWithPeople();
  const [one, other] = [await makeCredential({ account }), await makeCredential({ account })];
  const { apiKey } = await bookkeepingDb().integrationCredential.findUniqueOrThrow({
    where: { id: one.credential.id },
  });
  await bookkeepingDb().integrationCredential.update({ where: { id: other.credential.id }, data: { apiKey } });
  await bookkeepingDb().integrationCredential.update({
    where: { id: one.credential.id },
    data: { checkedAt: new Date() },
  });
  const read = () => bookkeepingDb().integrationCredential.findUniqueOrThrow({ where: { id: other.credential.id } });
  await checkDue.perform({ accountId: account.id, subjectId: other.credential.id });
  expect(await read()).toMatchObject({ status: "unreachable", reason: expect.stringContaining("cannot be read") });
});
