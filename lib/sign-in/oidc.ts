import "server-only";
import type { Profile } from "next-auth";
import type { OAuthConfig } from "next-auth/providers/oauth";

import { FRESH_MINUTES, SESSION_HOURS } from "@/lib/auth/rights";
import { env } from "@/lib/platform/env";
import { normalizeEmail } from "./policy";

/** How next-auth's ways call the one provider there may be: /api/auth/callback/oidc. */
export const OIDC = "oidc";

const TIMEOUT_MS = 10_000;

export interface OidcClaims extends Profile {
  /** As it comes; some providers write the truth as a text. */
  readonly email_verified?: unknown;
  /** When the person proved who he is to the provider, in seconds. */
  readonly auth_time?: number;
}

/** What identities are kept under: a subject means something within its issuer alone. */
export function identityProvider(provider: string): string {
  return provider === OIDC ? (env().OIDC_ISSUER ?? provider) : provider;
}

/** The single sign-on of the environment; null where none is configured. */
export function oidcProvider(): OAuthConfig<OidcClaims> | null {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_NAME } = env();
  if (OIDC_ISSUER === undefined || OIDC_CLIENT_ID === undefined || OIDC_CLIENT_SECRET === undefined) return null;
  return {
    id: OIDC,
    name: OIDC_NAME,
    type: "oauth",
    wellKnown: `${OIDC_ISSUER.replace(/\/$/, "")}/.well-known/openid-configuration`,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    authorization: { params: { scope: "openid email profile" } },
    checks: ["pkce", "state", "nonce"],
    idToken: true,
    userinfo: {
      // Many providers say an address only here; the client compares the subject with the ID token's.
      request: async ({ tokens, client }) => {
        const inIdToken = idTokenClaims(tokens);
        const inUserinfo: OidcClaims = client.issuer.metadata.userinfo_endpoint
          ? await client.userinfo(tokens as never)
          : {};
        return { ...inUserinfo, ...inIdToken, ...verifiedAddress([inIdToken, inUserinfo]) };
      },
    },
    // Whether the address may be trusted is asked by isKnownHere before next-auth links anybody by it.
    allowDangerousEmailAccountLinking: true,
    httpOptions: { timeout: TIMEOUT_MS },
    profile: ({ sub = "", name, email }) => ({ id: sub, name: name ?? null, email: email ?? null }),
  };
}

/** What people call it on our pages; null where none is configured. */
export function singleSignOnName(): string | null {
  return oidcProvider()?.name ?? null;
}

function idTokenClaims(tokens: unknown): OidcClaims {
  return (tokens as { claims(): OidcClaims }).claims();
}

/** Null where nothing is said. */
function isTrue(claim: unknown): boolean | null {
  return claim === undefined || claim === null ? null : claim === true || claim === "true";
}

/** Letters that are another mailbox to the provider, but become this one once they are normalised, verify nothing. */
function isPlainlySpelled(email: string): boolean {
  return email.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) === normalizeEmail(email);
}

/**
 * An address with what the same place says of it: what one place has verified may be another address than the other's.
 * With OIDC_TRUST_EMAIL silence counts as a yes; a no never does, wherever it stands.
 */
function verifiedAddress(places: readonly OidcClaims[]): { email: string | undefined; email_verified: boolean } {
  const addressed = places.filter(({ email }) => typeof email === "string" && email !== "");
  const said = addressed.find(({ email_verified: claim }) => isTrue(claim) !== null) ?? addressed[0];
  const isDenied = places.some(({ email_verified: claim }) => isTrue(claim) === false);
  const isVerified = isTrue(said?.email_verified) ?? (env().OIDC_TRUST_EMAIL && !isDenied);
  return { email: said?.email, email_verified: isVerified && isPlainlySpelled(said?.email ?? "") };
}

/** What the provider is asked besides. `max_age` makes it say when the person proved who he is. */
export function authorizationParameters(isFresh: boolean): Record<string, string> {
  return isFresh ? { prompt: "login", max_age: String(FRESH_MINUTES * 60) } : { max_age: String(SESSION_HOURS * 3600) };
}

/** What decides what is fresh. A provider that does not say when counts as long ago: a mailed link is always left. */
export function provedAt({ auth_time: seconds }: OidcClaims): Date {
  return new Date(typeof seconds === "number" ? seconds * 1000 : 0);
}
