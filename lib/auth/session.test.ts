import { beforeEach, describe, expect, it } from "vitest";

import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makePartnerWithPeople, makeSession, type PartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import { authContextIn, type RequestIdentity } from "./session";

let partner: PartnerWithPeople;

beforeEach(async () => {
  partner = await makePartnerWithPeople();
});

async function lookAt(choice: Partial<RequestIdentity> = {}) {
  const { account, owner } = partner;
  const sessionToken = await makeSession(owner, { lastSeenMinutesAgo: 5 });
  const identity: RequestIdentity = {
    sessionToken,
    requestedFrom: env().APP_URL,
    ip: null,
    requestId: null,
    ...choice,
  };
  const { actor } = await authContextIn(account.token, identity);
  const [person, session] = await Promise.all([
    bookkeepingDb().user.findUniqueOrThrow({ where: { id: owner.id } }),
    bookkeepingDb().session.findFirstOrThrow({ where: { userId: owner.id }, orderBy: { id: "desc" } }),
  ]);
  return {
    role: actor.kind === "user" ? actor.role : null,
    lastAccountId: person.lastAccountId,
    idleMinutes: Math.floor(Math.max(0, session.signedInAt.getTime() - session.lastSeenAt.getTime()) / 60_000),
  };
}

describe("a page that is opened", () => {
  it("is a visit: the space is the last one used, and the session is no longer idle", async () => {
    const { role, lastAccountId, idleMinutes } = await lookAt();
    expect([role, lastAccountId, idleMinutes]).toEqual(["owner", partner.account.id, 0]);
  });

  it("and is only looked ahead at, is none", async () => {
    const { role, lastAccountId, idleMinutes } = await lookAt({ isPrefetch: true });
    expect([role, lastAccountId, idleMinutes]).toEqual(["owner", null, 5]);
  });
});
