import "server-only";
import { cookies } from "next/headers";

import { env } from "@/lib/platform/env";

/** As long as a link works, and a little longer: its mail may take a while. */
const NEXT_MINUTES = 20;

/** `__Host-`: no other site of the same domain can set it. A browser refuses the prefix on plain http. */
export function nextCookieName(appUrl: string): string {
  return appUrl.startsWith("https:") ? "__Host-fleet-advisor-hub.next" : "fleet-advisor-hub.next";
}

/** The page in a cookie's value, which holds no more than some letters; null where there is none. To be checked again by whoever goes there. */
export function readNextCookie(value: string | undefined): string | null {
  return value ? Buffer.from(value, "base64url").toString("utf8") : null;
}

/** Takes it away, as a line of an answer's own. */
export function endedNextCookie(appUrl: string): string {
  const secure = appUrl.startsWith("https:") ? "; Secure" : "";
  return `${nextCookieName(appUrl)}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

/**
 * Keeps in the asking browser where to go on to once it is signed in: a link opened elsewhere leads to the start. Null
 * takes away what an earlier request left.
 */
export async function keepNext(path: string | null): Promise<void> {
  const { APP_URL } = env();
  const [jar, name] = [await cookies(), nextCookieName(APP_URL)];
  if (path === null && !jar.has(name)) return;
  jar.set({
    name,
    value: Buffer.from(path ?? "").toString("base64url"),
    maxAge: path === null ? 0 : NEXT_MINUTES * 60,
    path: "/",
    httpOnly: true,
    sameSite: "lax",
    secure: APP_URL.startsWith("https:"),
  });
}
