import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";

import { db } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makePerson, makeUser } from "@/prisma/factories/accounts-and-keys";
import { signInAdapter } from "./adapter";
import { createSignInLink, redeemSignInLink } from "./create-sign-in-link";

const adapter = signInAdapter({ sessionToken: null, userAgent: null, ip: null, requestId: null });
// next-auth declares these two through a package that is not installed.
const createUser = adapter.createUser as (user: { email: string }) => Promise<unknown>;
const linkAccount = adapter.linkAccount as (link: {
  userId: string;
  provider: string;
  providerAccountId: string;
}) => Promise<unknown>;
const DAY_MS = 86_400_000;
const newToken = () => randomBytes(32).toString("base64url");

describe("the adapter between next-auth and our tables", () => {
  it("lets nobody sign up, and makes no link of its own", async () => {
    const email = `new-${newToken().toLowerCase()}@example.com`;
    await expect(createUser({ email })).rejects.toThrow("nobody signs up");
    await expect(
      adapter.createVerificationToken?.({ identifier: email, token: "x", expires: new Date() }),
    ).rejects.toThrow();
    expect(await db().user.count({ where: { email } })).toBe(0);
  });

  it("finds a person by address and id, and nobody who belongs to no account", async () => {
    const person = await makePerson(await makeAccount(), "member");
    const found = { id: String(person.id), email: person.email, name: person.name, emailVerified: null };
    expect(await adapter.getUserByEmail?.(person.email)).toEqual(found);
    expect(await adapter.getUser?.(String(person.id))).toEqual(found);
    expect(await adapter.updateUser?.({ id: String(person.id), emailVerified: new Date() })).toEqual(found);
    const outsider = await makeUser();
    expect(await adapter.getUserByEmail?.(outsider.email)).toBeNull();
  });

  it("links an identity of a provider to a person, once", async () => {
    const person = await makePerson(await makeAccount(), "member");
    const link = { provider: "oidc", providerAccountId: newToken() };
    await linkAccount({ ...link, userId: String(person.id) });
    expect(await adapter.getUserByAccount?.(link)).toMatchObject({ id: String(person.id) });
    expect(await adapter.getUserByAccount?.({ ...link, provider: "other" })).toBeNull();
    await expect(linkAccount({ ...link, userId: String(person.id) })).rejects.toThrow();
  });

  it("ends a session by the database's clock and never extends one", async () => {
    const person = await makePerson(await makeAccount(), "member");
    const sessionToken = newToken();
    // What next-auth reckons from this machine's clock counts for nothing.
    const made = await adapter.createSession?.({
      sessionToken,
      userId: String(person.id),
      expires: new Date(Date.now() + 40 * DAY_MS),
    });
    expect((made?.expires.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(12 * 3_600_000 + 1000);
    await adapter.updateSession?.({ sessionToken, expires: new Date(Date.now() + 40 * DAY_MS) });
    const row = await db().session.findFirstOrThrow({ where: { userId: person.id } });
    expect(row.expiresAt).toEqual(made?.expires);
    expect(await adapter.getSessionAndUser?.(sessionToken)).toMatchObject({ user: { id: String(person.id) } });
    await bookkeepingDb().session.update({
      where: { id: row.id },
      data: { lastSeenAt: new Date(Date.now() - 31 * 60_000) },
    });
    expect(await adapter.getSessionAndUser?.(sessionToken)).toBeNull();
  });

  it("makes no session for somebody who belongs to no account any more", async () => {
    const outsider = await makeUser();
    await expect(
      adapter.createSession?.({ sessionToken: newToken(), userId: String(outsider.id), expires: new Date() }),
    ).rejects.toThrow();
    expect(await db().session.count({ where: { userId: outsider.id } })).toBe(0);
  });

  it("ends a session on request", async () => {
    const person = await makePerson(await makeAccount(), "member");
    const sessionToken = newToken();
    await adapter.createSession?.({ sessionToken, userId: String(person.id), expires: new Date() });
    await adapter.deleteSession?.(sessionToken);
    expect(await db().session.count({ where: { userId: person.id } })).toBe(0);
  });
});

describe("a sign-in link", () => {
  const redeem = (email: string, tokenHash: string) => redeemSignInLink(bookkeepingDb(), { email, tokenHash });

  it("is used up by one of 20 at the same instant", async () => {
    const { email } = await makePerson(await makeAccount(), "member");
    const { tokenHash } = await createSignInLink(email);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => redeem(email, tokenHash)));
    expect(outcomes.filter(Boolean)).toHaveLength(1);
  });

  it("works until its last instant, by the database's clock, and is good for one address alone", async () => {
    const { email } = await makePerson(await makeAccount(), "member");
    const late = await createSignInLink(email);
    expect(await redeem("someone@example.com", late.tokenHash)).toBe(false);
    const shift = (by: string) =>
      bookkeepingDb()
        .$executeRaw`UPDATE sign_in_links SET expires_at = clock_timestamp() + ${by}::interval WHERE email = ${email}`;
    await shift("-1 millisecond");
    expect(await redeem(email, late.tokenHash)).toBe(false);
    await shift("5 seconds");
    expect(await redeem(email, late.tokenHash)).toBe(true);
    expect(await redeem(email, late.tokenHash)).toBe(false);
  });
});
