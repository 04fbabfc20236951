import { randomUUID } from "node:crypto";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { drainQueue } from "@/testing/drain-queue";
import { startLoopbackResend } from "@/testing/loopback-resend";
import { useOwnDatabase } from "@/testing/own-database";

// Its sender sees every mail: a database of its own.
const dropDatabase = await useOwnDatabase("notices");
const resend = await startLoopbackResend();
Object.assign(process.env, { RESEND_API_KEY: "re_test", RESEND_BASE_URL: resend.url });
const { JOBS } = await import("@/server/worker");
const { recordExpiryJob } = await import("@/lib/api-keys/jobs");
const { createApiKey, regenerateApiKey, revokeApiKey } = await import("@/lib/api-keys/service");
const { removeMember } = await import("@/lib/members/service");
const { authorize } = await import("@/lib/auth/permit");
const { noteDelivery } = await import("./note-delivery");
const { sendNoticesJob } = await import("./jobs");
const { listNotices } = await import("./queries");
const { databaseNow, db } = await import("@/lib/platform/database/db");
const { endPools } = await import("@/lib/platform/database/pool");
const { bookkeepingDb } = await import("@/lib/platform/database/write-db");
const { makeAccount, makeAccountWithPeople, makeApiKey, makeMembership, makePartnerWithPeople, permitFor } =
  await import("@/prisma/factories/accounts-and-keys");

const DAY_MS = 86_400_000;
/** Noon, so that a day's other hours lie on both sides. */
const NOON = new Date(`${new Date(Date.now() + DAY_MS).toISOString().slice(0, 10)}T12:00:00Z`);
const after = (seconds: number, from = NOON) => new Date(from.getTime() + seconds * 1000);
const endingIn = (days: number, seconds = 0) => after(days * 86_400 + seconds);

beforeEach(async () => {
  Object.assign(resend, { mood: "well", now: NOON, mayRead: true });
  resend.questions.length = 0;
  resend.accepted.length = 0;
  resend.requests.length = 0;
  await bookkeepingDb().$executeRaw`UPDATE notice_mails SET dropped_at = clock_timestamp() WHERE sent_at IS NULL`;
  await bookkeepingDb().$executeRaw`UPDATE mail_pace SET notices_after = NULL`;
});

afterAll(async () => {
  resend.close();
  await endPools();
  await dropDatabase();
});

async function sweep(now = NOON): Promise<void> {
  await recordExpiryJob.perform({}, now);
  await drainQueue(JOBS, now);
  // One run ends after some seconds: the pace allows no more mails in it.
  await sendNoticesJob.perform({}, now);
}

const subjectsTo = (email: string) => resend.accepted.filter(({ to }) => to === email).map(({ subject }) => subject);

describe("who is told", () => {
  it("every owner and administrator, no member, and a limited administrator only of what he could act on", async () => {
    const { account, owner, administrator, member, limited, customers } = await makePartnerWithPeople();
    await makeApiKey({ account, name: "Everywhere", createdAt: endingIn(-300), expiresAt: endingIn(30) });
    await makeApiKey({
      account,
      name: "His",
      createdAt: endingIn(-300),
      expiresAt: endingIn(30),
      customers: [customers[0]],
    });
    await makeApiKey({
      account,
      name: "Further",
      createdAt: endingIn(-300),
      expiresAt: endingIn(30),
      customers: [customers[0], customers[1]],
    });
    await sweep();
    for (const { email } of [owner, administrator]) expect(subjectsTo(email)).toHaveLength(3);
    expect(subjectsTo(limited.email)).toEqual(["API key “His” expires in 30 days"]);
    expect(subjectsTo(member.email)).toEqual([]);
  });

  it("nobody who was demoted before the mail went", async () => {
    const { account, owner, administrator } = await makeAccountWithPeople();
    await makeApiKey({ account, name: "Demoted", createdAt: endingIn(-300), expiresAt: endingIn(30) });
    await recordExpiryJob.perform({}, NOON);
    await drainQueue(JOBS, NOON, { skip: ["notices.send"] });
    await bookkeepingDb().membership.updateMany({ where: { userId: administrator.id }, data: { role: "member" } });
    await sendNoticesJob.perform({}, NOON);
    expect([subjectsTo(owner.email).length, subjectsTo(administrator.email).length]).toEqual([1, 0]);
    const permit = await permitFor("auditLog.read", { user: owner, account });
    const { id } = await db().apiKey.findFirstOrThrow({ where: { accountId: account.id }, select: { id: true } });
    const rows = await listNotices(permit, { apiKeyId: id });
    expect(rows.map(({ toEmail, stage, fate }) => [toEmail, stage, fate]).sort()).toEqual(
      [
        [owner.email, "days_30", "sent"],
        [administrator.email, "days_30", "superseded"],
      ].sort(),
    );
  });
});

describe("a partner's key whose creator left", () => {
  const leave = async (names: readonly string[]) => {
    const partner = await makePartnerWithPeople();
    const { account, owner, administrator } = partner;
    for (const name of names) await makeApiKey({ account, name, createdBy: administrator });
    await makeApiKey({ account, name: "Of another", createdBy: owner });
    const membership = await db().membership.findFirstOrThrow({ where: { userId: administrator.id } });
    await removeMember(await permitFor("members.remove", { user: owner, account }), { membershipId: membership.id });
    return partner;
  };

  it("is told to the owners alone, once, though every job runs twice", async () => {
    const { account, owner, administrator, member, limited } = await leave(["Door"]);
    const now = await databaseNow();
    await drainQueue(JOBS, now, { twice: true });
    await sendNoticesJob.perform({}, now);
    expect(subjectsTo(owner.email)).toEqual([`API key “Door”: ${administrator.name} left`]);
    for (const { email } of [administrator, member, limited]) expect(subjectsTo(email)).toEqual([]);
    const { id } = await db().apiKey.findFirstOrThrow({ where: { accountId: account.id, name: "Door" } });
    const [mail] = resend.accepted;
    expect(mail?.text.replaceAll(/\s+/g, " ")).toContain(`${administrator.name} left ${account.name} on `);
    expect(mail?.text).toContain(`/${account.token}/api-keys/${id}`);
    const reader = await permitFor("auditLog.read", { user: owner, account });
    expect((await listNotices(reader, { apiKeyId: id })).map(({ stage, fate }) => [stage, fate])).toEqual([
      ["creator_left", "sent"],
    ]);
  });

  it("is told by one mail where there are more than five", async () => {
    const { owner } = await leave(["One", "Two", "Three", "Four", "Five", "Six"]);
    const now = await databaseNow();
    await drainQueue(JOBS, now);
    expect(subjectsTo(owner.email)).toEqual(["6 API keys were created by somebody who left"]);
  });

  it("is told no more when it was revoked meanwhile", async () => {
    const { account, owner } = await leave(["Door"]);
    const now = await databaseNow();
    await drainQueue(JOBS, now, { skip: ["notices.send"] });
    const { id } = await db().apiKey.findFirstOrThrow({ where: { accountId: account.id, name: "Door" } });
    await revokeApiKey(await permitFor("apiKeys.manage", { user: owner, account }), { id });
    await sendNoticesJob.perform({}, now);
    expect(subjectsTo(owner.email)).toEqual([]);
  });
});

describe("a day on which many keys are due", () => {
  const makeKeys = async (count: number, account: { readonly id: number }) => {
    for (let index = 0; index < count; index += 1) {
      // One an hour, before and after noon.
      const expiresAt = endingIn(14, (index - 2) * 3600);
      const { key } = await makeApiKey({ account, name: `Key ${index}`, createdAt: endingIn(-300), expiresAt });
      await bookkeepingDb().expiryStage.create({
        data: { apiKeyId: key.id, expiresAt, days: 30, silent: true, recordedAt: endingIn(-20) },
      });
    }
  };

  it("gives five mails for five keys", async () => {
    const { account, owner } = await makeAccountWithPeople();
    await makeKeys(5, account);
    await sweep();
    await sweep(after(6 * 3600));
    expect(subjectsTo(owner.email)).toHaveLength(5);
  });

  it("gives one mail for six, also of those that are due later that day, and of two accounts", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const other = await makeAccount();
    await makeMembership({ user: owner, account: other, role: "administrator" });
    await makeKeys(3, account);
    await makeKeys(3, other);
    await sweep(after(-1800));
    await sweep(after(3 * 3600));
    await sweep(after(8 * 3600));
    const mails = resend.accepted.filter(({ to }) => to === owner.email);
    expect(mails.map(({ subject }) => subject)).toEqual(["6 API keys expire: the first, “Key 0”, in 14 days"]);
    expect(mails[0]?.text).toContain("/api-keys");
    for (const name of ["Key 0", "Key 1", "Key 2"]) expect(mails[0]?.text.split(name).length).toBeGreaterThan(2);
    // The event of each key came at its own instant all the same.
    expect(
      await db().auditEntry.count({ where: { accountId: { in: [account.id, other.id] }, action: "apiKey.expiring" } }),
    ).toBe(6);
  });
});

describe("a day on which many keys end", () => {
  it("tells those that end later that they end today, and each end when it has come", async () => {
    const { account, owner, administrator } = await makeAccountWithPeople();
    await bookkeepingDb().membership.deleteMany({ where: { userId: administrator.id } });
    for (const [index, hours] of [-2, -1, 2, 2, 8, 8, 8].entries()) {
      const expiresAt = after(hours * 3600);
      const { key } = await makeApiKey({ account, name: `End ${index}`, createdAt: endingIn(-300), expiresAt });
      await bookkeepingDb().expiryStage.create({
        data: { apiKeyId: key.id, expiresAt, days: 1, silent: true, recordedAt: endingIn(-1) },
      });
    }
    await sweep();
    const [first] = resend.accepted;
    expect(subjectsTo(owner.email)).toEqual(["7 API keys expire: the first, “End 0”, has expired"]);
    const words = first?.text.replaceAll(/\s+/g, " ") ?? "";
    for (const gone of ["End 0", "End 1"]) expect(words).toMatch(new RegExp(`${gone} \\(\\w+…\\), [^…]+ expired on `));
    for (const index of [2, 3, 4, 5, 6])
      expect(words).toMatch(new RegExp(`End ${index} \\(\\w+…\\), [^…]+ expires today, on `));
    await sweep(after(3 * 3600));
    await sweep(after(9 * 3600));
    await sweep(endingIn(1));
    expect(subjectsTo(owner.email).slice(1)).toEqual(["2 API keys have expired", "3 API keys have expired"]);
    const notified = await db().notice.groupBy({ by: ["stage"], where: { userId: owner.id }, _count: true });
    expect(notified.map(({ stage, _count }) => [stage, _count]).sort()).toEqual([
      ["expired", 7],
      ["today", 5],
    ]);
  });

  it("tells no end today that has been put off or has come before the mail went", async () => {
    const { account, owner, administrator } = await makeAccountWithPeople();
    await bookkeepingDb().membership.deleteMany({ where: { userId: administrator.id } });
    for (const [index, hours] of [-1, 2, 2, 2, 8, 8].entries()) {
      await makeApiKey({ account, name: `End ${index}`, createdAt: endingIn(-300), expiresAt: after(hours * 3600) });
    }
    await bookkeepingDb().$executeRaw`
      INSERT INTO expiry_stages (api_key_id, expires_at, days, silent, recorded_at)
      SELECT id, expires_at, 1, true, now() FROM api_keys WHERE account_id = ${account.id}`;
    await recordExpiryJob.perform({}, NOON);
    await drainQueue(JOBS, NOON, { skip: ["notices.send"] });
    await bookkeepingDb().$executeRaw`
      UPDATE api_keys SET expires_at = ${endingIn(60)}::timestamptz WHERE account_id = ${account.id} AND name = 'End 5'`;
    await sendNoticesJob.perform({}, after(3 * 3600));
    const text = resend.accepted.map((mail) => mail.text).join();
    expect(text).toContain("End 0");
    expect(text).toContain("End 4");
    for (const name of ["End 1", "End 2", "End 3", "End 5"]) expect(text).not.toContain(name);
    expect(subjectsTo(owner.email)).toHaveLength(1);
  });
});

describe("a provider in trouble", () => {
  const oneKey = async () => {
    const people = await makeAccountWithPeople();
    await bookkeepingDb().membership.deleteMany({ where: { userId: people.administrator.id } });
    await makeApiKey({ account: people.account, name: "Patient", createdAt: endingIn(-300), expiresAt: endingIn(30) });
    return people.owner;
  };

  it("is left alone for as long as it asks", async () => {
    const owner = await oneKey();
    resend.mood = "busy";
    await sweep();
    resend.mood = "well";
    await sendNoticesJob.perform({}, after(6));
    expect(resend.requests).toHaveLength(1);
    await sendNoticesJob.perform({}, after(8));
    expect(subjectsTo(owner.email)).toEqual(["API key “Patient” expires in 30 days"]);
  });

  it("gets a mail again that it never answered, under the same key", { timeout: 40_000 }, async () => {
    const owner = await oneKey();
    resend.mood = ["silent", "broken", "takesAndDies"];
    await sweep();
    for (const minutes of [1, 2, 3, 4]) await sendNoticesJob.perform({}, after(minutes * 60));
    expect(new Set(resend.requests.map(({ key }) => key)).size).toBe(1);
    expect(resend.requests).toHaveLength(4);
    expect(subjectsTo(owner.email)).toHaveLength(1);
  });

  it("says once that it will never take a mail, and that is shown", async () => {
    const owner = await oneKey();
    resend.mood = "refuses";
    await sweep();
    await sendNoticesJob.perform({}, after(3600));
    expect(resend.requests).toHaveLength(1);
    const mail = await db().noticeMail.findFirstOrThrow({
      where: { userId: owner.id },
      select: { failure: true, sentAt: true },
    });
    expect(mail).toEqual({ failure: "validation_error", sentAt: null });
  });

  it("took a mail of which only the key's name has changed since", async () => {
    const owner = await oneKey();
    resend.mood = ["takesAndDies"];
    await sweep();
    await bookkeepingDb().apiKey.updateMany({ where: { name: "Patient" }, data: { name: "Patience" } });
    await sendNoticesJob.perform({}, after(60));
    expect(subjectsTo(owner.email)).toEqual(["API key “Patient” expires in 30 days"]);
    expect(await db().noticeMail.count({ where: { userId: owner.id, sentAt: null } })).toBe(0);
  });

  describe("when the answer was lost more than a day ago, and it has forgotten the mail's key", () => {
    const NEXT_DAY = after(30 * 3600);
    const subject = "API key “Patient” expires in 30 days";
    const loseTheAnswer = async (mood: "takesAndDies" | "dies") => {
      const owner = await oneKey();
      resend.mood = [mood];
      await sweep();
      // For the rest of the day it does not answer at all.
      resend.mood = "dies";
      await sendNoticesJob.perform({}, after(12 * 3600));
      Object.assign(resend, { mood: "well", now: NEXT_DAY });
      return owner;
    };
    const mailTo = ({ id }: { id: number }) =>
      db().noticeMail.findFirstOrThrow({
        where: { userId: id },
        select: { mailKey: true, sentAt: true, providerId: true },
      });

    it("is asked, and a mail that it took does not go again", async () => {
      const owner = await loseTheAnswer("takesAndDies");
      await sendNoticesJob.perform({}, NEXT_DAY);
      expect(subjectsTo(owner.email)).toEqual([subject]);
      expect(await mailTo(owner)).toMatchObject({ sentAt: NEXT_DAY, providerId: resend.accepted[0]?.id });
    });

    it("is asked, and a mail that it never took goes", async () => {
      const owner = await loseTheAnswer("dies");
      await sendNoticesJob.perform({}, NEXT_DAY);
      expect(resend.questions).toEqual(["/emails?limit=100"]);
      expect(subjectsTo(owner.email)).toEqual(["API key “Patient” expires in 29 days"]);
    });

    it("is asked again later where it does not answer", async () => {
      const owner = await loseTheAnswer("takesAndDies");
      resend.mood = ["broken"];
      await sendNoticesJob.perform({}, NEXT_DAY);
      expect((await mailTo(owner)).sentAt).toBeNull();
      await sendNoticesJob.perform({}, after(3600, NEXT_DAY));
      expect(subjectsTo(owner.email)).toEqual([subject]);
      expect((await mailTo(owner)).sentAt).not.toBeNull();
    });

    it("is believed when it reported the mail meanwhile, though it may not be asked", async () => {
      const owner = await loseTheAnswer("takesAndDies");
      resend.mayRead = false;
      const authContext = { actor: { kind: "anyone" as const }, account: null, origin: { ip: null, requestId: null } };
      const { mailKey } = await mailTo(owner);
      const report = { fate: "delivered" as const, at: after(5), providerId: "of-resend", mailKey };
      await noteDelivery(authorize(authContext, "notices.noteDelivery"), report);
      await sendNoticesJob.perform({}, NEXT_DAY);
      expect([subjectsTo(owner.email), resend.questions]).toEqual([[subject], []]);
      expect(await mailTo(owner)).toMatchObject({ sentAt: after(5), providerId: "of-resend" });
    });

    it("gets it again where its key may only send: twice is better than never", async () => {
      const owner = await loseTheAnswer("dies");
      resend.mayRead = false;
      await sendNoticesJob.perform({}, NEXT_DAY);
      expect(subjectsTo(owner.email)).toHaveLength(1);
    });
  });

  describe("behind a gateway that answers in its place for more than a day", () => {
    const PAGE = "<html>Bad gateway</html>";
    const subject = "API key “Patient” expires in 30 days";
    const begin = async (takes: boolean) => {
      const owner = await oneKey();
      // The mail is taken, or not, at the first attempt; nothing that comes from the gateway says which.
      resend.mood = { takes, status: 502, body: PAGE };
      await sweep();
      const later = [
        [8, { takes, status: 504, body: '{"message":"Endpoint request timed out"}' }],
        [16, { takes, status: 403, body: "<html>Checking your browser</html>" }],
        [22, { takes, status: 200, body: PAGE }],
        [25, { takes: false, status: 404, body: PAGE }],
        [26, { takes: false, status: 200, body: '{"status":"ok"}' }],
      ] as const;
      for (const [hours, mood] of later) {
        Object.assign(resend, { mood, now: after(hours * 3600) });
        await sendNoticesJob.perform({}, after(hours * 3600));
      }
      expect(await db().noticeMail.count({ where: { userId: owner.id, sentAt: null, droppedAt: null } })).toBe(1);
      Object.assign(resend, { mood: "well", now: after(27 * 3600) });
      await sendNoticesJob.perform({}, after(27 * 3600));
      expect(await db().noticeMail.count({ where: { userId: owner.id, sentAt: null } })).toBe(0);
      return owner;
    };

    it("a mail that it took comes once", async () => {
      const owner = await begin(true);
      expect(subjectsTo(owner.email)).toEqual([subject]);
      expect(resend.questions).toHaveLength(4);
    });

    it("a mail that it never took comes, once", async () => {
      const owner = await begin(false);
      expect(subjectsTo(owner.email)).toEqual(["API key “Patient” expires in 29 days"]);
    });
  });

  describe("that refuses for more than a week", () => {
    it("gets what stays true late, and of what was overtaken the last alone", { timeout: 40_000 }, async () => {
      const { account, owner, administrator } = await makeAccountWithPeople();
      await bookkeepingDb().membership.deleteMany({ where: { userId: administrator.id } });
      const issuer = await permitFor("apiKeys.issue", { user: owner, account });
      resend.mood = "busy";
      const made = await createApiKey(issuer, {
        name: "Door",
        apiVersion: "2025-05-05",
        expiry: { kind: "months", months: 12 },
        scopes: ["vehicles.read"],
        customers: null,
        allowedIps: [],
        submissionId: randomUUID(),
      });
      await revokeApiKey(await permitFor("apiKeys.manage", { user: owner, account }), { id: made.id });
      await makeApiKey({ account, name: "Gone", createdAt: endingIn(-300), expiresAt: endingIn(1, -3600) });
      await sweep();
      for (const days of [5, 9]) await sweep(endingIn(days));
      expect(subjectsTo(owner.email)).toEqual([]);
      resend.mood = "well";
      await sweep(endingIn(10));
      await sendNoticesJob.perform({}, endingIn(10, 60));
      expect(subjectsTo(owner.email).sort()).toEqual([
        "API key “Door” was created",
        "API key “Door” was revoked",
        "API key “Gone” has expired",
      ]);
    });
  });

  // Slots are 600 ms apart; a busy machine uses one a little late.
  it("never gets more than two mails a second, from two senders at once", async () => {
    const { account } = await makeAccountWithPeople();
    for (const index of [1, 2, 3, 4]) {
      await makeApiKey({ account, name: `Pace ${index}`, createdAt: endingIn(-300), expiresAt: endingIn(30) });
    }
    await recordExpiryJob.perform({}, NOON);
    await drainQueue(JOBS, NOON, { skip: ["notices.send"] });
    await Promise.all([sendNoticesJob.perform({}, NOON), sendNoticesJob.perform({}, NOON)]);
    const times = resend.requests.map(({ at }) => at);
    expect(times).toHaveLength(8);
    const crowded = times.filter((time, index) => (times[index + 2] ?? Infinity) - time < 900);
    expect(crowded).toEqual([]);
  });
});

describe("what people do to a key", () => {
  it("is mailed with who did it, and never with a token", async () => {
    const { account, owner, administrator } = await makeAccountWithPeople();
    const issuer = await permitFor("apiKeys.issue", { user: administrator, account });
    const made = await createApiKey(issuer, {
      name: "Door",
      apiVersion: "2025-05-05",
      expiry: { kind: "months", months: 12 },
      scopes: ["vehicles.read"],
      customers: null,
      allowedIps: [],
      submissionId: randomUUID(),
    });
    const again = await regenerateApiKey(issuer, { id: made.id, revision: 1, overlap: "none" });
    await revokeApiKey(await permitFor("apiKeys.manage", { user: administrator, account }), { id: made.id });
    await drainQueue(JOBS, await databaseNow());
    expect(subjectsTo(owner.email).sort()).toEqual([
      "API key “Door” has a new token",
      "API key “Door” was created",
      "API key “Door” was revoked",
    ]);
    const all = JSON.stringify(resend.accepted);
    expect([all.includes(made.token), all.includes(again.token)]).toEqual([false, false]);
    const created = resend.accepted.find(({ to, subject }) => to === owner.email && subject.endsWith("created"));
    expect(created?.text).toMatch(
      new RegExp(`${administrator.name} created it on \\d+ \\w{3} \\d{4}, \\d\\d:\\d\\d UTC, from 203.0.113.7.`),
    );
    expect(created?.text).toContain(`/${account.token}/api-keys/${made.id}`);
  });
});

describe("the sweep", () => {
  it("records an end once, by the hub itself, however many sweeps run", async () => {
    const { account } = await makeAccountWithPeople();
    const { key } = await makeApiKey({ account, name: "Gone", createdAt: endingIn(-300), expiresAt: after(-5) });
    await Promise.all([recordExpiryJob.perform({}, NOON), recordExpiryJob.perform({}, NOON)]);
    await recordExpiryJob.perform({}, after(60));
    const entries = await db().auditEntry.findMany({ where: { accountId: account.id, action: "apiKey.expired" } });
    expect(entries.map(({ actorName, recordId }) => [actorName, recordId])).toEqual([["Fleet Advisor Hub", key.id]]);
    const row = await db().apiKey.findUniqueOrThrow({ where: { id: key.id } });
    expect([row.revokedAt, row.revokedReason]).toEqual([key.expiresAt, "expired"]);
  });
});
