import "server-only";

import { sessionCookieName } from "@/lib/auth/session-cookie";
import { env } from "@/lib/platform/env";
import { callNextAuth, openedCsrfLock, ownCookies, secretOfCookies } from "./call-next-auth";
import type { SignInRequestFacts } from "./adapter";
import { authorizationParameters, OIDC } from "./oidc";
import { nextPath } from "./policy";

/** Where next-auth keeps the page to go on to while the person is at the provider. */
const NEXT_COOKIE = /^(__Secure-)?next-auth\.callback-url$/;

export interface Redirection {
  readonly location: string;
  readonly cookies: readonly string[];
}

type Cookies = Readonly<Record<string, string>>;

function problem(what: "failed" | "single-sign-on", next: string | null, cookies: readonly string[]): Redirection {
  const query = new URLSearchParams({ problem: what, ...(next !== null && next !== "/" && { next }) });
  return { location: `${env().APP_URL}/sign-in?${query.toString()}`, cookies };
}

/** A page of ours in what next-auth gives: whole, with this site's address. */
function pageOf(address: string): string | null {
  const url = URL.canParse(address, env().APP_URL) ? new URL(address, env().APP_URL) : null;
  return url?.origin === env().APP_URL ? nextPath(url.pathname + url.search) : null;
}

/** Sends the browser to the provider; state, nonce and the PKCE verifier wait in encrypted cookies for its return. */
export async function beginSingleSignOn(query: URLSearchParams, facts: SignInRequestFacts): Promise<Redirection> {
  const next = nextPath(query.get("next"));
  const lock = openedCsrfLock();
  const answer = await callNextAuth(
    {
      method: "POST",
      way: ["signin", OIDC],
      query: authorizationParameters(query.get("fresh") === "1"),
      cookies: lock.cookies,
      body: { ...lock.body, callbackUrl: `${env().APP_URL}${next ?? "/"}` },
    },
    facts,
  );
  const isOnItsWay = /^https?:/.test(answer.location) && new URL(answer.location).origin !== env().APP_URL;
  return isOnItsWay ? answer : problem("failed", next, []);
}

/**
 * What the provider says when the browser is back. next-auth is not told of the session that the browser holds: it
 * would link another person's identity to it, or make no new one. completeSignIn ends it.
 */
export async function endSingleSignOn(
  query: URLSearchParams,
  cookies: Cookies,
  facts: SignInRequestFacts,
): Promise<Redirection> {
  const own = ownCookies(cookies);
  const secret = await secretOfCookies(own);
  const asked = {
    method: "GET",
    way: ["callback", OIDC],
    query: Object.fromEntries(query),
    cookies: own,
    secret,
  } as const;
  const answer = await callNextAuth(asked, facts);
  const nextName = Object.keys(own).find((name) => NEXT_COOKIE.test(name));
  const kept = answer.cookies.filter((line) => !NEXT_COOKIE.test(line.split("=")[0] ?? ""));
  const secure = env().APP_URL.startsWith("https:") ? "; Secure" : "";
  const swept =
    nextName === undefined ? kept : [...kept, `${nextName}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax${secure}`];
  const next = nextName === undefined ? null : pageOf(own[nextName] ?? "");
  const session = `${sessionCookieName(env().APP_URL)}=`;
  const error = new URL(answer.location, env().APP_URL).searchParams.get("error");
  // Some of its failures name no error.
  if (!answer.cookies.some((line) => line.startsWith(session)))
    return problem(error === "AccessDenied" ? "single-sign-on" : "failed", next, swept);
  return { location: `${env().APP_URL}${pageOf(answer.location) ?? "/"}`, cookies: swept };
}
