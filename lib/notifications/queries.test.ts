import { beforeEach, describe, expect, it } from "vitest";

import type { NoticeStage } from "@/generated/prisma/client";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import {
  makeAccountWithPeople,
  makeApiKey,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { listNotices, stuckMail } from "./queries";

let people: AccountWithPeople;
let apiKeyId: number;
let expiresAt: Date;

beforeEach(async () => {
  people = await makeAccountWithPeople();
  const { key } = await makeApiKey({ account: people.account });
  [apiKeyId, expiresAt] = [key.id, key.expiresAt];
});

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

interface Waiting {
  readonly stage: NoticeStage;
  readonly minutes: number;
  readonly user?: AccountWithPeople["owner"];
  /** What became of its mail; null: it is in none yet. */
  readonly mail?: { sentAt?: Date; droppedAt?: Date; openSince?: Date; failure?: string } | null;
  readonly supersededAt?: Date;
}

async function makeNotice({ stage, minutes, user = people.owner, mail = {}, supersededAt }: Waiting): Promise<void> {
  const createdAt = minutesAgo(minutes);
  const facts = { userId: user.id, mailKey: `${apiKeyId}/${stage}/${user.id}`, email: user.email, priority: 1 };
  const made =
    mail && (await bookkeepingDb().noticeMail.create({ data: { ...facts, ...mail, createdAt, notBefore: createdAt } }));
  await bookkeepingDb().notice.create({
    data: {
      accountId: people.account.id,
      apiKeyId,
      userId: user.id,
      stage,
      expiresAt,
      createdAt,
      mailId: made?.id ?? null,
      supersededAt: supersededAt ?? null,
    },
  });
}

const stuck = async () => stuckMail(await permitFor("auditLog.read", { user: people.owner, account: people.account }));

describe("mail that is stuck", () => {
  it("is nothing that was sent, refused for good or overtaken, nor what waits its turn, nor another account's", async () => {
    const now = new Date();
    await makeNotice({ stage: "days_30", minutes: 300, mail: { sentAt: now } });
    await makeNotice({ stage: "days_14", minutes: 300, mail: { droppedAt: now, failure: "validation_error" } });
    await makeNotice({ stage: "days_7", minutes: 300, supersededAt: now });
    await makeNotice({ stage: "days_3", minutes: 30 });
    expect(await stuck()).toBeNull();
    await makeNotice({ stage: "days_1", minutes: 300 });
    expect(await stuck()).toMatchObject({ notices: 1 });
    const other = await makeAccountWithPeople();
    expect(await stuckMail(await permitFor("auditLog.read", { user: other.owner, account: other.account }))).toBeNull();
  });

  it("is told with how much it is, to how many, since when, and what the provider said last", async () => {
    await makeNotice({ stage: "days_7", minutes: 9 * 24 * 60, mail: { failure: "application_error" } });
    await makeNotice({ stage: "expired", minutes: 200, mail: { failure: "daily_quota_exceeded" } });
    await makeNotice({ stage: "expired", minutes: 100, user: people.administrator, mail: null });
    const found = await stuck();
    expect(found).toMatchObject({ notices: 3, people: 2, lastAnswer: "daily_quota_exceeded" });
    const waited = Date.now() - Date.parse(found?.since ?? "");
    expect(Math.round(waited / 86_400_000)).toBe(9);
  });
});

it("a notice of which nobody knows whether it was taken is not said to be unsent", async () => {
  await makeNotice({ stage: "days_7", minutes: 9, mail: { failure: "rate_limit_exceeded" } });
  await makeNotice({ stage: "days_3", minutes: 5, mail: { failure: "application_error", openSince: minutesAgo(5) } });
  const permit = await permitFor("auditLog.read", { user: people.owner, account: people.account });
  expect((await listNotices(permit, { apiKeyId })).map(({ fate }) => fate)).toEqual(["unconfirmed", "waiting"]);
});
