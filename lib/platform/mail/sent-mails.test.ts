import { afterAll, beforeEach, expect, it } from "vitest";

import { startLoopbackResend } from "@/testing/loopback-resend";

const resend = await startLoopbackResend();
Object.assign(process.env, { RESEND_API_KEY: "re_test", RESEND_BASE_URL: resend.url });
const { findSentMail } = await import("./sent-mails");

const TO = "olivia@example.com";
const NOW = new Date("2026-11-30T12:00:00Z");
const sought = (value: string) => ({
  to: [TO],
  tag: { name: "notice", value },
  since: new Date(NOW.getTime() - 3_600_000),
});

function take(id: string, value: string, to = TO): void {
  const common = { key: id, subject: "S", text: "", html: "", at: 0, createdAt: NOW };
  resend.accepted.push({ ...common, id, to, tags: [{ name: "notice", value }] });
}

beforeEach(() => {
  Object.assign(resend, { mood: "well", mayRead: true });
  resend.accepted.length = 0;
  resend.questions.length = 0;
});

afterAll(() => resend.close());

it("goes on where it ended when there is too much to look through for one time, and asks nothing twice", async () => {
  for (const at of [1, 2, 3]) take(`id-${at}`, `value-${at}`);
  take("id-of-another", "value-1", "other@example.com");
  await expect(findSentMail(sought("value-1"), 3)).rejects.toMatchObject({ isRefusal: false });
  expect(await findSentMail(sought("value-1"), 3)).toEqual({ providerId: "id-1" });
  expect(resend.questions.filter((path) => path.startsWith("/emails/"))).toEqual([
    "/emails/id-3",
    "/emails/id-2",
    "/emails/id-1",
  ]);
});

it.each([
  ["a page of whoever else answered", { takes: false, status: 404, body: "<html></html>" }],
  ["JSON that is no list", { takes: false, status: 200, body: '{"status":"ok"}' }],
  [
    "a key that is not known, for now",
    { takes: false, status: 403, body: '{"name":"invalid_api_key","statusCode":403,"message":"…"}' },
  ],
  [
    "a question that is not understood",
    { takes: false, status: 422, body: '{"name":"validation_error","statusCode":422,"message":"…"}' },
  ],
])("takes %s for no answer", async (_what, mood) => {
  take("id-9", "value-9");
  resend.mood = [mood];
  await expect(findSentMail(sought("value-9"))).rejects.toMatchObject({ isRefusal: false });
  expect(await findSentMail(sought("value-9"))).toEqual({ providerId: "id-9" });
});

it("is told nothing where its key may only send", async () => {
  resend.mayRead = false;
  expect(await findSentMail(sought("value-8"))).toBe("untold");
});
