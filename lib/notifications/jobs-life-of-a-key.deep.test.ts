import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { drainQueue } from "@/testing/drain-queue";
import { startLoopbackResend, type Mood } from "@/testing/loopback-resend";

const resend = await startLoopbackResend();
Object.assign(process.env, { RESEND_API_KEY: "re_test", RESEND_BASE_URL: resend.url });
const { JOBS } = await import("@/server/worker");
const { recordExpiryJob } = await import("@/lib/api-keys/jobs");
const { sendNoticesJob } = await import("./jobs");
const { addMonths, endOfTerm } = await import("@/lib/api-keys/policy");
const { databaseNow, db } = await import("@/lib/platform/database/db");
const { endPools } = await import("@/lib/platform/database/pool");
const { bookkeepingDb } = await import("@/lib/platform/database/write-db");
const { makeAccount, makeApiKey, makePerson } = await import("@/prisma/factories/accounts-and-keys");

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ALL = ["90", "60", "30", "14", "7", "3", "1", "expired"];

beforeEach(async () => {
  // The life before this one ended in its own future.
  await bookkeepingDb().$executeRaw`UPDATE mail_pace SET notices_after = NULL`;
  resend.mood = "well";
  resend.now = null;
  resend.accepted.length = 0;
  resend.requests.length = 0;
});

afterAll(async () => {
  resend.close();
  await endPools();
});

/** What may be wrong on a day, counted backwards from the first end of the key (0 = the day on which it ends). */
interface Life {
  readonly name: string;
  readonly term: { readonly months: number } | { readonly days: number };
  /** First and last day of a time in which nothing ran at all. */
  readonly down?: readonly [number, number];
  /** Events are recorded, but no mail is sent. */
  readonly mailerSkipped?: readonly number[];
  /** Two sweeps at once, every job twice at once. */
  readonly twice?: boolean;
  /** The process dies after the provider took the mail, before that was noted. */
  readonly killed?: boolean;
  readonly provider?: { readonly days: readonly [number, number]; readonly mood: Mood };
  readonly renewedOn?: number;
  readonly revokedOn?: number;
  /** "30" = a mail that says 30 days; after a renewal the days count to the new end. */
  readonly notices: readonly string[];
}

const LIVES: readonly Life[] = [
  { name: "a year", term: { months: 12 }, notices: ALL },
  { name: "six months", term: { months: 6 }, notices: ALL },
  { name: "three months: 90 days before its end it has just begun", term: { months: 3 }, notices: ALL.slice(1) },
  { name: "a date 61 days away", term: { days: 61 }, notices: ALL.slice(1) },
  { name: "a date 60 days away", term: { days: 60 }, notices: ALL.slice(2) },
  { name: "a date 8 days away", term: { days: 8 }, notices: ["7", "3", "1", "expired"] },
  { name: "tomorrow", term: { days: 1 }, notices: ["expired"] },
  { name: "everything twice, two sweeps at once", term: { months: 12 }, twice: true, notices: ALL },
  { name: "killed after every mail, before it was noted", term: { months: 12 }, killed: true, notices: ALL },
  { name: "killed, and twice", term: { months: 6 }, killed: true, twice: true, notices: ALL },
  {
    name: "down over two thresholds: only the most urgent",
    term: { months: 12 },
    down: [65, 29],
    notices: ["90", "28", "14", "7", "3", "1", "expired"],
  },
  { name: "down over everything", term: { months: 12 }, down: [95, -1], notices: ["expired"] },
  { name: "down over the end", term: { days: 20 }, down: [5, -3], notices: ["14", "7", "expired"] },
  {
    name: "the mailer skipped for some days",
    term: { months: 12 },
    mailerSkipped: [90, 89, 14, 3],
    notices: ["88", "60", "30", "13", "7", "2", "1", "expired"],
  },
  {
    name: "the mailer skipped over two thresholds",
    term: { months: 12 },
    mailerSkipped: [7, 6, 5, 4, 3, 2],
    notices: ["90", "60", "30", "14", "1", "expired"],
  },
  {
    name: "the provider dead for a day",
    term: { months: 12 },
    provider: { days: [30, 30], mood: "broken" },
    notices: ["90", "60", "29", "14", "7", "3", "1", "expired"],
  },
  {
    name: "the provider unreachable for a day",
    term: { months: 12 },
    provider: { days: [30, 30], mood: "dies" },
    notices: ["90", "60", "29", "14", "7", "3", "1", "expired"],
  },
  {
    name: "the provider takes mails and says nothing",
    term: { months: 12 },
    provider: { days: [95, -1], mood: "takesAndDies" },
    notices: ALL,
  },
  {
    name: "the provider behind a gateway that answers for it",
    term: { months: 12 },
    provider: { days: [60, 29], mood: { takes: true, status: 504, body: "<html>Gateway timeout</html>" } },
    notices: ALL,
  },
  {
    name: "the provider behind a gateway that lets nothing through",
    term: { months: 12 },
    provider: { days: [30, 29], mood: { takes: false, status: 502, body: "<html>Bad gateway</html>" } },
    notices: ["90", "60", "14", "7", "3", "1", "expired"],
  },
  { name: "renewed 20 days before its end", term: { days: 95 }, renewedOn: 20, notices: ["90", "60", "30", ...ALL] },
  {
    name: "renewed while a notice waited",
    term: { days: 40 },
    mailerSkipped: [30, 29],
    renewedOn: 29,
    notices: ["30", "14", "7", "3", "1", "expired"],
  },
  { name: "revoked 20 days before its end", term: { months: 12 }, revokedOn: 20, notices: ["90", "60", "30"] },
  {
    name: "revoked while a notice waited",
    term: { months: 12 },
    mailerSkipped: [14],
    revokedOn: 13,
    notices: ["90", "60", "30"],
  },
];

const isWithin = (day: number, span: readonly [number, number] | undefined) =>
  span !== undefined && day <= span[0] && day >= span[1];

/** What a subject says: the days to go, or that it has expired. */
function says(subject: string): string {
  return / in (\d+) days?$/.exec(subject)?.[1] ?? (/has expired$/.test(subject) ? "expired" : subject);
}

/** Days on which something may happen, and the day after: the others are skipped to save time. */
function isOfInterest(life: Life, day: number, isRenewed: boolean): boolean {
  const marks = [
    ...ALL.map(Number).filter(Boolean),
    0,
    ...(life.mailerSkipped ?? []),
    life.renewedOn,
    life.revokedOn,
    life.down?.[1],
  ];
  return isRenewed || marks.some((mark) => mark !== undefined && (day === mark || day === mark - 1));
}

async function tick(life: Life, day: number, now: Date, userId: number): Promise<void> {
  // A day has passed since the last mail; here it was a moment.
  await bookkeepingDb().$executeRaw`UPDATE mail_pace SET next_at = clock_timestamp() - interval '1 hour'`;
  const isSkipped = life.mailerSkipped?.includes(day) ?? false;
  resend.now = now;
  resend.mood = life.provider && isWithin(day, life.provider.days) ? life.provider.mood : "well";
  const sweeps = life.twice ? [1, 2] : [1];
  await Promise.all(sweeps.map(() => recordExpiryJob.perform({}, now)));
  await drainQueue(JOBS, now, { skip: isSkipped ? ["notices.send"] : [], twice: life.twice ?? false });
  if (life.killed)
    await bookkeepingDb()
      .$executeRaw`UPDATE notice_mails SET sent_at = NULL, provider_id = NULL WHERE sent_at >= ${now}::timestamptz AND user_id = ${userId}`;
  if (!isSkipped) await sendNoticesJob.perform({}, new Date(now.getTime() + HOUR_MS));
}

async function live(life: Life): Promise<{ notices: string[]; keyId: number }> {
  const born = await databaseNow();
  const account = await makeAccount();
  const owner = await makePerson(account, "owner");
  await makePerson(account, "member");
  const term = "months" in life.term ? { termMonths: life.term.months } : { termDays: life.term.days };
  const { key } = await makeApiKey({ account, createdBy: owner, createdAt: born, name: life.name, ...term });
  let end = key.expiresAt;
  let day = Math.min(Math.ceil((end.getTime() - born.getTime()) / DAY_MS), 97);
  const firstEnd = end.getTime();
  for (; firstEnd - day * DAY_MS <= end.getTime() + 4 * DAY_MS; day -= 1) {
    const now = new Date(firstEnd - day * DAY_MS + HOUR_MS);
    if (isWithin(day, life.down) || !isOfInterest(life, day, end.getTime() !== firstEnd)) continue;
    if (day === life.renewedOn) {
      end = endOfTerm(life.term, now);
      await bookkeepingDb().apiKey.update({ where: { id: key.id }, data: { expiresAt: end } });
    }
    if (day === life.revokedOn) {
      await bookkeepingDb().apiKey.update({
        where: { id: key.id },
        data: { revokedAt: now, revokedReason: "by_hand" },
      });
    }
    await tick(life, day, now, owner.id);
  }
  // Whatever was wrong has ended: nothing may be left behind, and nothing come again.
  resend.mood = "well";
  resend.now = new Date(end.getTime() + 5 * DAY_MS);
  await sendNoticesJob.perform({}, new Date(end.getTime() + 5 * DAY_MS));
  await sendNoticesJob.perform({}, new Date(end.getTime() + 5 * DAY_MS + HOUR_MS));
  const strangers = resend.accepted.filter(({ to }) => to !== owner.email);
  expect(strangers).toEqual([]);
  return { notices: resend.accepted.map(({ subject }) => says(subject)), keyId: key.id };
}

describe("the life of a key", () => {
  it.each(LIVES)("$name", { timeout: 120_000 }, async (life) => {
    const { notices, keyId } = await live(life);
    expect(notices).toEqual(life.notices);
    // One event for each stage that was reached, whoever was told of it, and no mail left behind.
    const stages = await db().expiryStage.count({ where: { apiKeyId: keyId } });
    const action = { in: ["apiKey.expiring", "apiKey.expired"] };
    expect(await db().auditEntry.count({ where: { recordType: "apiKey", recordId: keyId, action } })).toBe(stages);
    expect(
      await db().noticeMail.count({ where: { sentAt: null, droppedAt: null, notices: { some: { apiKeyId: keyId } } } }),
    ).toBe(0);
  });

  it("a year later is counted by the calendar", () => {
    expect(addMonths(new Date("2028-02-29T10:00:00Z"), 12).toISOString()).toBe("2029-02-28T10:00:00.000Z");
  });
});
