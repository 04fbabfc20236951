import "server-only";
import { hash, randomBytes } from "node:crypto";

import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/write-db";
import { LINK_MINUTES } from "./policy";

/** Exactly what next-auth makes of a link's token before it asks the adapter for it. */
function hashLinkToken(token: string): string {
  return hash("sha256", `${token}${env().AUTH_SECRET}`, "hex");
}

function toBytes(tokenHash: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(tokenHash, "hex"));
}

export interface NewSignInLink {
  /** 256 bits, in the mail alone. */
  readonly token: string;
  readonly tokenHash: string;
}

export async function createSignInLink(email: string): Promise<NewSignInLink> {
  const token = randomBytes(32).toString("base64url");
  const tokenHash = hashLinkToken(token);
  await bookkeepingDb().$executeRaw`
    INSERT INTO sign_in_links (token_hash, email, created_at, expires_at)
    VALUES (${toBytes(tokenHash)}, ${email}, clock_timestamp(), clock_timestamp() + make_interval(mins => ${LINK_MINUTES}))`;
  return { token, tokenHash };
}

/** Uses a link up. False where it is unknown, another address's, expired, or used, be it at this very instant. */
export async function redeemSignInLink(email: string, tokenHash: string): Promise<boolean> {
  const used = await bookkeepingDb().$executeRaw`
    UPDATE sign_in_links SET used_at = clock_timestamp()
    WHERE token_hash = ${toBytes(tokenHash)} AND email = ${email} AND used_at IS NULL AND expires_at > clock_timestamp()`;
  return used === 1;
}

/** Requests, links and sessions that can decide nothing any more. */
export async function forgetOldSignIns(): Promise<void> {
  const old = bookkeepingDb();
  await old.$executeRaw`DELETE FROM sign_in_requests WHERE created_at < clock_timestamp() - interval '1 day'`;
  await old.$executeRaw`DELETE FROM sign_in_links WHERE expires_at < clock_timestamp() - interval '1 day'`;
  await old.$executeRaw`DELETE FROM sessions WHERE expires_at < clock_timestamp() - interval '1 day'`;
}
