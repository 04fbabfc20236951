import "server-only";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";

import type { AccountlessPermission, OwnPermission, Permission } from "@/lib/auth/permissions";
import { anyonesAuthContext, authorize, type Permit } from "@/lib/auth/permit";
import { ownAuthContext, currentAuthContext, currentIdentity } from "@/lib/auth/session";
import { DomainError } from "@/lib/platform/errors";
import { REFUSALS } from "./refusals";

/** What a visitor gets instead of a page: the sign-in page and straight back, or a 404. Anything else goes on. */
async function orRefused<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const { page } = REFUSALS[error.code];
    if (page === "signIn") return signInFirst();
    if (page === "noSuchPage") notFound();
    throw error;
  }
}

async function signInFirst(): Promise<never> {
  const path = (await headers()).get("x-page-path") ?? "/";
  redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
}

/** For pages of no account: the person's own permit, or the sign-in page and straight back. */
export function requireOwnPermit<P extends OwnPermission>(permission: P): Promise<Permit<P>> {
  return orRefused(async () => authorize(await ownAuthContext(await currentIdentity()), permission));
}

/** For pages that anybody may open, such as an invitation's. */
export async function permitForAnyone<P extends AccountlessPermission>(permission: P): Promise<Permit<P>> {
  const { ip, requestId } = await currentIdentity();
  return authorize(anyonesAuthContext({ ip, requestId }), permission);
}

/**
 * For pages: the permit, or what the visitor gets instead of it (the sign-in page and straight back, or a 404).
 * A role that may not see a page gets the same 404.
 */
export async function requirePermit<P extends Permission>(accountToken: string, permission: P): Promise<Permit<P>> {
  // A space's address stands at the root: what is no account token there is a page that does not exist, for everybody.
  if (!/^[0-9a-f]{10}$/.test(accountToken)) notFound();
  return orRefused(async () => authorize(await currentAuthContext(accountToken), permission));
}

/** The same for what only a customer's space has: in a partner's there is no such page. */
export async function requireCustomerPermit<P extends Permission>(
  accountToken: string,
  permission: P,
): Promise<Permit<P>> {
  const permit = await requirePermit(accountToken, permission);
  if (permit.account?.kind !== "customer") notFound();
  return permit;
}

/** What a page shows; a record that is not there, or that the viewer may not see, is a 404. */
export function orNotFound<T>(work: Promise<T>): Promise<T> {
  return orRefused(() => work);
}
