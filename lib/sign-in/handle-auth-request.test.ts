import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { liveSession } from "@/lib/auth/session";
import { hashSessionToken } from "@/lib/auth/session-cookie";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { env } from "@/lib/platform/env";
import { makeAccount, makeMembership, makePerson } from "@/prisma/factories/accounts-and-keys";
import { handleAuthRequest } from "./handle-auth-request";
import { createSignInLink } from "./create-sign-in-link";

const SITE = "http://localhost:3000";
const COOKIE = "fleet-advisor-hub.session";
const NEXT_COOKIE = "fleet-advisor-hub.next";
const PROBLEM = `${SITE}/sign-in?problem=link`;

interface Post {
  readonly way?: string;
  readonly method?: string;
  readonly fields?: Record<string, string>;
  readonly origin?: string | null;
  readonly cookie?: string;
  /** The page that the browser keeps from when it asked for a link. */
  readonly next?: string;
}

function send({
  way = "callback/email",
  method = "POST",
  fields = {},
  origin = SITE,
  cookie,
  next,
}: Post): Promise<Response> {
  const headers = new Headers({
    "x-forwarded-for": "203.0.113.7",
    "x-request-id": "request-1",
    "user-agent": "Test browser",
    ...(origin !== null && { origin }),
    cookie: [
      "other=1",
      ...(cookie === undefined ? [] : [`${COOKIE}=${cookie}`]),
      ...(next === undefined ? [] : [`${NEXT_COOKIE}=${Buffer.from(next).toString("base64url")}`]),
      "last=2",
    ].join("; "),
  });
  const body = method === "POST" ? new URLSearchParams(fields) : undefined;
  return handleAuthRequest(new Request(`${SITE}/api/auth/${way}`, { method, headers, body }));
}

const cookieOf = (response: Response) =>
  new RegExp(`${COOKIE}=([^;]*)`).exec(response.headers.get("set-cookie") ?? "")?.[1];
const leadsTo = (response: Response) => [response.status, response.headers.get("location")];
const asIdentity = (sessionToken: string) => ({ sessionToken, requestedFrom: SITE, ip: null, requestId: null });

let account: Account;
let user: User;
let token: string;
const use = (choice: Omit<Post, "fields"> & { fields?: Record<string, string> } = {}) =>
  send({ ...choice, fields: { token, email: user.email, ...choice.fields } });

beforeEach(async () => {
  account = await makeAccount();
  user = await makePerson(account, "administrator");
  token = (await createSignInLink(user.email)).token;
});

describe("the button of a sign-in link", () => {
  it("signs in and goes on to the page asked for", async () => {
    const response = await use({ next: "/api-keys?status=active" });
    expect(leadsTo(response)).toEqual([303, `${SITE}/api-keys?status=active`]);
    expect(response.headers.getSetCookie()).toContain(`${NEXT_COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await liveSession(asIdentity(cookieOf(response) ?? ""))).toMatchObject({
      userId: user.id,
      email: user.email,
      signedInRecently: true,
    });
  });

  it("goes to the start where no page, or no page of ours, was asked for", async () => {
    expect(leadsTo(await use())).toEqual([303, `${SITE}/`]);
  });

  it.each([
    ["/日本?q=é#ü", "/%E6%97%A5%E6%9C%AC?q=%C3%A9#%C3%BC"],
    ["//evil.example", "/"],
    ["/\\evil.example", "/"],
    ["/x\r\nSet-Cookie: y=1", "/"],
    ["https://evil.example/", "/"],
    ["/sign-in", "/"],
    ["\u{10ffff}\ud800", "/"],
  ])("with %j for a page goes on to %s, and is signed in", async (next, onward) => {
    const response = await use({ next });
    expect(leadsTo(response)).toEqual([303, `${SITE}${onward}`]);
    expect(cookieOf(response)).toBeDefined();
  });

  it("takes the page from the browser's own cookie alone", async () => {
    expect(leadsTo(await use({ fields: { next: "/api-keys" } }))).toEqual([303, `${SITE}/`]);
  });

  it("sets one cookie: out of scripts' reach, for this site, 12 hours", async () => {
    const cookies = (await use()).headers.getSetCookie();
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(new RegExp(`^${COOKIE}=[\\w-]{43}; Path=/; Expires=[^;]+; HttpOnly; SameSite=Lax$`));
    const expires = Date.parse(/Expires=([^;]+)/.exec(cookies[0] ?? "")?.[1] ?? "");
    expect(Math.abs(expires - Date.now() - 12 * 3_600_000)).toBeLessThan(5_000);
  });

  it("keeps of the session a hash, where it came from, and when it ends", async () => {
    const sessionToken = cookieOf(await use()) ?? "";
    const row = await db().session.findUniqueOrThrow({ where: { tokenHash: hashSessionToken(sessionToken) } });
    expect(row).toMatchObject({ userId: user.id, ip: "203.0.113.7", userAgent: "Test browser" });
    expect(row.expiresAt.getTime() - row.signedInAt.getTime()).toBe(12 * 3_600_000);
  });

  it("writes the sign-in down for every account of the user", async () => {
    const other = await makeAccount();
    await makeMembership({ user, account: other, role: "owner" });
    await use();
    for (const { id } of [account, other]) {
      expect(await db().auditEntry.findMany({ where: { accountId: id } })).toMatchObject([
        {
          action: "user.signedIn",
          actorKind: "user",
          actorId: user.id,
          actorName: user.name,
          ip: "203.0.113.7",
          requestId: "request-1",
          recordType: "user",
          recordId: user.id,
          recordName: user.name,
        },
      ]);
    }
  });

  it("makes a new session at every sign-in and ends the one the browser brought, one's own or another's", async () => {
    const other = await makePerson(account, "member");
    const first = cookieOf(await use()) ?? "";
    token = (await createSignInLink(user.email)).token;
    const second = cookieOf(await use({ cookie: first })) ?? "";
    const { token: othersToken } = await createSignInLink(other.email);
    const third = cookieOf(await send({ fields: { token: othersToken, email: other.email }, cookie: second })) ?? "";
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await liveSession(asIdentity(first))).toBeNull();
    expect(await liveSession(asIdentity(second))).toBeNull();
    expect(await liveSession(asIdentity(third))).toMatchObject({ userId: other.id });
  });

  it("is not used up by a sign-in that could not be finished, and nothing is written down of it", async () => {
    await use();
    token = (await createSignInLink(user.email)).token;
    const sessions = () => db().session.count({ where: { userId: user.id } });
    const move = (by: number) =>
      bookkeepingDb().$executeRaw`UPDATE audit_heads SET sequence = sequence + ${by} WHERE account_id = ${account.id}`;
    // The log would have to write over its own entry: the database refuses.
    await move(-1);
    expect(leadsTo(await use())).toEqual([303, `${SITE}/sign-in?problem=failed`]);
    expect([await sessions(), await db().auditEntry.count({ where: { accountId: account.id } })]).toEqual([1, 1]);
    await move(1);
    expect(cookieOf(await use())).toBeDefined();
    expect(await sessions()).toBe(2);
  });

  it("leaves sessions in other browsers alone", async () => {
    const here = cookieOf(await use()) ?? "";
    token = (await createSignInLink(user.email)).token;
    await use();
    expect(await liveSession(asIdentity(here))).not.toBeNull();
  });
});

describe("a link from before a rotation of AUTH_SECRET", () => {
  const before = { ...env() };
  afterEach(() => Object.assign(env(), before));

  it("signs in while the secret that it was made with is named as a previous one", async () => {
    Object.assign(env(), { AUTH_SECRET: "n".repeat(40), AUTH_SECRET_PREVIOUS: ["m".repeat(40), before.AUTH_SECRET] });
    expect(cookieOf(await use())).toBeDefined();
    // Once, as any other.
    expect(leadsTo(await use())).toEqual([303, PROBLEM]);
  });

  it("is no link where it is not", async () => {
    Object.assign(env(), { AUTH_SECRET: "n".repeat(40) });
    expect(leadsTo(await use())).toEqual([303, PROBLEM]);
  });
});

describe("a link that does not work", () => {
  const used = async () => void (await use());
  const expired = async () =>
    void (await bookkeepingDb()
      .$executeRaw`UPDATE sign_in_links SET expires_at = clock_timestamp() WHERE email = ${user.email}`);
  const unknown = async () => void (token = randomBytes(32).toString("base64url"));
  const malformed = async () => void (token = "x");
  const memberless = async () => void (await bookkeepingDb().membership.deleteMany({ where: { userId: user.id } }));
  const ofAnother = async () =>
    void (token = (await createSignInLink((await makePerson(account, "owner")).email)).token);

  it.each([
    ["used", used],
    ["expired", expired],
    ["unknown", unknown],
    ["malformed", malformed],
    ["of a person removed since", memberless],
    ["of another address", ofAnother],
  ])("%s: the same answer, and nobody is signed in", async (_, spoil) => {
    await spoil();
    const before = await db().session.count({ where: { userId: user.id } });
    const response = await use();
    expect(leadsTo(response)).toEqual([303, PROBLEM]);
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(await db().session.count({ where: { userId: user.id } })).toBe(before);
  });

  it("keeps the page that was asked for", async () => {
    await used();
    const response = await use({ next: "/api-keys" });
    expect(leadsTo(response)).toEqual([303, `${PROBLEM}&next=%2Fapi-keys`]);
    expect(response.headers.getSetCookie()).toEqual([]);
  });

  it("signs in one of 12 that use it at the same instant", async () => {
    const responses = await Promise.all(Array.from({ length: 12 }, () => use()));
    expect(responses.filter((response) => cookieOf(response))).toHaveLength(1);
    expect(await db().session.count({ where: { userId: user.id } })).toBe(1);
    expect(await db().auditEntry.count({ where: { accountId: account.id } })).toBe(1);
  });

  it("clicked again in the browser that it has just signed in, simply goes on", async () => {
    const cookie = cookieOf(await use());
    const again = await use({ cookie, next: "/api-keys" });
    expect(leadsTo(again)).toEqual([303, `${SITE}/api-keys`]);
    expect(again.headers.getSetCookie()).toEqual([]);
  });
});

describe("what is shut", () => {
  it("does not use a link up by GET", async () => {
    const query = new URLSearchParams({ token, email: user.email });
    const response = await send({ way: `callback/email?${query.toString()}`, method: "GET" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "POST"]);
    expect(cookieOf(await use())).toBeDefined();
  });

  it.each([null, "null", "https://evil.example", "http://localhost:3001"])(
    "refuses a POST from the origin %j, and the link stays good",
    async (origin) => {
      expect((await use({ origin })).status).toBe(403);
      expect((await send({ way: "signout", origin })).status).toBe(403);
      expect(cookieOf(await use())).toBeDefined();
    },
  );

  it.each(["GET", "POST"])("next-auth's own way of asking for a link: %s", async (method) => {
    expect((await send({ way: "signin/email", method, fields: { email: user.email } })).status).toBe(405);
    expect(await db().signInLink.count({ where: { email: user.email } })).toBe(1);
  });

  it.each([
    "signin",
    "signout/x",
    "error",
    "verify-request",
    "session",
    "providers",
    "csrf",
    "_log",
    "callback/credentials",
    "",
    "constructor",
    "__proto__",
  ])("next-auth's page or answer %j is not there", async (way) => {
    expect((await send({ way, method: "GET" })).status).toBe(404);
    expect((await send({ way })).status).toBe(404);
  });
});

describe("signing out", () => {
  it("ends the session in the database and takes the cookie away", async () => {
    const cookie = cookieOf(await use()) ?? "";
    const response = await send({ way: "signout", cookie });
    expect(leadsTo(response)).toEqual([303, `${SITE}/sign-in?signed-out=1`]);
    expect(response.headers.getSetCookie()).toEqual([`${COOKIE}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`]);
    expect(await liveSession(asIdentity(cookie))).toBeNull();
  });

  it("is no error for somebody not signed in, and is not done by GET", async () => {
    expect((await send({ way: "signout" })).status).toBe(303);
    expect((await send({ way: "signout", method: "GET" })).status).toBe(405);
  });
});
