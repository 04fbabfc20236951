import "server-only";
import type { NextApiRequest, NextApiResponse } from "next";
import NextAuth from "next-auth/next";

import { liveSession } from "@/lib/auth/session";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { env } from "@/lib/platform/env";
import { deleteSession, type SignInRequestFacts } from "./adapter";
import { authOptions } from "./auth-options";
import { nextPath } from "./policy";
import { signInLinkInput } from "./schema";

const ANSWERED: Readonly<Record<string, (request: Request) => Promise<Response>>> = {
  "callback/email": signInByLink,
  signout: signOut,
};

/** Ways of next-auth that are shut: links are asked for by our own action, which counts and answers alike for everybody. */
const SHUT = new Set(["signin/email"]);

/**
 * Everything under /api/auth: two POSTs from our own pages. next-auth's other ways and its built-in pages are out of
 * reach, above all the GET of a mailed link, which a mail scanner would use up.
 */
export async function handleAuthRequest(request: Request): Promise<Response> {
  const way = new URL(request.url).pathname.replace(/^\/api\/auth\/?/, "");
  const answer = Object.hasOwn(ANSWERED, way) ? ANSWERED[way] : undefined;
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

function plain(status: number, sentence: string, headers: Record<string, string> = {}): Response {
  return new Response(sentence, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store", ...headers },
  });
}

function seeOther(path: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ location: `${env().APP_URL}${path}`, "cache-control": "no-store" });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 303, headers });
}

/** The addresses were written by server/edge.ts. */
function factsOf(request: Request): SignInRequestFacts {
  const name = `${sessionCookieName(env().APP_URL)}=`;
  const cookie = request.headers
    .get("cookie")
    ?.split("; ")
    .find((pair) => pair.startsWith(name));
  return {
    sessionToken: cookie?.slice(name.length) || null,
    userAgent: request.headers.get("user-agent"),
    ip: request.headers.get("x-forwarded-for"),
    requestId: request.headers.get("x-request-id"),
  };
}

async function signInByLink(request: Request): Promise<Response> {
  const form = new URLSearchParams(await request.text());
  const next = nextPath(form.get("next"));
  const facts = factsOf(request);
  const link = signInLinkInput.safeParse({ token: form.get("token"), email: form.get("email") });
  const outcome = link.success ? await askNextAuth(link.data, facts) : { problem: "link" };
  if ("cookie" in outcome) return seeOther(next ?? "/", [outcome.cookie]);
  // A second click on the same link, in the browser that it has just signed in, is not a problem.
  const session = await liveSession({ ...facts, requestedFrom: null });
  if (link.success && session?.signedInRecently && session.email === link.data.email) return seeOther(next ?? "/");
  return seeOther(
    `/sign-in?${new URLSearchParams({ problem: outcome.problem, ...(next !== null && { next }) }).toString()}`,
  );
}

async function signOut(request: Request): Promise<Response> {
  const { sessionToken } = factsOf(request);
  if (sessionToken !== null) await deleteSession(sessionToken);
  const { APP_URL } = env();
  const secure = APP_URL.startsWith("https:") ? "; Secure" : "";
  return seeOther("/sign-in?signed-out=1", [
    `${sessionCookieName(APP_URL)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax${secure}`,
  ]);
}

type Outcome = { readonly cookie: string } | { readonly problem: string };

/** Hands next-auth the request as it wants it (the token in the query, of the cookies the session's alone) and reads its answer. */
async function askNextAuth(
  { token, email }: { token: string; email: string },
  facts: SignInRequestFacts,
): Promise<Outcome> {
  const { APP_URL } = env();
  // next-auth takes its own address from here; the request's Host counts for nothing.
  process.env.NEXTAUTH_URL = APP_URL;
  const name = sessionCookieName(APP_URL);
  const cookies = facts.sessionToken === null ? {} : { [name]: facts.sessionToken };
  const request = {
    method: "POST",
    query: { nextauth: ["callback", "email"], token, email },
    cookies,
    headers: {},
    body: {},
  };
  const answer = new CollectedAnswer();
  await NextAuth(request as unknown as NextApiRequest, answer as unknown as NextApiResponse, authOptions(facts));
  const cookie = answer.setCookies().find((line) => line.startsWith(`${name}=`) && !line.startsWith(`${name}=;`));
  if (cookie !== undefined) return { cookie };
  const error = new URL(answer.location(), APP_URL).searchParams.get("error");
  return { problem: error === "Verification" || error === "AccessDenied" ? "link" : "failed" };
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
