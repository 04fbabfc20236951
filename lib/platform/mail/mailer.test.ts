import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeEach, describe, expect, it } from "vitest";

interface Seen {
  readonly path: string | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

let seen: Seen[] = [];
let answer: (response: ServerResponse) => void;

/** Speaks as much of Resend's API as sending needs. */
const resend = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    seen.push({
      path: `${request.method} ${request.url}`,
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString("utf8")),
    });
    answer(response);
  });
});
await new Promise<void>((resolve) => resend.listen(0, "127.0.0.1", resolve));
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };

process.env.RESEND_API_KEY = "re_test_key";
process.env.RESEND_BASE_URL = `http://127.0.0.1:${(resend.address() as AddressInfo).port}`;
process.env.MAIL_FROM = "Hub <hub@example.com>";
const { sendMail } = await import("./mailer");
const { hasOutboxPage, isOutboxOn, outboxPlace } = await import("./outbox");
const { db } = await import("@/lib/platform/database/db");
const { bookkeepingDb } = await import("@/lib/platform/database/write-db");
const { sendSignInLinkJob } = await import("@/lib/sign-in/jobs");
const { makeAccount, makePerson } = await import("@/prisma/factories/accounts-and-keys");

const mail = {
  to: "olivia@example.com",
  subject: "Hello",
  html: "<p>Hi</p>",
  text: "Hi",
  idempotencyKey: "notice/7",
  tags: { kind: "notice" },
};

beforeEach(async () => {
  // Nobody waits here for the turn that a mail takes.
  await bookkeepingDb().$executeRaw`UPDATE mail_pace SET next_at = clock_timestamp() - interval '1 hour'`;
  seen = [];
  answer = json(200, { id: "49a3999c-0ce1-4ea6-ab68-afcd6dc2e794" });
});

afterAll(() => {
  resend.closeAllConnections();
  resend.close();
});

describe("sending a mail through Resend", () => {
  it("hands it over whole, once, with its idempotency key", async () => {
    await sendMail(mail);
    expect(seen).toHaveLength(1);
    expect(seen[0]?.path).toBe("POST /emails");
    expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer re_test_key", "idempotency-key": "notice/7" });
    expect(seen[0]?.body).toMatchObject({
      from: "Hub <hub@example.com>",
      to: "olivia@example.com",
      subject: "Hello",
      html: "<p>Hi</p>",
      text: "Hi",
      tags: [{ name: "kind", value: "notice" }],
    });
  });

  it.each([
    [429, { name: "rate_limit_exceeded", statusCode: 429, message: "Too many requests" }, { "retry-after": "1" }],
    [500, { name: "internal_server_error", statusCode: 500, message: "Something broke" }, {}],
    [422, { name: "validation_error", statusCode: 422, message: "Invalid `to` field" }, {}],
  ])("fails on %i, so that the queue tries again", async (status, body, headers) => {
    answer = json(status, body, headers);
    await expect(sendMail(mail)).rejects.toMatchObject({
      name: "MailNotConfirmedError",
      code: body.name,
      statusCode: status,
    });
    expect(seen).toHaveLength(1);
  });

  it("fails on an answer that is not Resend's", async () => {
    answer = (response) => response.writeHead(502).end("<html>Bad gateway</html>");
    await expect(sendMail(mail)).rejects.toMatchObject({ name: "MailNotConfirmedError", statusCode: 502 });
  });

  const gateway = (status: number, body: string) => (response: ServerResponse) => response.writeHead(status).end(body);
  const ours = (name: string, statusCode: number) => JSON.stringify({ name, statusCode, message: "…" });

  it.each([
    [400, ours("validation_error", 400)],
    [401, ours("restricted_api_key", 401)],
    [403, ours("invalid_api_key", 403)],
    [429, ours("daily_quota_exceeded", 429)],
    [422, ours("missing_required_field", 422)],
  ])("knows that it was refused by %i of the provider's own", async (status, body) => {
    answer = gateway(status, body);
    await expect(sendMail(mail)).rejects.toMatchObject({ isRefusal: true, statusCode: status });
  });

  it.each<readonly [number, string]>([
    [200, "<html>Sign in to this network</html>"],
    [200, '{"status":"ok"}'],
    [200, "null"],
    [202, ""],
    [400, "<html>Bad request</html>"],
    [403, '{"message":"Forbidden"}'],
    [403, "<html>Checking your browser</html>"],
    [404, '{"statusCode":404,"name":"no_route","message":"Not found"}'],
    [408, ""],
    [409, ours("concurrent_idempotent_requests", 409)],
    [413, "<html>Too large</html>"],
    [429, "error code: 1015"],
    [500, ours("internal_server_error", 500)],
    [500, ours("validation_error", 500)],
    [500, "null"],
    [502, '"bad gateway"'],
    [503, '{"name":{},"statusCode":"503"}'],
    [504, '{"message":"Endpoint request timed out"}'],
    ...[500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527].map((status) => [status, "<html></html>"] as const),
  ])("does not know what became of it after %i %s", async (status, body) => {
    answer = gateway(status, body);
    const error: unknown = await sendMail(mail).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "MailNotConfirmedError", isRefusal: false });
    expect(String(error)).toMatch(
      /^MailNotConfirmedError: it is not known whether the mail provider took a mail: \w+ \(/,
    );
  });

  it("fails when no answer comes in time", async () => {
    answer = () => undefined;
    const began = performance.now();
    await expect(sendMail(mail, 200)).rejects.toMatchObject({ name: "MailNotConfirmedError", statusCode: null });
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it("fails when the connection breaks", async () => {
    answer = (response) => response.destroy();
    await expect(sendMail(mail)).rejects.toMatchObject({ name: "MailNotConfirmedError", statusCode: null });
  });

  it("never says in an error what stood in the mail", async () => {
    answer = json(422, { name: "validation_error", statusCode: 422, message: "cannot mail olivia@example.com" });
    const error: unknown = await sendMail(mail).catch((caught: unknown) => caught);
    expect(JSON.stringify(error) + String(error)).not.toContain("olivia");
  });
});

describe("with a Resend key", () => {
  it("there is no local outbox, neither to write nor to read", async () => {
    await sendMail(mail);
    expect([isOutboxOn(), hasOutboxPage()]).toEqual([false, false]);
    expect(outboxPlace(new Headers({ "x-this-machine": "1" }))).toBeNull();
    expect(await db().outboxMail.count({ where: { subject: mail.subject, to: mail.to } })).toBe(0);
  });

  it("a sign-in link whose mail was not taken is tried again with a new link and a new key", async () => {
    const { email } = await makePerson(await makeAccount(), "member", {
      email: `mailed-${randomBytes(6).toString("hex")}@example.com`,
    });
    answer = json(
      429,
      { name: "rate_limit_exceeded", statusCode: 429, message: "Too many requests" },
      { "retry-after": "1" },
    );
    await expect(sendSignInLinkJob.perform({ email, next: null })).rejects.toThrow("rate_limit_exceeded");
    answer = json(200, { id: "1" });
    await sendSignInLinkJob.perform({ email, next: null });
    expect(new Set(seen.map(({ headers }) => headers["idempotency-key"])).size).toBe(2);
    const tokens = seen.map(({ body }) => /token=([\w-]{43})/.exec(JSON.stringify(body))?.[1]);
    expect(new Set(tokens).size).toBe(2);
    expect(seen.map(({ headers }) => headers["idempotency-key"]).join()).not.toContain(String(tokens[0]));
  });
});
