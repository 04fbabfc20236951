import "server-only";
import { authorize } from "@/lib/auth/permit";
import { ownAuthContext, liveSession } from "@/lib/auth/session";
import { endedNextCookie, nextCookieName, readNextCookie } from "@/lib/auth/next-cookie";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/platform/errors";
import { deleteSession, type SignInRequestFacts } from "./adapter";
import { callNextAuth } from "./call-next-auth";
import { OIDC, oidcProvider } from "./oidc";
import { nextPath } from "./policy";
import { signInLinkInput } from "./schema";
import { endSession } from "./service";
import { secretOfLink } from "./create-sign-in-link";
import { beginSingleSignOn, endSingleSignOn } from "./begin-single-sign-on";

type Way = (request: Request) => Promise<Response>;

/** Forms of our own pages. */
const POSTED: Readonly<Record<string, Way>> = { "callback/email": signInByLink, signout: signOut };

/** The two ends of a single sign-on: a link on our page, and the provider's redirect. */
const FOLLOWED: Readonly<Record<string, Way>> = {
  [`signin/${OIDC}`]: leaveForProvider,
  [`callback/${OIDC}`]: comeBackFromProvider,
};

/** Ways of next-auth that are shut: links are asked for by our own action, which counts and answers alike for everybody. */
const SHUT = new Set(["signin/email"]);

/**
 * Everything under /api/auth: two POSTs from our own pages, and two GETs where a single sign-on is configured.
 * next-auth's other ways and its built-in pages are out of reach, above all the GET of a mailed link, which a mail
 * scanner would use up.
 */
export async function handleAuthRequest(request: Request): Promise<Response> {
  const way = new URL(request.url).pathname.replace(/^\/api\/auth\/?/, "");
  if (Object.hasOwn(FOLLOWED, way) && oidcProvider() !== null) return follow(request, FOLLOWED[way] as Way);
  const answer = Object.hasOwn(POSTED, way) ? POSTED[way] : undefined;
  if (answer === undefined)
    return SHUT.has(way)
      ? plain(405, "This is not how to ask for a link.", { allow: "" })
      : plain(404, "There is no such page.");
  if (request.method !== "POST") return plain(405, "Use the button on the sign-in page.", { allow: "POST" });
  const { APP_URL } = env();
  if (request.headers.get("origin") !== APP_URL)
    return plain(403, `This can only be done on ${APP_URL}. Open the page there and try again.`);
  return answer(request);
}

async function follow(request: Request, answer: Way): Promise<Response> {
  return request.method === "GET" ? answer(request) : plain(405, "Use the link on the sign-in page.", { allow: "GET" });
}

function plain(status: number, sentence: string, headers: Record<string, string> = {}): Response {
  return new Response(sentence, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}

function seeOther(path: string, cookies: readonly string[] = []): Response {
  return redirectTo(`${env().APP_URL}${path}`, cookies);
}

function redirectTo(location: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

function cookiesOf(request: Request): Record<string, string> {
  const pairs = request.headers.get("cookie")?.split("; ") ?? [];
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

/** The addresses were written by server/edge.ts. */
function factsOf(request: Request): SignInRequestFacts {
  return {
    sessionToken: cookiesOf(request)[sessionCookieName(env().APP_URL)] || null,
    userAgent: request.headers.get("user-agent"),
    ip: request.headers.get("x-forwarded-for"),
    requestId: request.headers.get("x-request-id"),
  };
}

async function leaveForProvider(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  // Another site that starts a sign-in in somebody's name gets him no further than our own page.
  if (request.headers.get("sec-fetch-site") === "cross-site") return seeOther("/sign-in");
  const { location, cookies } = await beginSingleSignOn(query, factsOf(request));
  return redirectTo(location, cookies);
}

async function comeBackFromProvider(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams;
  const { location, cookies } = await endSingleSignOn(query, cookiesOf(request), factsOf(request));
  return redirectTo(location, cookies);
}

async function signInByLink(request: Request): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const kept = cookiesOf(request)[nextCookieName(env().APP_URL)];
  const next = nextPath(readNextCookie(kept));
  // Made before anything is used up: whatever could be wrong with it is wrong by now.
  const onwards = seeOther(next ?? "/", kept === undefined ? [] : [endedNextCookie(env().APP_URL)]);
  const facts = factsOf(request);
  const link = signInLinkInput.safeParse({ token: form.get("token"), email: form.get("email") });
  const outcome = link.success ? await redeemLink(link.data, facts) : { problem: "link" };
  if ("cookie" in outcome) {
    onwards.headers.append("set-cookie", outcome.cookie);
    return onwards;
  }
  // A second click on the same link, in the browser that it has just signed in, is not a problem.
  const session = await liveSession({ ...facts, requestedFrom: null });
  if (link.success && session?.signedInRecently && session.email === link.data.email) return seeOther(next ?? "/");
  return seeOther(
    `/sign-in?${new URLSearchParams({ problem: outcome.problem, ...(next !== null && { next }) }).toString()}`,
  );
}

async function signOut(request: Request): Promise<Response> {
  const facts = factsOf(request);
  const authContext = await ownAuthContext({ ...facts, requestedFrom: null });
  const { actor } = authContext;
  if (actor.kind === "self" && actor.sessionId !== undefined) {
    // Twice at the same instant is once.
    await endSession(authorize(authContext, "sessions.own"), { id: actor.sessionId }).catch(ignoreEnded);
  } else if (facts.sessionToken !== null) await deleteSession(facts.sessionToken);
  const { APP_URL } = env();
  const secure = APP_URL.startsWith("https:") ? "; Secure" : "";
  return seeOther("/sign-in?signed-out=1", [
    `${sessionCookieName(APP_URL)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax${secure}`,
  ]);
}

function ignoreEnded(error: unknown): void {
  if (!(error instanceof DomainError) || error.code !== "not_found") throw error;
}

type Outcome = { readonly cookie: string } | { readonly problem: string };

/**
 * Hands next-auth the link's token in the query, and no cookie: it would end the session that the browser holds before
 * there is another. completeSignIn ends it.
 */
async function redeemLink(link: { token: string; email: string }, facts: SignInRequestFacts): Promise<Outcome> {
  const name = sessionCookieName(env().APP_URL);
  const secret = await secretOfLink(link);
  if (secret === null) return { problem: "link" };
  const asked = { method: "POST", way: ["callback", "email"], query: link, cookies: {}, secret } as const;
  const answer = await callNextAuth(asked, facts);
  const cookie = answer.cookies.find((line) => line.startsWith(`${name}=`) && !line.startsWith(`${name}=;`));
  if (cookie !== undefined) return { cookie };
  const error = new URL(answer.location, env().APP_URL).searchParams.get("error");
  if (error === "Verification" || error === "AccessDenied") return { problem: "link" };
  // Where another click was quicker, it is the link that does not work any more.
  return { problem: (await secretOfLink(link)) === null ? "link" : "failed" };
}
