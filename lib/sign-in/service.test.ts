import { beforeEach, describe, expect, it } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { ownAuthContext, liveSession } from "@/lib/auth/session";
import { authorize } from "@/lib/auth/permit";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeMembership, makePerson, makeSession } from "@/prisma/factories/accounts-and-keys";
import { endAllSessionsAction, endOtherSessionsAction, endSessionAction } from "./actions";
import { listSessions, SESSIONS_SHOWN } from "./queries";
import { endSession } from "./service";

const identityOf = (sessionToken: string | null) => ({
  sessionToken,
  requestedFrom: "http://localhost:3000",
  ip: "203.0.113.7",
  requestId: "request-1",
});
const idOf = async (token: string) => (await liveSession(identityOf(token)))?.sessionId ?? 0;
const isLive = async (token: string) => (await liveSession(identityOf(token))) !== null;

let account: Account;
let user: User;
let here: string;
let there: string;

const permit = async (token = here) => authorize(await ownAuthContext(identityOf(token)), "sessions.own");
const entries = () => db().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } });

beforeEach(async () => {
  account = await makeAccount();
  user = await makePerson(account, "member");
  [here, there] = [await makeSession(user), await makeSession(user, { signedInMinutesAgo: 60, lastSeenMinutesAgo: 5 })];
});

describe("the list of one's sessions", () => {
  it("holds the live ones, this one first, in a person's words", async () => {
    await makeSession(user, { lastSeenMinutesAgo: 31 });
    await makeSession(user, { signedInMinutesAgo: 12 * 60 + 1 });
    await makeSession(await makePerson(account, "owner"));
    const data = {
      userAgent: "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
      ip: "203.0.113.9",
    };
    await bookkeepingDb().session.update({ where: { id: await idOf(there) }, data });
    const { rows, isCut } = await listSessions(await permit());
    expect(isCut).toBe(false);
    expect(rows.map(({ id, isThis, device, ip }) => [id, isThis, device, ip])).toEqual([
      [await idOf(here), true, "Unknown browser", null],
      [await idOf(there), false, "Chrome on Windows", "203.0.113.9"],
    ]);
    const seconds = (Date.parse(rows[0]?.signedInAt ?? "") - Date.parse(rows[1]?.signedInAt ?? "")) / 1000;
    expect(Math.abs(seconds - 3600)).toBeLessThan(30);
  });

  it("stops at a hundred and says so", async () => {
    const now = new Date();
    const many = Array.from({ length: SESSIONS_SHOWN }, (_, at) => ({
      userId: user.id,
      tokenHash: new Uint8Array(Buffer.from(`${user.id}-${at}`)),
      signedInAt: now,
      lastSeenAt: now,
      expiresAt: new Date(now.getTime() + 3_600_000),
    }));
    await bookkeepingDb().session.createMany({ data: many });
    const { rows, isCut } = await listSessions(await permit());
    expect([rows.length, isCut, rows[0]?.isThis]).toEqual([SESSIONS_SHOWN, true, true]);
  });
});

describe("signing out", () => {
  it("one of one's sessions: at once, and written down for every account", async () => {
    const second = await makeAccount();
    await makeMembership({ user, account: second, role: "owner" });
    const id = await idOf(there);
    expect(await endSessionAction.invoke(identityOf(here), { id })).toEqual({ ok: true, value: { ended: 1 } });
    expect([await isLive(here), await isLive(there)]).toEqual([true, false]);
    for (const accountId of [account.id, second.id]) {
      expect(await db().auditEntry.findMany({ where: { accountId } })).toMatchObject([
        {
          action: "session.ended",
          actorId: user.id,
          ip: "203.0.113.7",
          recordType: "session",
          recordId: id,
          recordName: "Unknown browser",
        },
      ]);
    }
  });

  it("another person's session is as unknown as one that never was", async () => {
    const other = await makeSession(await makePerson(account, "owner"));
    const foreign = await endSessionAction.invoke(identityOf(here), { id: await idOf(other) });
    expect(foreign).toMatchObject({ ok: false, error: { code: "not_found" } });
    expect(foreign).toEqual(await endSessionAction.invoke(identityOf(here), { id: 2_000_000_000 }));
    expect(await isLive(other)).toBe(true);
    expect(await entries()).toEqual([]);
  });

  it("everywhere else leaves this one alone", async () => {
    await makeSession(user, { lastSeenMinutesAgo: 31 });
    expect(await endOtherSessionsAction.invoke(identityOf(here), {})).toEqual({ ok: true, value: { ended: 1 } });
    expect([await isLive(here), await isLive(there)]).toEqual([true, false]);
    expect(await entries()).toHaveLength(1);
  });

  it("everywhere ends this one too, and nobody else's", async () => {
    const other = await makeSession(await makePerson(account, "owner"));
    expect(await endAllSessionsAction.invoke(identityOf(here), {})).toEqual({ ok: true, value: { ended: 2 } });
    expect([await isLive(here), await isLive(there), await isLive(other)]).toEqual([false, false, true]);
    expect(await endAllSessionsAction.invoke(identityOf(here), {})).toMatchObject({
      ok: false,
      error: { code: "not_signed_in" },
    });
  });

  it("of the same session by ten at the same instant is one sign-out", async () => {
    const [id, own] = [await idOf(there), await permit()];
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => endSession(own, { id })));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await entries()).toHaveLength(1);
  });

  it("takes no field that it does not know, and nobody who is not signed in", async () => {
    expect(await endAllSessionsAction.invoke(identityOf(here), { userId: 1 })).toMatchObject({
      ok: false,
      error: { code: "invalid_input" },
    });
    expect(await endAllSessionsAction.invoke({ ...identityOf(here), requestedFrom: null }, {})).toMatchObject({
      ok: false,
      error: { code: "untrusted_origin" },
    });
    expect(await endAllSessionsAction.invoke(identityOf(null), {})).toMatchObject({
      ok: false,
      error: { code: "not_signed_in" },
    });
  });
});
