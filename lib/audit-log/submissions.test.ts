import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { createContactAction } from "@/lib/contacts/actions";
import { makeAccountWithPeople, makeSession, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { purgeSubmissionsJob } from "./jobs";

let people: AccountWithPeople;

beforeEach(async () => {
  people = await makeAccountWithPeople();
});

async function send(submissionId: string, firstName = "Dana", { account, member } = people) {
  const sessionToken = await makeSession(member);
  const identity = { sessionToken, requestedFrom: env().APP_URL, ip: null, requestId: null, submissionId };
  return createContactAction.invoke(identity, account.token, { first_name: firstName });
}

const contacts = () => bookkeepingDb().contact.count({ where: { accountId: people.account.id } });
const entries = () => bookkeepingDb().auditEntry.count({ where: { accountId: people.account.id } });

describe("a form that is sent more than once", () => {
  it("has one effect, also at the same instant, and says so", async () => {
    const form = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(form)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    const refused = { ok: false, error: { code: "conflict", message: expect.stringContaining("saved already") } };
    const others = answers.filter(({ ok }) => !ok);
    expect(others).toHaveLength(7);
    for (const answer of others) expect(answer).toMatchObject(refused);
    expect(await send(form)).toMatchObject(refused);
    expect([await contacts(), await entries()]).toEqual([1, 1]);
  });

  it("may be sent again where it was refused: nothing was saved", async () => {
    const form = randomUUID();
    expect(await send(form, "")).toMatchObject({ ok: false, error: { code: "invalid_input" } });
    expect(await send(form)).toMatchObject({ ok: true });
  });

  it("is another one in another account, and another form is another one", async () => {
    const form = randomUUID();
    await send(form);
    expect(await send(form, "Dana", await makeAccountWithPeople())).toMatchObject({ ok: true });
    expect(await send(randomUUID())).toMatchObject({ ok: true });
    expect(await contacts()).toBe(2);
  });

  it("is forgotten after a day, and not before", async () => {
    const [old, fresh] = [randomUUID(), randomUUID()];
    await send(old);
    await send(fresh);
    await bookkeepingDb().formSubmission.updateMany({
      where: { submissionId: old },
      data: { createdAt: new Date(Date.now() - 25 * 3_600_000) },
    });
    await purgeSubmissionsJob.perform({});
    const kept = await bookkeepingDb().formSubmission.findMany({ where: { accountId: people.account.id } });
    expect(kept.map(({ submissionId }) => submissionId)).toEqual([fresh]);
  });
});
