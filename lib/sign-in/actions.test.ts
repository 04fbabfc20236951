import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { countStatements } from "@/testing/count-statements";
import { makeAccount, makePerson } from "@/prisma/factories/accounts-and-keys";
import { requestSignInLinkAction } from "./actions";
import { createSignInLink, redeemSignInLink } from "./create-sign-in-link";

let ip: string;
const identity = (choice: { from?: string | null; ip?: string } = {}) => ({
  sessionToken: null,
  requestedFrom: choice.from === undefined ? "http://localhost:3000" : choice.from,
  ip: choice.ip ?? ip,
  requestId: "request-1",
});
const someAddress = () => `nobody-${randomBytes(6).toString("hex")}@example.com`;
const ask = (email: unknown, from: ReturnType<typeof identity> = identity()) =>
  requestSignInLinkAction.invoke(from, { email });

interface QueuedJob {
  readonly payload: Record<string, unknown>;
  readonly priority: number;
}
const queuedFor = (email: string) => bookkeepingDb().$queryRaw<QueuedJob[]>`
  SELECT j.payload, j.priority::int AS priority FROM graphile_worker._private_jobs j
  JOIN graphile_worker._private_tasks t ON t.id = j.task_id
  WHERE t.identifier = 'signIn.sendLink' AND j.payload->>'email' = ${email}`;
const mailsFor = async (email: string) => (await queuedFor(email)).length;

/** What was asked for and mailed a while ago. */
async function passTime(email: string, by: string): Promise<void> {
  await bookkeepingDb()
    .$executeRaw`UPDATE sign_in_requests SET created_at = created_at - ${by}::interval WHERE email = ${email}`;
  await bookkeepingDb().$executeRaw`
    UPDATE sign_in_links SET created_at = created_at - ${by}::interval, expires_at = expires_at - ${by}::interval
    WHERE email = ${email}`;
}

/** Finds the link in the mailbox and uses it. */
async function useNewLink(email: string): Promise<void> {
  const { tokenHash } = await createSignInLink(email);
  expect(await redeemSignInLink(bookkeepingDb(), { email, tokenHash })).toBe(true);
}

beforeEach(() => {
  ip = `10.${randomBytes(3).join(".")}`;
});

describe("asking for a sign-in link", () => {
  it("queues one mail, before everything else, and neither a token nor where to go on to", async () => {
    const email = someAddress();
    const result = await requestSignInLinkAction.invoke(identity(), {
      email: `  ${email.toUpperCase()} `,
      next: "/api-keys?status=active",
    });
    expect(result).toEqual({ ok: true, value: null });
    expect(await queuedFor(email)).toEqual([{ payload: { email }, priority: -10 }]);
  });

  it("answers alike for people and for addresses of nobody, whether it mails, has mailed, or is asked too often", async () => {
    const known = (await makePerson(await makeAccount(), "member")).email;
    const unknown = someAddress();
    for (let count = 1; count <= 11; count += 1) {
      const [one, other] = [await ask(known), await ask(unknown)];
      expect(one).toEqual(other);
      expect(one.ok).toBe(count <= 10);
    }
    expect([await mailsFor(known), await mailsFor(unknown)]).toEqual([1, 1]);
  });

  it("does the same work whether it mails or not", async () => {
    const email = someAddress();
    await ask(email);
    const [silent, loud] = [await countStatements(() => ask(email)), await countStatements(() => ask(someAddress()))];
    expect(silent).toBe(loud);
    expect(await mailsFor(email)).toBe(1);
  });

  it("mails once in two minutes, from wherever it is asked, while the link is unused", async () => {
    const email = someAddress();
    const fromElsewhere = () => ask(email, identity({ ip: `10.${randomBytes(3).join(".")}` }));
    for (let count = 0; count < 30; count += 1) expect((await fromElsewhere()).ok).toBe(true);
    await createSignInLink(email);
    expect([(await fromElsewhere()).ok, await mailsFor(email)]).toEqual([true, 1]);
    await passTime(email, "90 seconds");
    expect([(await fromElsewhere()).ok, await mailsFor(email)]).toEqual([true, 1]);
    await passTime(email, "30 seconds");
    expect([(await fromElsewhere()).ok, await mailsFor(email)]).toEqual([true, 2]);
  });

  it("mails at once again to who has used the link, and not to who has used an older one", async () => {
    const email = someAddress();
    const older = await createSignInLink(email);
    await ask(email);
    expect(await redeemSignInLink(bookkeepingDb(), { email, tokenHash: older.tokenHash })).toBe(true);
    await ask(email);
    expect(await mailsFor(email)).toBe(1);
    await useNewLink(email);
    await ask(email);
    expect(await mailsFor(email)).toBe(2);
    await ask(email);
    expect(await mailsFor(email)).toBe(2);
  });

  it("mails 30 times an hour to who uses each link", async () => {
    const email = someAddress();
    for (let count = 1; count <= 32; count += 1) {
      await ask(email, identity({ ip: `10.7.${count}.${randomBytes(1)[0]}` }));
      await useNewLink(email);
    }
    expect(await mailsFor(email)).toBe(30);
    await passTime(email, "1 hour");
    await ask(email);
    expect(await mailsFor(email)).toBe(31);
  });

  it("mails once when 30 ask for one address at the same time", async () => {
    const email = someAddress();
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => ask(email, identity({ ip: `10.8.${index}.${randomBytes(1)[0]}` }))),
    );
    expect([results.filter(({ ok }) => ok).length, await mailsFor(email)]).toEqual([30, 1]);
  });

  it("is refused to a network after 20 within an hour, exactly, and told when to try again", async () => {
    const results = await Promise.all(Array.from({ length: 30 }, () => ask(someAddress())));
    expect(results.filter(({ ok }) => ok)).toHaveLength(20);
    const email = someAddress();
    const refusal = (minutes: string) => ({
      ok: false,
      error: {
        code: "too_many_requests",
        fields: {},
        message: expect.stringMatching(new RegExp(`No mail was sent.* Try again in ${minutes}\\.$`)),
      },
    });
    expect(await ask(email)).toEqual(refusal("(60|59) minutes"));
    const shift = (by: string) =>
      bookkeepingDb()
        .$executeRaw`UPDATE sign_in_requests SET created_at = created_at - ${by}::interval WHERE ip = ${ip}`;
    await shift("58 minutes 30 seconds");
    expect(await ask(email)).toEqual(refusal("2 minutes"));
    await shift("90 seconds");
    expect((await ask(email)).ok).toBe(true);
  });

  it("counts an IPv6 network of 64 bits as one, and lets one of 48 bits ask 60 times", async () => {
    const site = `2001:db8:${randomBytes(2).toString("hex")}`;
    const from = (network: number) => identity({ ip: `${site}:${network}:${randomBytes(2).toString("hex")}::1` });
    const passed = async (network: number) => {
      const results = await Promise.all(Array.from({ length: 22 }, () => ask(someAddress(), from(network))));
      return results.filter(({ ok }) => ok).length;
    };
    expect([await passed(1), await passed(2), await passed(3), await passed(4)]).toEqual([20, 20, 20, 0]);
    const neighbour = `2001:db8:${randomBytes(2).toString("hex")}::1`;
    expect((await ask(someAddress(), identity({ ip: neighbour }))).ok).toBe(true);
  });

  it.each([
    "",
    "nobody",
    "a@b",
    "a b@example.com",
    "x@example.com\nBcc: y@example.com",
    "日本@example.com",
    `${"a".repeat(300)}@example.com`,
    7,
    null,
  ])("refuses %j as an address", async (email) => {
    expect(await ask(email)).toMatchObject({
      ok: false,
      error: { code: "invalid_input", fields: { email: [expect.any(String)] } },
    });
  });

  it.each(["//evil.example", "https://evil.example/", "/\\evil.example", "/sign-in"])(
    "refuses to lead on to %s",
    async (next) => {
      const email = someAddress();
      expect(await requestSignInLinkAction.invoke(identity(), { email, next })).toMatchObject({
        ok: false,
        error: { code: "invalid_input" },
      });
      expect(await queuedFor(email)).toEqual([]);
    },
  );

  it("refuses a field that it does not know", async () => {
    expect(await requestSignInLinkAction.invoke(identity(), { email: someAddress(), userId: 1 })).toMatchObject({
      ok: false,
      error: { code: "invalid_input" },
    });
  });

  it.each([null, "null", "https://evil.example", "http://localhost:3001"])(
    "refuses a request from the origin %j",
    async (from) => {
      const email = someAddress();
      expect(await ask(email, identity({ from }))).toMatchObject({ ok: false, error: { code: "untrusted_origin" } });
      expect(await queuedFor(email)).toEqual([]);
    },
  );
});
