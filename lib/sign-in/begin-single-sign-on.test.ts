import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { CLIENT, startLocalProvider, type LocalProvider, type ProviderPerson } from "@/e2e/oidc-provider";
import { hashSessionToken } from "@/lib/auth/session-cookie";
import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makePerson, makeSession, makeUser } from "@/prisma/factories/accounts-and-keys";

const SITE = "http://localhost:3000";
const SESSION = "fleet-advisor-hub.session";

let provider: LocalProvider;
let handle: (request: Request) => Promise<Response>;
let account: Account;
let user: User;
let subject: string;

/** It says on its own what a provider for production would need. */
async function startQuietly(): Promise<LocalProvider> {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  const started = await startLocalProvider(SITE);
  warn.mockRestore();
  return started;
}

beforeAll(async () => {
  provider = await startQuietly();
  Object.assign(process.env, {
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_NAME: "Test provider",
  });
  ({ handleAuthRequest: handle } = await import("./handle-auth-request"));
});
afterAll(() => provider.close());

beforeEach(async () => {
  account = await makeAccount();
  user = await makePerson(account, "administrator");
  // All digits, as some providers have it: it must never be taken for an id of ours.
  subject = String(randomBytes(5).readUIntBE(0, 5) + 1);
  provider.people.set(subject, { email: user.email.toUpperCase(), email_verified: true });
});

/** A browser's cookies, by host and port: what one site sets the other never sees. */
class Browser {
  private readonly jar = new Map<string, Map<string, string>>();

  constructor(private readonly site = "same-origin") {}

  set(origin: string, name: string, value: string): void {
    const cookies = this.jar.get(origin) ?? new Map<string, string>();
    this.jar.set(origin, value === "" ? (cookies.delete(name), cookies) : cookies.set(name, value));
  }
  get(name: string): string | undefined {
    return this.jar.get(SITE)?.get(name);
  }
  names(): string[] {
    return [...(this.jar.get(SITE)?.keys() ?? [])].sort();
  }
  async open(address: string, init: RequestInit = {}): Promise<Response> {
    const { origin } = new URL(address);
    const cookie = [...(this.jar.get(origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = {
      ...(cookie && { cookie }),
      "sec-fetch-site": this.site,
      "x-forwarded-for": "203.0.113.7",
      "user-agent": "Test browser",
    };
    const request = new Request(address, {
      ...init,
      headers: { ...headers, ...(init.headers as Record<string, string>) },
      redirect: "manual",
    });
    const response = origin === SITE ? await handle(request) : await fetch(request);
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.set(origin, name, /max-age=0/i.test(line) ? "" : value);
    }
    return response;
  }
  /** Follows redirects to the first page that is one, or to a page of the hub. */
  async follow(address: string, init?: RequestInit): Promise<{ address: string; status: number }> {
    const response = await this.open(address, init);
    const location = response.headers.get("location");
    if (location === null) return { address, status: response.status };
    const next = new URL(location, address).href;
    return new URL(next).origin === SITE && !next.startsWith(`${SITE}/api/auth/`)
      ? { address: next, status: response.status }
      : this.follow(next);
  }
}

/** From the link on the sign-in page to the page that one ends on. */
async function signIn(browser: Browser, query = "", as = subject): Promise<string> {
  const page = await browser.follow(`${SITE}/api/auth/signin/oidc${query}`);
  if (!page.address.includes("/interaction/")) return page.address;
  const form = { method: "POST", body: new URLSearchParams({ subject: as }) };
  return (await browser.follow(page.address, form)).address;
}

const sessionOf = (browser: Browser) =>
  db().session.findUnique({ where: { tokenHash: hashSessionToken(browser.get(SESSION) ?? "") } });
const links = () => db().identityLink.findMany({ where: { userId: user.id } });

describe("a single sign-on", () => {
  it("asks with state, nonce and PKCE, and leaves what it needs for the way back in cookies out of scripts' reach", async () => {
    const response = await new Browser().open(`${SITE}/api/auth/signin/oidc?next=/api-keys`);
    const asked = new URL(response.headers.get("location") ?? "");
    expect(asked.origin).toBe(provider.issuer);
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      client_id: CLIENT.id,
      redirect_uri: `${SITE}/api/auth/callback/oidc`,
      response_type: "code",
      scope: "openid email profile",
      code_challenge_method: "S256",
      max_age: "43200",
    });
    for (const name of ["state", "nonce", "code_challenge"])
      expect(asked.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
    for (const line of response.headers.getSetCookie()) expect(line).toMatch(/Path=\/;.*HttpOnly; SameSite=Lax/);
    expect(response.headers.getSetCookie().join()).not.toContain("csrf");
  });

  it("lets an existing person in by the verified address, links the identity once, and writes both down", async () => {
    const browser = new Browser();
    expect(await signIn(browser, "?next=/api-keys%3Fstatus=active")).toBe(`${SITE}/api-keys?status=active`);
    expect(await sessionOf(browser)).toMatchObject({ userId: user.id, ip: "203.0.113.7", userAgent: "Test browser" });
    expect(await links()).toMatchObject([{ provider: provider.issuer, providerAccountId: subject }]);
    expect(browser.names()).toEqual([SESSION]);
    const written = await db().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } });
    expect(written.map(({ action, actorId, recordId }) => [action, actorId, recordId])).toEqual([
      ["user.identityLinked", user.id, user.id],
      ["user.signedIn", user.id, user.id],
    ]);
    // From now on by the identity: the provider may call him what it likes.
    provider.people.set(subject, { email: "another@example.com", email_verified: false });
    const second = new Browser();
    expect(await signIn(second)).toBe(`${SITE}/`);
    expect(await sessionOf(second)).toMatchObject({ userId: user.id });
    expect(await links()).toHaveLength(1);
  });

  it("goes on through a rotation of AUTH_SECRET while the person is at the provider", async () => {
    const { env } = await import("@/lib/platform/env");
    const before = { ...env() };
    const browser = new Browser();
    const page = await browser.follow(`${SITE}/api/auth/signin/oidc`);
    Object.assign(env(), { AUTH_SECRET: "n".repeat(40), AUTH_SECRET_PREVIOUS: [before.AUTH_SECRET] });
    try {
      await browser.follow(page.address, { method: "POST", body: new URLSearchParams({ subject }) });
      expect(await sessionOf(browser)).toMatchObject({ userId: user.id });
      expect(browser.names()).toEqual([SESSION]);
      expect(await signIn(new Browser())).toBe(`${SITE}/`);
    } finally {
      Object.assign(env(), before);
    }
  });

  it.each([
    [
      "an address that the provider has not verified",
      () => provider.people.set(subject, { email: user.email, email_verified: false }),
    ],
    [
      "an address of nobody here",
      () => provider.people.set(subject, { email: `nobody-${subject}@example.com`, email_verified: true }),
    ],
    [
      "somebody who belongs to no account any more",
      () => bookkeepingDb().membership.deleteMany({ where: { userId: user.id } }),
    ],
  ])("refuses %s, and signs nobody up", async (_, spoil) => {
    await spoil();
    const users = await db().user.count({ where: { email: { contains: subject } } });
    const browser = new Browser();
    expect(await signIn(browser, "?next=/api-keys")).toBe(`${SITE}/sign-in?problem=single-sign-on&next=%2Fapi-keys`);
    expect(browser.names()).toEqual([]);
    expect(await links()).toEqual([]);
    expect(await db().user.count({ where: { email: { contains: subject } } })).toBe(users);
  });

  describe("takes an address and whether it was verified from one place", () => {
    const OUTCOME = { in: `${SITE}/`, out: `${SITE}/sign-in?problem=single-sign-on` };
    const theirs = () => ({ email: user.email });
    const another = () => ({ email: `another-${subject}@example.com` });

    it.each<[string, boolean, "in" | "out", () => ProviderPerson]>([
      // What userinfo has verified is another address, or none.
      ["the ID token's address alone", false, "out", () => ({ inIdToken: theirs(), email_verified: true })],
      [
        "the ID token's address beside another one of userinfo",
        false,
        "out",
        () => ({ inIdToken: theirs(), ...another(), email_verified: true }),
      ],
      [
        "an address that the ID token calls unverified",
        false,
        "out",
        () => ({ inIdToken: { ...theirs(), email_verified: false }, ...theirs(), email_verified: true }),
      ],
      [
        "an address verified in the ID token, userinfo silent",
        false,
        "in",
        () => ({ inIdToken: { ...theirs(), email_verified: true } }),
      ],
      ["an address verified in userinfo", false, "in", () => ({ ...theirs(), email_verified: true })],
      [
        "an address verified in userinfo, the ID token says no more than the address",
        false,
        "in",
        () => ({ inIdToken: theirs(), ...theirs(), email_verified: true }),
      ],
      ['the text "true"', false, "in", () => ({ ...theirs(), email_verified: "true" })],
      ['the text "false"', false, "out", () => ({ ...theirs(), email_verified: "false" })],
      ["no word about it", false, "out", theirs],
      ["no word about it, with OIDC_TRUST_EMAIL=1", true, "in", theirs],
      ["an ID token's address and no word, with OIDC_TRUST_EMAIL=1", true, "in", () => ({ inIdToken: theirs() })],
      ["false, with OIDC_TRUST_EMAIL=1", true, "out", () => ({ ...theirs(), email_verified: false })],
      ['the text "false", with OIDC_TRUST_EMAIL=1', true, "out", () => ({ ...theirs(), email_verified: "false" })],
      [
        "false in the other place, with OIDC_TRUST_EMAIL=1",
        true,
        "out",
        () => ({ inIdToken: theirs(), email_verified: false }),
      ],
    ])("%s", async (_, trust, outcome, person) => {
      provider.people.set(subject, person());
      const { env } = await import("@/lib/platform/env");
      const settings = env() as { OIDC_TRUST_EMAIL?: boolean };
      settings.OIDC_TRUST_EMAIL = trust;
      try {
        expect(await signIn(new Browser())).toBe(OUTCOME[outcome]);
      } finally {
        settings.OIDC_TRUST_EMAIL = false;
      }
      expect(await links()).toHaveLength(outcome === "in" ? 1 : 0);
    });

    // The Kelvin sign and full-width letters make another mailbox there of what is one here.
    it.each(["\u212A", "Ｋ"])("an address is verified as it is written: %s is no K", async (letter) => {
      const email = `k${subject}@example.com`;
      await bookkeepingDb().user.update({ where: { id: user.id }, data: { email } });
      provider.people.set(subject, { email: email.replace("k", letter), email_verified: true });
      expect(await signIn(new Browser())).toBe(OUTCOME.out);
      provider.people.set(subject, { email: email.replace("k", "K"), email_verified: true });
      expect(await signIn(new Browser())).toBe(OUTCOME.in);
    });
  });

  it("takes no subject for a person's id", async () => {
    provider.people.set(String(user.id), { email: `nobody-${subject}@example.com`, email_verified: false });
    expect(await signIn(new Browser(), "", String(user.id))).toBe(`${SITE}/sign-in?problem=single-sign-on`);
  });

  it("replaces the session that the browser brought, and links nothing to its person", async () => {
    const other = await makePerson(account, "member");
    const browser = new Browser();
    const old = await makeSession(other);
    browser.set(SITE, SESSION, old);
    expect(await signIn(browser)).toBe(`${SITE}/`);
    expect(await sessionOf(browser)).toMatchObject({ userId: user.id });
    expect(await db().session.count({ where: { tokenHash: hashSessionToken(old) } })).toBe(0);
    expect(await db().identityLink.count({ where: { userId: other.id } })).toBe(0);
    const before = browser.get(SESSION);
    await signIn(browser);
    expect(browser.get(SESSION)).not.toBe(before);
    expect(await db().session.count({ where: { userId: user.id } })).toBe(1);
  });

  it("counts as fresh from when the person proved it to the provider, not from when we heard of it", async () => {
    const browser = new Browser();
    await signIn(browser);
    const [first] = await Promise.all([sessionOf(browser), new Promise((resolve) => setTimeout(resolve, 2100))]);
    expect(Math.abs((first?.signedInAt.getTime() ?? 0) - Date.now() + 2100)).toBeLessThan(4000);
    // The provider still knows him: nothing is asked, and nothing was proved anew.
    provider.asked.length = 0;
    expect(await signIn(browser)).toBe(`${SITE}/`);
    expect(provider.asked.filter(({ step }) => step === "login")).toEqual([]);
    const second = await sessionOf(browser);
    expect(second?.signedInAt).toEqual(first?.signedInAt);
    expect(second?.expiresAt.getTime()).toBeGreaterThan((first?.expiresAt.getTime() ?? 0) + 1000);
    // Asked for a fresh one, it wants the proof again.
    expect(await signIn(browser, "?fresh=1&next=/api-keys")).toBe(`${SITE}/api-keys`);
    expect(
      provider.asked.some(
        (asked) => asked.step === "login" && asked.prompt === "login" && Number(asked.max_age) === 900,
      ),
    ).toBe(true);
    expect((await sessionOf(browser))?.signedInAt.getTime()).toBeGreaterThan((first?.signedInAt.getTime() ?? 0) + 1000);
  });
});

describe("what a provider's answer may not do", () => {
  async function callbackOf(browser: Browser): Promise<URL> {
    let address = (await browser.follow(`${SITE}/api/auth/signin/oidc`)).address;
    let init: RequestInit | undefined = { method: "POST", body: new URLSearchParams({ subject }) };
    while (!address.startsWith(SITE)) {
      const response = await browser.open(address, init);
      init = undefined;
      address = new URL(response.headers.get("location") ?? "", address).href;
    }
    return new URL(address);
  }
  const FAILED = `${SITE}/sign-in?problem=failed`;

  it("be used with another state, another browser, or twice", async () => {
    const browser = new Browser();
    const callback = await callbackOf(browser);
    const forged = new URL(callback);
    forged.searchParams.set("state", "x".repeat(43));
    expect((await new Browser().follow(callback.href)).address).toBe(FAILED);
    expect((await browser.follow(forged.href)).address).toContain("problem=failed");
    expect(await links()).toEqual([]);
    // Nothing was used up by it.
    expect((await browser.follow(callback.href)).address).toBe(`${SITE}/`);
    expect((await browser.follow(callback.href)).address).toBe(FAILED);
    expect(await links()).toHaveLength(1);
  });

  it("be an error that the person sees a page of", async () => {
    const browser = new Browser();
    await browser.follow(`${SITE}/api/auth/signin/oidc`);
    expect(
      (await browser.follow(`${SITE}/api/auth/callback/oidc?error=access_denied&error_description=No`)).address,
    ).toContain("problem=failed");
  });

  it("lead to another site", async () => {
    expect(await signIn(new Browser(), `?next=${encodeURIComponent("//evil.example")}`)).toBe(`${SITE}/`);
  });
});

it("is not started by another site, nor by a POST", async () => {
  const response = await new Browser("cross-site").open(`${SITE}/api/auth/signin/oidc`);
  expect([response.status, response.headers.get("location")]).toEqual([303, `${SITE}/sign-in`]);
  const posted = await new Browser().open(`${SITE}/api/auth/signin/oidc`, { method: "POST" });
  expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET"]);
});

it("says so when the provider does not answer", async () => {
  const { oidcProvider } = await import("./oidc");
  expect(oidcProvider()?.wellKnown).toBe(`${provider.issuer}/.well-known/openid-configuration`);
  const gone = await startQuietly();
  await gone.close();
  const { env } = await import("@/lib/platform/env");
  const settings = env() as { OIDC_ISSUER?: string };
  settings.OIDC_ISSUER = gone.issuer;
  try {
    expect((await new Browser().follow(`${SITE}/api/auth/signin/oidc`)).address).toBe(`${SITE}/sign-in?problem=failed`);
  } finally {
    settings.OIDC_ISSUER = provider.issuer;
  }
});

it("an outsider with an account at the provider alone stays outside", async () => {
  const outsider = await makeUser();
  provider.people.set("outsider", { email: outsider.email, email_verified: true });
  expect(await signIn(new Browser(), "", "outsider")).toContain("problem=single-sign-on");
});
