import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";

import { readEnvironment } from "./env";
import { sendMail } from "./mailer";
import { isOutboxOn, OUTBOX_PAGE, outboxHref, outboxMails } from "./outbox";

const head = (peer: string | null, host: string | null = "localhost:3000") =>
  new Headers({ ...(peer !== null && { "x-forwarded-for": peer }), ...(host !== null && { host }) });

describe("the local outbox", () => {
  it("holds what would have been mailed, newest first, a page at most", async () => {
    const mark = randomBytes(6).toString("hex");
    for (const subject of [`first ${mark}`, `second ${mark}`]) {
      await sendMail({ to: "o@example.com", subject, html: "<p>Hi</p>", text: "Hi", idempotencyKey: subject });
    }
    const mails = await outboxMails();
    expect(mails.length).toBeLessThanOrEqual(OUTBOX_PAGE);
    expect(mails.filter(({ subject }) => subject.endsWith(mark)).map(({ subject }) => subject)).toEqual([
      `second ${mark}`,
      `first ${mark}`,
    ]);
    expect(mails.find(({ subject }) => subject === `first ${mark}`)).toMatchObject({
      to: "o@example.com",
      html: "<p>Hi</p>",
      text: "Hi",
    });
  });

  it.each(["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"])("opens for %s", (peer) => {
    expect(isOutboxOn()).toBe(true);
    expect(outboxHref(head(peer))).toBe("/outbox");
  });

  it.each([
    null,
    "",
    "203.0.113.7",
    "10.0.0.1",
    "192.168.1.10",
    "0.0.0.0",
    "::",
    "::ffff:10.0.0.1",
    "fe80::1",
    "128.0.0.1",
    "localhost",
    "127.0.0.1, 203.0.113.7",
    "203.0.113.7, 127.0.0.1",
    "127.0.0.1.evil.example",
  ])("is not there for %j", (peer) => {
    expect(outboxHref(head(peer))).toBeNull();
  });

  it.each(["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "localhost"])("opens under the name %s", (host) => {
    expect(outboxHref(head("127.0.0.1", host))).toBe("/outbox");
  });

  it.each([
    null,
    "",
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "127.0.0.1.evil.example:3000",
    "192.168.1.10:3000",
  ])("is not there under the name %j, be it made to point here", (host) => {
    expect(outboxHref(head("127.0.0.1", host))).toBeNull();
  });
});

describe("RESEND_API_KEY", () => {
  const source = {
    DATABASE_URL: "postgresql://hub@127.0.0.1/hub",
    AUTH_SECRET: "a".repeat(32),
    AUDIT_SECRET: "b".repeat(32),
  };

  it("stops a start in earnest without it, with a sentence that names it", () => {
    expect(() => readEnvironment({ ...source, NODE_ENV: "production" })).toThrow(
      /^RESEND_API_KEY is not set: .*Resend.*\. See \.env\.example\.$/,
    );
    expect(() => readEnvironment({ ...source, NODE_ENV: "production", RESEND_API_KEY: "" })).toThrow(
      "RESEND_API_KEY is not set",
    );
  });

  it.each([{ HUB_EMBEDDED: "1" }, { NODE_ENV: "development" }, { NODE_ENV: "test" }, { RESEND_API_KEY: "re_1" }])(
    "may be missing with %j",
    (more) => {
      expect(readEnvironment({ ...source, ...more }).AUTH_SECRET).toBe(source.AUTH_SECRET);
    },
  );
});
