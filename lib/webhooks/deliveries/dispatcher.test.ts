import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { parseHostException } from "@/lib/platform/outside/address-guard";
import { drainQueue } from "@/testing/drain-queue";
import { startLoopbackResend } from "@/testing/loopback-resend";
import { useOwnDatabase } from "@/testing/own-database";

// Its sender takes every delivery: a database of its own.
const dropDatabase = await useOwnDatabase("deliveries");
const resend = await startLoopbackResend();
Object.assign(process.env, { RESEND_API_KEY: "re_test", RESEND_BASE_URL: resend.url });
const { JOBS } = await import("@/server/worker");
const { authorize } = await import("@/lib/auth/permit");
const { Slots } = await import("@/lib/jobs/slots");
const { databaseNow, db } = await import("@/lib/platform/database/db");
const { endPools } = await import("@/lib/platform/database/pool");
const { createSafeFetch } = await import("@/lib/platform/outside/safe-fetch");
const { bookkeepingDb } = await import("@/lib/platform/database/write-db");
const { makeAccount, makeAccountWithPeople } = await import("@/prisma/factories/accounts-and-keys");
const { makeWebhook, makeWebhookEvent } = await import("@/prisma/factories/webhooks");
const { mintWebhookSecret } = await import("../secrets");
const { claimDeliveries, handBack } = await import("./claim-deliveries");
const { Dispatcher } = await import("./dispatcher");
const { recordOutcome } = await import("./record-outcome");

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const POLL = { timeout: 15_000 };
const permit = authorize(
  { actor: { kind: "system", name: "Fleet Advisor Hub" }, account: null, origin: { ip: null, requestId: null } },
  "webhooks.deliver",
);
const servers: ReturnType<typeof createServer>[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await bookkeepingDb()
    .$executeRaw`UPDATE webhook_events SET status = 'canceled', next_attempt_at = NULL WHERE status = 'pending'`;
});
afterAll(async () => {
  resend.close();
  await endPools();
  await dropDatabase();
});

interface Taken {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A receiver on this machine; `taken` is all that came. */
async function receive(answer: RequestListener): Promise<{ url: string; taken: Taken[] }> {
  const taken: Taken[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      taken.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString("utf8") });
      answer(request, response);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, taken };
}

const ok: RequestListener = (_request, response) => void response.writeHead(200).end("taken");
const answering =
  (status: number, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, headers).end("no");

/** All that is due at `now`, until nothing is under way. */
async function deliver(now: Date, timeoutMs = 15_000): Promise<void> {
  const fetch = createSafeFetch({ exceptions: [parseHostException("127.0.0.1")], timeoutMs });
  const dispatcher = new Dispatcher({ fetch, random: () => 0.5 });
  await dispatcher.wake(permit, () => Promise.resolve(now));
  await dispatcher.settle();
  await dispatcher.stop();
}

async function waiting(url: string, now: Date, account?: Pick<Account, "id">) {
  const { webhook, secret } = await makeWebhook({ account: account ?? (await makeAccount()), url });
  const delivery = await makeWebhookEvent({ webhook, nextAttemptAt: now });
  return { webhook, secret, delivery };
}

const stateOf = (delivery: { id: number }) =>
  db().webhookEvent.findUniqueOrThrow({ where: { id: delivery.id }, include: { log: { orderBy: { id: "asc" } } } });
const webhookOf = (webhook: { id: number }) => db().webhook.findUniqueOrThrow({ where: { id: webhook.id } });
const msLater = (at: Date | null, now: Date) => (at?.getTime() ?? Number.NaN) - now.getTime();

/** Within the time that the attempt itself took. */
function expectAbout(ms: number, wanted: number): void {
  expect(ms).toBeGreaterThanOrEqual(wanted);
  expect(ms).toBeLessThan(wanted + 20 * SECOND);
}

describe("a delivery", () => {
  it("is signed, verified by the public library, taken once, and recorded without its secrets", async () => {
    const now = await databaseNow();
    const { url, taken } = await receive(ok);
    const previousSecret = mintWebhookSecret();
    const account = await makeAccount();
    const { webhook, secret } = await makeWebhook({
      account,
      url,
      previousSecret,
      authorization: "Bearer of-the-receiver",
    });
    const deliveries = [];
    for (let n = 0; n < 25; n += 1) deliveries.push(await makeWebhookEvent({ webhook, nextAttemptAt: now }));
    await deliver(now);
    expect(taken).toHaveLength(25);
    for (const { headers, body } of taken) {
      for (const held of [secret, previousSecret]) {
        expect(() => new StandardWebhook(held).verify(body, headers)).not.toThrow();
      }
      expect(headers).toMatchObject({ "content-type": "application/json", authorization: "Bearer of-the-receiver" });
    }
    expect(new Set(taken.map(({ headers }) => headers["webhook-id"]))).toEqual(
      new Set(deliveries.map(({ messageId }) => messageId)),
    );
    const [first] = deliveries;
    const state = await stateOf(first!);
    expect(state).toMatchObject({ status: "delivered", attempts: 1, nextAttemptAt: null, leasedUntil: null });
    expect(state.log).toMatchObject([{ responseStatus: 200, responseBody: "taken", error: null }]);
    const written = JSON.stringify(state);
    for (const hidden of ["of-the-receiver", secret, previousSecret, "v1,", "signature"])
      expect(written).not.toContain(hidden);
  });

  it("goes by the old secret no more once its day is over", async () => {
    const now = await databaseNow();
    const { url, taken } = await receive(ok);
    const previousSecret = mintWebhookSecret();
    const previousSecretEndsAt = new Date(now.getTime() - 1);
    const { webhook, secret } = await makeWebhook({
      account: await makeAccount(),
      url,
      previousSecret,
      previousSecretEndsAt,
    });
    await makeWebhookEvent({ webhook, nextAttemptAt: now });
    await deliver(now);
    const [{ headers, body }] = taken as [Taken];
    expect(() => new StandardWebhook(secret).verify(body, headers)).not.toThrow();
    expect(() => new StandardWebhook(previousSecret).verify(body, headers)).toThrow(/No matching/);
  });

  it("is sent again by the schedule while its receiver is down, with the same id, and then given up", async () => {
    let now = await databaseNow();
    const { url, taken } = await receive(answering(500));
    const { webhook, delivery } = await waiting(url, now);
    const waits: number[] = [];
    for (let attempt = 1; attempt <= 10; attempt += 1) {
      await deliver(now);
      const { status, nextAttemptAt, attempts } = await stateOf(delivery);
      expect(attempts).toBe(attempt);
      if (status !== "pending") break;
      waits.push(Math.floor(msLater(nextAttemptAt, now) / SECOND));
      // Before it is due nothing goes.
      await deliver(new Date(nextAttemptAt!.getTime() - 1));
      expect(taken).toHaveLength(attempt);
      now = nextAttemptAt!;
    }
    const planned = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400];
    expect(waits).toHaveLength(planned.length);
    waits.forEach((wait, index) => expectAbout(wait * SECOND, planned[index]! * SECOND));
    expect(taken).toHaveLength(10);
    expect(new Set(taken.map(({ headers }) => headers["webhook-id"]))).toEqual(new Set([delivery.messageId]));
    expect(await stateOf(delivery)).toMatchObject({ status: "failed", nextAttemptAt: null });
    expect(await webhookOf(webhook)).toMatchObject({ enabled: true, failedAttempts: 10 });
  });

  it("succeeds when its receiver is up again, and the count starts over", async () => {
    const now = await databaseNow();
    let isUp = false;
    const { url } = await receive((request, response) => (isUp ? ok : answering(503))(request, response));
    const { webhook, delivery } = await waiting(url, now);
    await deliver(now);
    const failing = await webhookOf(webhook);
    expect([failing.failedAttempts, failing.failingSince]).toEqual([1, expect.any(Date)]);
    isUp = true;
    await deliver(new Date(now.getTime() + MINUTE));
    expect(await stateOf(delivery)).toMatchObject({ status: "delivered", attempts: 2 });
    expect(await webhookOf(webhook)).toMatchObject({ failedAttempts: 0, failingSince: null });
  });
});

describe("an answer", () => {
  it.each([
    [200, "delivered"],
    [204, "delivered"],
    [299, "delivered"],
    [300, "pending"],
    [302, "pending"],
    [307, "pending"],
    [400, "pending"],
    [401, "pending"],
    [404, "pending"],
    [500, "pending"],
  ])("%i: %s", async (code, status) => {
    const now = await databaseNow();
    const elsewhere = await receive(ok);
    const { url } = await receive((_request, response) => {
      response.writeHead(code, code >= 300 && code < 400 ? { location: elsewhere.url } : {}).end();
    });
    const { delivery } = await waiting(url, now);
    await deliver(now);
    const state = await stateOf(delivery);
    expect(state.status).toBe(status);
    expect(state.log).toMatchObject([{ responseStatus: code }]);
    expect(elsewhere.taken).toEqual([]);
  });

  it.each([
    ["600", 600 * SECOND],
    ["1", 5 * SECOND],
    ["999999999", 24 * HOUR],
    ["soon", 5 * SECOND],
    ["-5", 5 * SECOND],
  ])("429 with Retry-After %s waits %i ms", async (retryAfter, wanted) => {
    const now = await databaseNow();
    const { url } = await receive(answering(429, { "retry-after": retryAfter }));
    const { delivery } = await waiting(url, now);
    await deliver(now);
    const { status, nextAttemptAt } = await stateOf(delivery);
    expect(status).toBe("pending");
    expectAbout(msLater(nextAttemptAt, now), wanted);
  });

  it("429 with a date waits until then", async () => {
    const now = await databaseNow();
    const until = new Date(Math.ceil(now.getTime() / SECOND) * SECOND + HOUR);
    const { url } = await receive(answering(429, { "retry-after": until.toUTCString() }));
    const { delivery } = await waiting(url, now);
    await deliver(now);
    expectAbout(msLater((await stateOf(delivery)).nextAttemptAt, now), until.getTime() - now.getTime());
  });

  it.each<[string, RequestListener, RegExp]>([
    ["that never comes", () => undefined, /within 0\.4 s/],
    ["that stops in the middle", (_request, response) => void response.writeHead(200).write("half"), /within 0\.4 s/],
    ["that breaks off", (request) => request.socket.destroy(), /no connection, or it broke off/],
  ])("%s counts as a failure", async (_case, answer, words) => {
    const now = await databaseNow();
    const { url } = await receive(answer);
    const { delivery } = await waiting(url, now);
    await deliver(now, 400);
    const state = await stateOf(delivery);
    expect(state).toMatchObject({ status: "pending", attempts: 1 });
    expect(state.log[0]).toMatchObject({ responseStatus: null, error: expect.stringMatching(words) });
  });

  it("of 1 GB is read for 20 kB, kept, and counts by its status", async () => {
    const now = await databaseNow();
    const { url } = await receive((_request, response) => {
      let written = 0;
      const write = () => {
        while (written < 1_000_000_000 && response.write(Buffer.alloc(65_536, "x"))) written += 65_536;
      };
      response.on("drain", write).writeHead(200);
      write();
    });
    const { delivery } = await waiting(url, now);
    await deliver(now);
    const state = await stateOf(delivery);
    expect(state.status).toBe("delivered");
    expect(state.log[0]?.responseBody).toHaveLength(20_000);
  });

  it("from where nobody may be sent to never comes, nor over a broken encryption", async () => {
    const now = await databaseNow();
    const { url, taken } = await receive(ok);
    const inside = await waiting(url.replace("127.0.0.1", "[::1]"), now);
    const plain = await waiting(url.replace("http:", "https:"), now);
    await deliver(now);
    expect((await stateOf(inside.delivery)).log[0]?.error).toMatch(/Use https|public internet/);
    expect((await stateOf(plain.delivery)).log[0]?.error).toMatch(/certificate or the encrypted connection/);
    expect(taken).toEqual([]);
  });
});

describe("a webhook", () => {
  const auditOf = (webhook: { id: number; accountId: number }) =>
    db().auditEntry.findMany({ where: { accountId: webhook.accountId, recordType: "webhook", recordId: webhook.id } });

  it("is disabled at once by 410, with what waits for it, and its people are told", async () => {
    const now = await databaseNow();
    const { url, taken } = await receive(answering(410));
    const { webhook, delivery } = await waiting(url, now);
    const later = await makeWebhookEvent({ webhook, nextAttemptAt: new Date(now.getTime() + HOUR) });
    await deliver(now);
    expect(await webhookOf(webhook)).toMatchObject({ enabled: false, disabledReason: "gone" });
    expect([(await stateOf(delivery)).status, (await stateOf(later)).status]).toEqual(["failed", "canceled"]);
    const [entry, ...more] = await auditOf(webhook);
    expect([entry?.action, entry?.actorKind, entry?.after, more]).toEqual([
      "webhook.disabled",
      "system",
      { reason: "gone" },
      [],
    ]);
    await makeWebhookEvent({ webhook, nextAttemptAt: now });
    await deliver(new Date(now.getTime() + 2 * HOUR));
    expect(taken).toHaveLength(1);
  });

  it.each([
    ["5 days of nothing but failures", 120 * HOUR, false],
    ["an hour less", 119 * HOUR, true],
  ])("after %s", async (_case, age, enabled) => {
    const now = await databaseNow();
    const { url } = await receive(answering(500));
    const { webhook } = await makeWebhook({
      account: await makeAccount(),
      url,
      failedAttempts: 12,
      failingSince: new Date(now.getTime() - age),
    });
    await makeWebhookEvent({ webhook, nextAttemptAt: now });
    await deliver(now);
    expect(await webhookOf(webhook)).toMatchObject({ enabled, disabledReason: enabled ? null : "failing" });
    expect(await auditOf(webhook)).toHaveLength(enabled ? 0 : 1);
  });

  it("that was disabled by hand sends nothing, not even what waits", async () => {
    const now = await databaseNow();
    const { url, taken } = await receive(ok);
    const { webhook } = await makeWebhook({ account: await makeAccount(), url, disabledAt: now });
    const delivery = await makeWebhookEvent({ webhook, nextAttemptAt: now });
    await deliver(now);
    expect([(await stateOf(delivery)).status, taken]).toEqual(["canceled", []]);
  });
});

describe("several senders", () => {
  it("never send one delivery at the same time", async () => {
    const now = await databaseNow();
    const { url, taken } = await receive((request, response) => void setTimeout(() => ok(request, response), 20));
    const account = await makeAccount();
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      const { webhook } = await makeWebhook({ account, url });
      for (let k = 0; k < 5; k += 1) ids.push((await makeWebhookEvent({ webhook, nextAttemptAt: now })).messageId);
    }
    await Promise.all([deliver(now), deliver(now), deliver(now)]);
    expect(taken.map(({ headers }) => headers["webhook-id"]).sort()).toEqual(ids.sort());
  });

  const claim = (now: Date) => claimDeliveries({ now, slots: new Slots(10), roomEach: 10, roomForFailing: 10 });

  it("take over from one who died, within a minute and not before his lease ends; what he says then counts no more", async () => {
    const now = await databaseNow();
    const { url, taken } = await receive(ok);
    const { delivery } = await waiting(url, now);
    const [dead] = await claim(now);
    await deliver(new Date(now.getTime() + 39 * SECOND));
    expect(taken).toEqual([]);
    await deliver(new Date(now.getTime() + 41 * SECOND));
    expect(taken.map(({ headers }) => headers["webhook-id"])).toEqual([delivery.messageId]);
    const attempt = {
      sentAt: now,
      durationMs: 1,
      requestHeaders: {},
      responseStatus: 500,
      responseHeaders: null,
      responseBody: null,
      error: "late",
    };
    const next = { status: "failed" as const, retries: 1, nextAttemptAt: null };
    expect(await recordOutcome({ delivery: dead!, attempt, next })).toEqual({ counted: false, failingSince: null });
    expect(await stateOf(delivery)).toMatchObject({ status: "delivered", attempts: 1 });
  });

  it("get back at once what one who stops in order did not send", async () => {
    const now = await databaseNow();
    const { url, taken } = await receive(ok);
    await waiting(url, now);
    await handBack(await claim(now));
    await deliver(now);
    expect(taken).toHaveLength(1);
  });

  it("let one that stops finish what is under way, and hand back what hangs", async () => {
    const now = await databaseNow();
    const slow = await receive((request, response) => void setTimeout(() => ok(request, response), 300));
    const dead = await receive(() => undefined);
    const [finished, hanging] = [await waiting(slow.url, now), await waiting(dead.url, now)];
    const dispatcher = new Dispatcher({ fetch: createSafeFetch({ exceptions: [parseHostException("127.0.0.1")] }) });
    await dispatcher.wake(permit, () => Promise.resolve(now));
    await vi.waitFor(() => expect([slow.taken.length, dead.taken.length]).toEqual([1, 1]), POLL);
    await dispatcher.stop(4000);
    expect(await stateOf(finished.delivery)).toMatchObject({ status: "delivered" });
    expect(await stateOf(hanging.delivery)).toMatchObject({ status: "pending", attempts: 0, leasedUntil: null });
  });
});

describe("a dead endpoint", () => {
  it("takes 10 slots while it is thought alive, then one, and holds up no other", async () => {
    const now = await databaseNow();
    const dead = await receive(() => undefined);
    const alive = await receive(ok);
    const account = await makeAccount();
    const { webhook } = await makeWebhook({ account, url: dead.url });
    for (let n = 0; n < 30; n += 1) await makeWebhookEvent({ webhook, nextAttemptAt: new Date(now.getTime() - HOUR) });
    for (let n = 0; n < 20; n += 1) await waiting(alive.url, now, account);
    const dispatcher = new Dispatcher({ fetch: createSafeFetch({ exceptions: [parseHostException("127.0.0.1")] }) });
    await dispatcher.wake(permit, () => Promise.resolve(now));
    await vi.waitFor(() => expect([alive.taken.length, dead.taken.length]).toEqual([20, 10]), POLL);
    // Taken is not yet recorded, and what is not recorded when it stops is handed back.
    const delivered = { accountId: account.id, status: "delivered" };
    await vi.waitFor(async () => expect(await db().webhookEvent.count({ where: delivered })).toBe(20), POLL);
    await dispatcher.stop(0);
    await bookkeepingDb().$executeRaw`UPDATE webhooks SET failed_attempts = 1 WHERE id = ${webhook.id}`;
    const claimed = await claimDeliveries({ now, slots: new Slots(100), roomEach: 10, roomForFailing: 10 });
    expect(claimed).toHaveLength(1);
  });
});

describe("the jobs", () => {
  it("done twice mail each owner and administrator once that a webhook stopped, and no member", async () => {
    const now = await databaseNow();
    const { url } = await receive(answering(410));
    const { account, owner, administrator } = await makeAccountWithPeople();
    await waiting(url, now, account);
    await deliver(now);
    await drainQueue(JOBS, now, { twice: true });
    const mails = resend.accepted.filter(
      ({ subject }) => subject === `The webhook to ${new URL(url).host} was disabled`,
    );
    expect(mails.map(({ to }) => to).sort()).toEqual([owner.email, administrator.email].sort());
    for (const { text } of mails) expect(text).toContain("answered 410");
  });

  it("forget what is older than 30 days, and a deleted webhook with the last of its deliveries", async () => {
    const now = await databaseNow();
    const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * HOUR);
    const account = await makeAccount();
    const { webhook } = await makeWebhook({ account });
    const old = await makeWebhookEvent({ webhook, status: "delivered", createdAt: daysAgo(31) });
    const young = await makeWebhookEvent({ webhook, status: "failed", createdAt: daysAgo(29) });
    const { purgeOldDeliveriesJob } = await import("../jobs");
    await purgeOldDeliveriesJob.perform({}, now);
    const left = await db().webhookEvent.findMany({ where: { webhookId: webhook.id }, select: { id: true } });
    expect(left).toEqual([{ id: young.id }]);
    expect(left).not.toContainEqual({ id: old.id });
  });
});
