import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { absentAuthContext } from "@/lib/auth/absent-user";
import { findCredential } from "@/lib/auth/credentials";
import type { Permission } from "@/lib/auth/permissions";
import { authorize, type Permit } from "@/lib/auth/permit";
import { lockRights } from "@/lib/auth/recheck-rights";
import { ownAuthContext, authContextIn } from "@/lib/auth/session";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { bookkeepingDb, type Tx } from "@/lib/platform/database/write-db";
import {
  makeAccount,
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  makeSession,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { raceRightsChange } from "@/testing/race-rights-change";
import { mutate, mutateTogether } from "./mutate";

let partner: PartnerWithPeople;

beforeEach(async () => {
  partner = await makePartnerWithPeople();
});

const LATE = { name: "apiKey.edited", record: { type: "apiKey", id: 1, name: "Late" } } as const;

/** Does something under a permit that was given before; the answer says what came of it. */
async function act(permit: Permit<Permission>, change: typeof mutate | typeof mutateTogether = mutate) {
  const accountId = permit.account?.id ?? partner.account.id;
  const written = async () => db().auditEntry.count({ where: { accountId } });
  const before = await written();
  const code = await change(permit, (tx: Tx) =>
    tx.$queryRaw`SELECT 1`.then(() => ({ result: null, events: [{ ...LATE, accountId }] })),
  ).then(
    () => "done",
    (error: unknown) => (error as { code?: string }).code,
  );
  const isWritten = (await written()) > before;
  expect(isWritten, "what is refused leaves nothing").toBe(code === "done" && change === mutate);
  return code;
}

const whereHe = (user: { id: number }) => ({ userId: user.id, accountId: partner.account.id });
const take = {
  membership: (user: { id: number }) => bookkeepingDb().membership.deleteMany({ where: whereHe(user) }),
  role: (user: { id: number }, role: "owner" | "administrator" | "member") =>
    bookkeepingDb().membership.updateMany({ where: whereHe(user), data: { role } }),
  reach: async (user: { id: number }, customers: readonly { id: number }[]) => {
    const { id } = await bookkeepingDb().membership.update({
      where: { userId_accountId: whereHe(user) },
      data: { limited: true },
    });
    await bookkeepingDb().membershipCustomer.deleteMany({ where: { membershipId: id } });
    const data = customers.map((customer) => ({ membershipId: id, accountId: customer.id }));
    await bookkeepingDb().membershipCustomer.createMany({ data });
  },
};

describe("a person whose right was taken away after he was let in", () => {
  const permitted = (permission: "apiKeys.issue" | "apiKeys.read" | "auditLog.read", user = partner.administrator) =>
    permitFor(permission, { user, account: partner.account });

  it.each([mutate, mutateTogether])("does nothing any more: removed, demoted, limited (%o)", async (change) => {
    const permits = [
      await permitted("apiKeys.issue"),
      await permitted("auditLog.read"),
      await permitted("apiKeys.read"),
    ] as const;
    await take.reach(partner.administrator, [partner.customers[0]]);
    expect(await Promise.all(permits.map((permit) => act(permit, change)))).toEqual([
      "conflict",
      "forbidden",
      "conflict",
    ]);
    await take.role(partner.administrator, "member");
    expect(await act(permits[0], change)).toBe("forbidden");
    await take.membership(partner.administrator);
    expect(await act(permits[2], change)).toBe("not_found");
  });

  it("is told to look again where he may still, but less than he thought", async () => {
    const [owner, limited] = [
      await permitted("apiKeys.issue", partner.owner),
      await permitted("apiKeys.issue", partner.limited),
    ];
    await take.role(partner.owner, "administrator");
    expect(await act(owner)).toBe("conflict");
    await take.reach(partner.limited, [partner.customers[1]]);
    expect(await act(limited)).toBe("conflict");
  });

  it("is let through where he was given more", async () => {
    const [administrator, limited] = [
      await permitted("apiKeys.issue"),
      await permitted("apiKeys.issue", partner.limited),
    ];
    await take.role(partner.administrator, "owner");
    await take.reach(partner.limited, partner.customers);
    expect([await act(administrator), await act(limited)]).toEqual(["done", "done"]);
  });

  it("is signed out, or signed in too long ago, by now", async () => {
    const permit = await permitted("apiKeys.issue");
    const sessions = { where: { userId: partner.administrator.id } };
    const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    await bookkeepingDb().session.updateMany({ ...sessions, data: { signedInAt: ago(16) } });
    expect(await act(permit)).toBe("fresh_sign_in_required");
    await bookkeepingDb().session.updateMany({ ...sessions, data: { lastSeenAt: ago(31) } });
    expect(await act(permit)).toBe("not_signed_in");
    await bookkeepingDb().session.deleteMany(sessions);
    expect(await act(await permitted("apiKeys.read", partner.owner))).toBe("done");
    expect(await act(permit)).toBe("not_signed_in");
  });

  it("has a job working for him: it needs no session, but his membership", async () => {
    const { id: userId } = partner.administrator;
    const origin = { ip: null, requestId: null };
    const authContext = await absentAuthContext({ userId, accountId: partner.account.id, origin });
    const permit = authorize(authContext, "apiKeys.read");
    expect(await act(permit)).toBe("done");
    await take.membership(partner.administrator);
    expect(await act(permit)).toBe("not_found");
  });

  it("ends no session of his with one that has ended", async () => {
    const identity = { requestedFrom: env().APP_URL, ip: null, requestId: null };
    const sessionToken = await makeSession(partner.owner);
    const permit = authorize(await ownAuthContext({ ...identity, sessionToken }), "sessions.own");
    expect(await act(permit)).toBe("done");
    await bookkeepingDb().session.deleteMany({ where: { userId: partner.owner.id } });
    expect(await act(permit)).toBe("not_signed_in");
  });
});

describe("an API key that was let in", () => {
  async function permitOf(token: string, account: { token: string }) {
    const found = await findCredential(token, account.token);
    if (!found) throw new Error("the key was made a moment ago");
    const origin = { ip: "203.0.113.7", requestId: randomUUID() };
    return authorize({ actor: found.key, account: found.key.namedAccount, origin }, "vehicles.delete");
  }
  const scopes = ["vehicles.write"];
  const keys = { ofCustomer: "", ofPartner: "" };
  let space: Awaited<ReturnType<typeof makeAccountWithPeople>>;
  let permits: { ofCustomer: Permit<"vehicles.delete">; ofPartner: Permit<"vehicles.delete"> };

  beforeEach(async () => {
    const [customer] = partner.customers;
    space = await makeAccountWithPeople({ plan: "professional" });
    keys.ofCustomer = (await makeApiKey({ account: space.account, createdBy: space.administrator, scopes })).token;
    keys.ofPartner = (await makeApiKey({ account: partner.account, createdBy: partner.owner, scopes })).token;
    permits = {
      ofCustomer: await permitOf(keys.ofCustomer, space.account),
      ofPartner: await permitOf(keys.ofPartner, customer),
    };
  });
  const actBoth = async () => [await act(permits.ofCustomer), await act(permits.ofPartner)];
  const accounts = () => ({ id: { in: [space.account.id, partner.customers[0].id] } });
  const ofBoth = () => ({ accountId: { in: [space.account.id, partner.account.id] } });

  it("acts, whatever became of the person who made it for a partner", async () => {
    await take.membership(partner.owner);
    expect(await actBoth()).toEqual(["done", "done"]);
  });

  it.each([
    ["revoked", "key_revoked", { revokedAt: new Date(), revokedReason: "by_hand" as const }],
    ["expired", "key_expired", { expiresAt: new Date(Date.now() - 1000) }],
    ["without its scope", "insufficient_scope", { scopes: ["vehicles.read"] }],
  ])("and is %s by now does nothing", async (_, code, data) => {
    await bookkeepingDb().apiKey.updateMany({ where: ofBoth(), data });
    expect(await actBoth()).toEqual([code, code]);
  });

  it("and was regenerated does nothing by its old token", async () => {
    await bookkeepingDb().apiKeyToken.updateMany({
      where: { apiKey: ofBoth() },
      data: { retiresAt: new Date(Date.now() - 1000) },
    });
    expect(await actBoth()).toEqual(["key_superseded", "key_superseded"]);
  });

  it("does no more than the person for whom it acts may by now", async () => {
    const where = { userId: space.administrator.id };
    await bookkeepingDb().membership.updateMany({ where, data: { role: "member" } });
    expect(await actBoth()).toEqual(["insufficient_scope", "done"]);
    await bookkeepingDb().membership.deleteMany({ where });
    expect(await actBoth()).toEqual(["key_revoked", "done"]);
  });

  it.each([
    ["has no API in its plan", "plan_required", { plan: "starter" as const }],
    ["is canceled", "account_inactive", { status: "canceled" as const }],
  ])("does nothing in an account that %s by now", async (_, code, data) => {
    await bookkeepingDb().account.updateMany({ where: accounts(), data });
    expect(await actBoth()).toEqual([code, code]);
  });

  it("does nothing in a customer that is another partner's by now", async () => {
    const other = await makeAccount({ kind: "partner", plan: "premium" });
    await bookkeepingDb().account.updateMany({ where: accounts(), data: { partnerId: other.id } });
    expect(await actBoth()).toEqual(["done", "account_not_accessible"]);
  });
});

describe("the lock on the actor's account", () => {
  it("is waited for before any row is locked, and what was taken away meanwhile counts", async () => {
    const identity = { requestedFrom: env().APP_URL, ip: null, requestId: null, submissionId: randomUUID() };
    const sessionToken = await makeSession(partner.administrator);
    const permit = authorize(
      await authContextIn(partner.account.token, { ...identity, sessionToken }),
      "apiKeys.manage",
    );
    const late = await raceRightsChange(
      partner.account,
      () => act(permit),
      async (tx, { pid, mode }) => {
        expect(mode).toBe("ShareLock");
        const held = await tx.$queryRaw<unknown[]>`
          SELECT locktype FROM pg_locks WHERE pid = ${pid} AND granted AND locktype <> 'virtualxid'`;
        expect(held).toEqual([]);
        await tx.membership.updateMany({ where: whereHe(partner.administrator), data: { role: "member" } });
      },
    );
    expect(late).toBe("forbidden");
  });

  it("is taken alone by who changes people, and shared by all others", async () => {
    const { account } = partner;
    const [reader, remover] = [
      await permitFor("apiKeys.manage", { user: partner.owner, account }),
      await permitFor("members.manage", { user: partner.owner, account }),
    ];
    const removal = raceRightsChange(
      account,
      () => act(remover),
      async (_tx, { mode }) => {
        expect(mode).toBe("ExclusiveLock");
      },
      "shared",
    );
    expect(await removal).toBe("done");
    const beside = bookkeepingDb().$transaction(async (tx) => {
      await lockRights(tx, account.id, "actor");
      return act(reader);
    });
    expect(await beside).toBe("done");
  });
});
