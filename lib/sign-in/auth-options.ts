import "server-only";
import { randomBytes } from "node:crypto";
import type { AuthOptions } from "next-auth";
import type { EmailConfig } from "next-auth/providers/email";

import { SESSION_HOURS } from "@/lib/auth/session";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { signInAdapter, type SignInRequestFacts } from "./adapter";
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

/** next-auth's settings for one request. */
export function authOptions(request: SignInRequestFacts): AuthOptions {
  const { APP_URL, AUTH_SECRET } = env();
  const secure = APP_URL.startsWith("https:");
  const seconds = SESSION_HOURS * 3600;
  return {
    secret: AUTH_SECRET,
    adapter: signInAdapter(request),
    providers: [EMAIL_PROVIDER],
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
    pages: { signIn: "/sign-in", signOut: "/sign-in", error: "/sign-in", verifyRequest: "/sign-in", newUser: "/" },
    callbacks: {
      // Somebody unknown has his address for an id.
      signIn: ({ user }) => /^\d+$/.test(user.id),
    },
    logger: {
      error: (code, metadata) => log().error({ err: metadata }, `sign-in failed: ${code}`),
      warn: (code) => log().warn(`sign-in: ${code}`),
      // Would print tokens.
      debug: () => undefined,
    },
  };
}
