import "server-only";
import { randomBytes } from "node:crypto";
import type { Account, AuthOptions } from "next-auth";
import type { Adapter } from "next-auth/adapters";
import type { EmailConfig } from "next-auth/providers/email";

import { SESSION_HOURS } from "@/lib/auth/rights";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { env } from "@/lib/platform/env";
import { signingSecrets } from "@/lib/platform/key-ring";
import { log } from "@/lib/platform/log";
import { errorWithoutValues } from "@/lib/platform/logged-error";
import { getUserByAccount, getUserByEmail, signInAdapter, type SignInRequestFacts } from "./adapter";
import { oidcProvider, provedAt, type OidcClaims } from "./oidc";
import { LINK_MINUTES } from "./policy";

/** Written by hand: next-auth's own wants nodemailer, and its way of asking for a link is not used (actions.ts is). */
const EMAIL_PROVIDER: EmailConfig = {
  id: "email",
  type: "email",
  name: "Email",
  server: "",
  from: "",
  maxAge: LINK_MINUTES * 60,
  sendVerificationRequest: () => Promise.reject(new Error("links are asked for by requestSignInLinkAction")),
  options: {},
};

/** Nobody signs up: only who is somebody here already, by this very identity or by an address that the provider has verified. */
async function isKnownHere(account: Account, claims: OidcClaims): Promise<boolean> {
  if ((await getUserByAccount(account)) !== null) return true;
  if (claims.email_verified !== true || !claims.email) return false;
  return (await getUserByEmail(claims.email)) !== null;
}

/** Of what goes wrong between us and a provider only the words: the rest holds tokens, our own secret among them. */
function wordsOf(metadata: unknown): string {
  const error = metadata instanceof Error ? metadata : (metadata as { error?: unknown }).error;
  const words = error instanceof Error ? errorWithoutValues(error).message : "no error given";
  return words.replaceAll(/[\w.~+/=-]{20,}/g, "[left out]").slice(0, 500);
}

/** Told of what goes wrong on our side: next-auth makes a problem of the person's of it, and says nothing more. */
export type FaultListener = (fault: unknown) => void;

function reportFaults<Args extends readonly unknown[], T>(
  work: (...args: Args) => T | Promise<T>,
  onFault: FaultListener,
): (...args: Args) => Promise<T> {
  return async (...args) => {
    try {
      return await work(...args);
    } catch (fault) {
      onFault(fault);
      throw fault;
    }
  };
}

function reportAdapterFaults(adapter: Adapter, onFault: FaultListener): Adapter {
  const methods = Object.entries(adapter) as [string, (...args: unknown[]) => unknown][];
  return Object.fromEntries(methods.map(([name, method]) => [name, reportFaults(method, onFault)]));
}

/** next-auth's settings for one request. @param secret what signed the request's link or cookies */
export function authOptions(
  request: SignInRequestFacts,
  onFault: FaultListener,
  secret: string = signingSecrets()[0],
): AuthOptions {
  const { APP_URL } = env();
  const secure = APP_URL.startsWith("https:");
  const seconds = SESSION_HOURS * 3600;
  const oidc = oidcProvider();
  let proved: Date | null = null;
  return {
    secret,
    adapter: reportAdapterFaults(
      signInAdapter(request, () => proved),
      onFault,
    ),
    providers: oidc === null ? [EMAIL_PROVIDER] : [EMAIL_PROVIDER, oidc],
    // Never slides: idle time is counted by lib/auth/session.ts, and a session is replaced, not extended.
    session: {
      strategy: "database",
      maxAge: seconds,
      updateAge: seconds,
      generateSessionToken: () => randomBytes(32).toString("base64url"),
    },
    useSecureCookies: secure,
    cookies: {
      sessionToken: {
        name: sessionCookieName(APP_URL),
        options: { httpOnly: true, sameSite: "lax", path: "/", secure },
      },
    },
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in" },
    callbacks: {
      signIn: reportFaults(({ user, account, profile = {} }) => {
        // Somebody unknown has his address for an id.
        if (account?.type !== "oauth") return /^\d+$/.test(user.id);
        proved = provedAt(profile);
        return isKnownHere(account, profile);
      }, onFault),
    },
    logger: {
      error: (code, metadata) =>
        log().error({ reason: wordsOf(metadata), requestId: request.requestId }, `sign-in failed: ${code}`),
      warn: (code) => log().warn(`sign-in: ${code}`),
      // Would print tokens.
      debug: () => undefined,
    },
  };
}
