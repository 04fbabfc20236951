import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterAll, describe, expect, it } from "vitest";

const SECRET = `whsec_${randomBytes(24).toString("base64")}`;
process.env.RESEND_WEBHOOK_SECRET = SECRET;
const { receiveResendReport } = await import("./receivers");
const { bookkeepingDb } = await import("@/lib/platform/database/write-db");
const { db } = await import("@/lib/platform/database/db");
const { makeUser } = await import("@/prisma/factories/accounts-and-keys");

const server = createServer((req, res) => void receiveResendReport.answer(req, res, { ip: null, requestId: null }));
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/resend-webhook`;
afterAll(() => server.close());

const AT = "2026-11-22T23:41:12.126Z";
const makeMail = async () => {
  const { id: userId, email } = await makeUser();
  const mark = randomBytes(8).toString("hex");
  const sentAt = new Date();
  return bookkeepingDb().noticeMail.create({
    data: { userId, email, mailKey: `key-${mark}`, providerId: `mail-${mark}`, priority: 1, sentAt },
  });
};
const fateOf = async (id: number) => {
  const { deliveredAt, bouncedAt, complainedAt } = await db().noticeMail.findUniqueOrThrow({ where: { id } });
  return { deliveredAt, bouncedAt, complainedAt };
};
const NOTHING = { deliveredAt: null, bouncedAt: null, complainedAt: null };

const reportOf = (type: string, data: object, at = AT) => JSON.stringify({ type, created_at: at, data });

/** Signed by the specification's own library. */
function post(body: string, { secret = SECRET, at = new Date(), names = "svix", sent = body } = {}): Promise<Response> {
  const headers = {
    [`${names}-id`]: "msg_1",
    [`${names}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
    [`${names}-signature`]: new Webhook(secret).sign("msg_1", at, body),
  };
  return fetch(url, { method: "POST", headers, body: sent });
}

describe("what Resend reports", () => {
  it.each([
    ["email.delivered", "deliveredAt"],
    ["email.bounced", "bouncedAt"],
    ["email.complained", "complainedAt"],
  ])("%s is noted, by the provider's name of the mail", async (type, column) => {
    const mail = await makeMail();
    expect((await post(reportOf(type, { email_id: mail.providerId }))).status).toBe(204);
    expect(await fateOf(mail.id)).toEqual({ ...NOTHING, [column]: new Date(AT) });
  });

  it("is understood before the provider's name was noted, by the tag that we sent", async () => {
    const mail = await makeMail();
    await post(reportOf("email.bounced", { email_id: "another", tags: { notice: mail.mailKey } }), {
      names: "webhook",
    });
    expect((await fateOf(mail.id)).bouncedAt).toEqual(new Date(AT));
  });

  it("changes nothing when it comes again", async () => {
    const mail = await makeMail();
    await post(reportOf("email.bounced", { email_id: mail.providerId }));
    expect(
      (await post(reportOf("email.bounced", { email_id: mail.providerId }, "2026-11-23T00:00:00.000Z"))).status,
    ).toBe(204);
    expect((await fateOf(mail.id)).bouncedAt).toEqual(new Date(AT));
  });

  it("is answered the same where it is of other mails or other things", async () => {
    expect((await post(reportOf("email.bounced", { email_id: "of-nobody" }))).status).toBe(204);
    expect((await post(reportOf("contact.created", { id: "1" }))).status).toBe(204);
  });
});

describe("what is not from Resend", () => {
  it("is refused: another secret, another body, an old signature, one from the future, none", async () => {
    const mail = await makeMail();
    const body = reportOf("email.bounced", { email_id: mail.providerId });
    const minutes = (count: number) => new Date(Date.now() + count * 60_000);
    const answers = await Promise.all([
      post(body, { secret: `whsec_${randomBytes(24).toString("base64")}` }),
      post(body, { sent: body.replace("bounced", "complained") }),
      post(body, { at: minutes(-6) }),
      post(body, { at: minutes(6) }),
      fetch(url, { method: "POST", body }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
    expect(await fateOf(mail.id)).toEqual(NOTHING);
  });

  it("is not read beyond 64 kB, and only POST is offered", async () => {
    expect((await post("x".repeat(70_000)).catch(() => ({ status: 413 }))).status).toBe(413);
    const get = await fetch(url);
    expect([get.status, get.headers.get("allow")]).toEqual([405, "POST"]);
  });
});
