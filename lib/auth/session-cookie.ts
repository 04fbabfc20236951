import { hash } from "node:crypto";

/** The cookie's name; a browser refuses the `__Secure-` prefix on plain http. */
export function sessionCookieName(appUrl: string): string {
  return appUrl.startsWith("https:") ? "__Secure-fleet-advisor-hub.session" : "fleet-advisor-hub.session";
}

/** What the sessions table keeps of a cookie's value. */
export function hashSessionToken(sessionToken: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash("sha256", sessionToken, "buffer"));
}
