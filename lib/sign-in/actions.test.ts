import { randomBytes } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";

import { bookkeepingDb } from "@/lib/platform/write-db";
import { makeAccount, makePerson } from "@/prisma/factories";
import { requestSignInLinkAction } from "./actions";

let ip: string;
const caller = (choice: { from?: string | null; ip?: string } = {}) => ({
  sessionToken: null,
  requestedFrom: choice.from === undefined ? "http://localhost:3000" : choice.from,
  ip: choice.ip ?? ip,
  requestId: "request-1",
});
const someAddress = () => `nobody-${randomBytes(6).toString("hex")}@example.com`;
const ask = (email: unknown, from: ReturnType<typeof caller> = caller()) =>
  requestSignInLinkAction.invoke(from, { email });

interface QueuedJob {
  readonly payload: Record<string, unknown>;
  readonly priority: number;
}
const queuedFor = (email: string) => bookkeepingDb().$queryRaw<QueuedJob[]>`
  SELECT j.payload, j.priority::int AS priority FROM graphile_worker._private_jobs j
  JOIN graphile_worker._private_tasks t ON t.id = j.task_id
  WHERE t.identifier = 'signIn.sendLink' AND j.payload->>'email' = ${email}`;

beforeEach(() => {
  ip = `10.${randomBytes(3).join(".")}`;
});

describe("asking for a sign-in link", () => {
  it("queues one mail, before everything else, and no token", async () => {
    const email = someAddress();
    const result = await requestSignInLinkAction.invoke(caller(), {
      email: `  ${email.toUpperCase()} `,
      next: "/api-keys?status=active",
    });
    expect(result).toEqual({ ok: true, value: null });
    expect(await queuedFor(email)).toEqual([{ payload: { email, next: "/api-keys?status=active" }, priority: -10 }]);
  });

  it("answers alike for people and for addresses of nobody, allowed or refused", async () => {
    const known = (await makePerson(await makeAccount(), "member")).email;
    const unknown = someAddress();
    for (let count = 1; count <= 6; count += 1) {
      const [one, other] = [await ask(known), await ask(unknown)];
      expect(one).toEqual(other);
      expect(one.ok).toBe(count <= 5);
    }
    expect([await queuedFor(known), await queuedFor(unknown)].map((jobs) => jobs.length)).toEqual([5, 5]);
  });

  it("refuses the sixth within an hour for an address, from wherever, and says when to try again", async () => {
    const email = someAddress();
    for (let count = 0; count < 5; count += 1)
      expect((await ask(email, caller({ ip: `10.9.${count}.${randomBytes(1)[0]}` }))).ok).toBe(true);
    expect(await ask(email)).toEqual({
      ok: false,
      error: {
        code: "too_many_requests",
        fields: {},
        message: expect.stringMatching(/No mail was sent.* Try again in (60|59) minutes\.$/),
      },
    });
  });

  it("allows it again once an hour has passed since the fifth to last", async () => {
    const email = someAddress();
    for (let count = 0; count < 5; count += 1) await ask(email);
    await bookkeepingDb().$executeRaw`
      UPDATE sign_in_requests SET created_at = created_at - interval '58 minutes 30 seconds' WHERE email = ${email}`;
    const refused = await ask(email);
    expect(refused).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining("Try again in 2 minutes.") },
    });
    await bookkeepingDb()
      .$executeRaw`UPDATE sign_in_requests SET created_at = created_at - interval '90 seconds' WHERE email = ${email}`;
    expect((await ask(email)).ok).toBe(true);
  });

  it("counts exactly when 30 ask for one address at the same time", async () => {
    const email = someAddress();
    const results = await Promise.all(
      Array.from({ length: 30 }, (_, index) => ask(email, caller({ ip: `10.8.${index}.${randomBytes(1)[0]}` }))),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(5);
    expect(await queuedFor(email)).toHaveLength(5);
  });

  it("counts exactly when 30 addresses are asked for from one network at the same time", async () => {
    const results = await Promise.all(Array.from({ length: 30 }, () => ask(someAddress())));
    expect(results.filter(({ ok }) => ok)).toHaveLength(20);
    expect(results.find(({ ok }) => !ok)).toMatchObject({ error: { code: "too_many_requests" } });
  });

  it.each([
    "",
    "nobody",
    "a@b",
    "a b@example.com",
    "x@example.com\nBcc: y@example.com",
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
      expect(await requestSignInLinkAction.invoke(caller(), { email, next })).toMatchObject({
        ok: false,
        error: { code: "invalid_input" },
      });
      expect(await queuedFor(email)).toEqual([]);
    },
  );

  it("refuses a field that it does not know", async () => {
    expect(await requestSignInLinkAction.invoke(caller(), { email: someAddress(), userId: 1 })).toMatchObject({
      ok: false,
      error: { code: "invalid_input" },
    });
  });

  it.each([null, "null", "https://evil.example", "http://localhost:3001"])(
    "refuses a request from the origin %j",
    async (from) => {
      const email = someAddress();
      expect(await ask(email, caller({ from }))).toMatchObject({ ok: false, error: { code: "untrusted_origin" } });
      expect(await queuedFor(email)).toEqual([]);
    },
  );
});
