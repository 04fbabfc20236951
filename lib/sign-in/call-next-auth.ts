import "server-only";
import { hash, randomBytes } from "node:crypto";
import type { NextApiRequest, NextApiResponse } from "next";
import { decode } from "next-auth/jwt";
import NextAuth from "next-auth/next";

import { isOutage } from "@/lib/platform/database/state";
import { env } from "@/lib/platform/env";
import { signingSecrets } from "@/lib/platform/key-ring";
import type { SignInRequestFacts } from "./adapter";
import { authOptions } from "./auth-options";

/** One of next-auth's ways, as it wants to be asked. */
export interface NextAuthRequest {
  readonly method: "GET" | "POST";
  /** Such as ["callback", "email"]. */
  readonly way: readonly [string, string];
  readonly query: Readonly<Record<string, string>>;
  readonly cookies: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, string>>;
  /** What signed its link or encrypted its cookies, where that was before a rotation. Not given: what does so now. */
  readonly secret?: string;
}

export interface NextAuthAnswer {
  readonly location: string;
  /** Set-Cookie lines. */
  readonly cookies: readonly string[];
}

/** The cookies of next-auth's own that it sets and wants back; its name of the session's is another. */
const OWN_COOKIE = /^(__Secure-)?next-auth\./;
const STATE_COOKIE = /^(__Secure-)?next-auth\.state$/;
const CSRF_COOKIE = /^(__Host-)?next-auth\.csrf-token$/;

export function ownCookies(cookies: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(cookies).filter(([name]) => OWN_COOKIE.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name, decoded(value)]));
}

/** As next-auth wrote it; what is no encoding of anything is nothing that it wrote. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

/** What its cookies of a single sign-on under way were encrypted with; what encrypts now where none of ours opens them. */
export async function secretOfCookies(cookies: Readonly<Record<string, string>>): Promise<string> {
  const [salt, token] = Object.entries(cookies).find(([name]) => STATE_COOKIE.test(name)) ?? [];
  for (const secret of signingSecrets()) {
    const opened = await decode({ token, secret, salt }).catch(() => null);
    if (opened !== null) return secret;
  }
  return signingSecrets()[0];
}

/** Its own lock against forged requests. Ours is another (handle-auth-request.ts), so that it is opened here. */
export function openedCsrfLock(): Pick<NextAuthRequest, "cookies"> & { body: Record<string, string> } {
  const { APP_URL } = env();
  const [secret] = signingSecrets();
  const csrfToken = randomBytes(32).toString("hex");
  const name = `${APP_URL.startsWith("https:") ? "__Host-" : ""}next-auth.csrf-token`;
  return { cookies: { [name]: `${csrfToken}|${hash("sha256", csrfToken + secret, "hex")}` }, body: { csrfToken } };
}

/** Asks next-auth as if it stood behind a route, and reads its answer. @throws what the database's being away threw in it */
export async function callNextAuth(asked: NextAuthRequest, facts: SignInRequestFacts): Promise<NextAuthAnswer> {
  // next-auth takes its own address from here; the request's Host counts for nothing.
  process.env.NEXTAUTH_URL = env().APP_URL;
  const { method, way, query, cookies, body = {} } = asked;
  const request = { method, query: { ...query, nextauth: [...way] }, cookies, headers: {}, body };
  const answer = new CollectedAnswer();
  const faults: unknown[] = [];
  const options = authOptions(facts, (fault) => faults.push(fault), asked.secret);
  await NextAuth(request as unknown as NextApiRequest, answer as unknown as NextApiResponse, options);
  // Its answer to these is that signing in failed, as if another link or another try would help.
  for (const fault of faults) if (await isOutage(fault)) throw fault;
  return {
    location: answer.location(),
    cookies: answer.setCookies().filter((line) => !CSRF_COOKIE.test(line.split("=")[0] ?? "")),
  };
}

/** As much of Node's response as next-auth writes to. */
class CollectedAnswer {
  private readonly headers = new Map<string, string | string[]>();

  status(): this {
    return this;
  }
  getHeader(name: string): string | string[] | undefined {
    return this.headers.get(name);
  }
  setHeader(name: string, value: string | string[]): this {
    this.headers.set(name, value);
    return this;
  }
  send(): void {}
  end(): void {}

  setCookies(): string[] {
    return [this.headers.get("Set-Cookie") ?? []].flat();
  }
  location(): string {
    return String(this.headers.get("Location") ?? "/");
  }
}
