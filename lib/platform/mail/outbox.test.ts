import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";

import { env, readEnvironment } from "@/lib/platform/env";
import { sendMail } from "./mailer";
import { hasOutboxPage, isOutboxOn, OUTBOX_PAGE, outboxMails, outboxPlace } from "./outbox";

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

  it("has a page for whom the edge calls this machine", () => {
    expect([isOutboxOn(), hasOutboxPage()]).toEqual([true, true]);
    expect(outboxPlace(new Headers({ "x-this-machine": "1" }))).toBe("page");
  });

  it.each([{}, { "x-this-machine": "" }, { "x-forwarded-for": "127.0.0.1", host: "localhost:3000" }])(
    "has none for anybody else: %j",
    (head) => {
      expect(outboxPlace(new Headers(head as Record<string, string>))).toBe("terminal");
    },
  );

  it("has none under an address that others reach", () => {
    const settings = env() as { APP_URL: string };
    const before = settings.APP_URL;
    settings.APP_URL = "https://hub.example.com";
    try {
      expect([isOutboxOn(), hasOutboxPage()]).toEqual([true, false]);
      expect(outboxPlace(new Headers({ "x-this-machine": "1" }))).toBe("terminal");
    } finally {
      settings.APP_URL = before;
    }
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
