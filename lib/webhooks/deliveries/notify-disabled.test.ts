import { afterAll, expect, it } from "vitest";

import { startLoopbackResend } from "@/testing/loopback-resend";

const resend = await startLoopbackResend();
Object.assign(process.env, { RESEND_API_KEY: "re_test", RESEND_BASE_URL: resend.url });
const { mutate } = await import("@/lib/audit-log/mutate");
const { writeTransaction } = await import("@/lib/platform/database/write-db");
const { mailDisabledJob } = await import("../jobs");
const { makeAccountWithPeople, permitFor } = await import("@/prisma/factories/accounts-and-keys");
const { makeWebhook } = await import("@/prisma/factories/webhooks");

afterAll(() => resend.close());

it.each([true, false])("comes once, though a gateway answered for more than a day (taken: %s)", async (takes) => {
  const { account, owner } = await makeAccountWithPeople();
  const { webhook } = await makeWebhook({ account, disabledAt: new Date(), disabledReason: "failing" });
  const permit = await permitFor("webhooks.manage", { user: owner, account });
  const record = { type: "webhook", id: webhook.id, name: "A webhook" } as const;
  await mutate(permit, () => Promise.resolve({ result: null, events: [{ name: "webhook.disabled", record }] }));
  const payload = { accountId: account.id, sequence: 1, webhookId: webhook.id, userId: owner.id, reason: "failing" };
  resend.accepted.length = 0;
  // By the provider's clock that was 26 hours ago, and then it was so by the database's too.
  Object.assign(resend, { mood: { takes, status: 502, body: "" }, now: new Date(Date.now() - 26 * 3_600_000) });
  await expect(mailDisabledJob.perform(payload)).rejects.toMatchObject({ isRefusal: false });
  await writeTransaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL session_replication_role = replica`;
    await tx.$executeRaw`UPDATE audit_entries SET occurred_at = occurred_at - interval '26 hours' WHERE account_id = ${account.id}`;
  });
  Object.assign(resend, { mood: "well", now: null });
  await mailDisabledJob.perform(payload);
  expect(resend.accepted.map(({ to }) => to)).toEqual([owner.email]);
  expect(resend.questions.length).toBeGreaterThan(0);
});
