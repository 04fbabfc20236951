import "server-only";
import { hash, randomBytes } from "node:crypto";

import type { Tx } from "@/lib/audit-log/mutate";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { signingSecrets } from "@/lib/platform/key-ring";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { LINK_MINUTES } from "./policy";

/** Exactly what next-auth makes of a link's token before it asks the adapter for it. */
function hashLinkToken(token: string, secret: string): string {
  return hash("sha256", `${token}${secret}`, "hex");
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
  const tokenHash = hashLinkToken(token, signingSecrets()[0]);
  await bookkeepingDb().$executeRaw`
    INSERT INTO sign_in_links (token_hash, email, created_at, expires_at)
    VALUES (${toBytes(tokenHash)}, ${email}, clock_timestamp(), clock_timestamp() + make_interval(mins => ${LINK_MINUTES}))`;
  return { token, tokenHash };
}

/** A link that somebody holds. */
export interface GivenLink {
  readonly email: string;
  readonly tokenHash: string;
}

/** Not unknown, another address's, expired or used. */
function isGood({ email, tokenHash }: GivenLink): Prisma.Sql {
  return Prisma.sql`token_hash = ${toBytes(tokenHash)} AND email = ${email} AND used_at IS NULL AND expires_at > clock_timestamp()`;
}

/** Looks, and uses nothing up. */
export async function isGoodLink(link: GivenLink): Promise<boolean> {
  const found = await readSql<{ id: number }>(Prisma.sql`SELECT id FROM sign_in_links WHERE ${isGood(link)}`);
  return found.length === 1;
}

/** The secret that a good link was made with, be it from before a rotation; null where the link is not good. */
export async function secretOfLink({
  email,
  token,
}: {
  readonly email: string;
  readonly token: string;
}): Promise<string | null> {
  for (const secret of signingSecrets())
    if (await isGoodLink({ email, tokenHash: hashLinkToken(token, secret) })) return secret;
  return null;
}

/** Uses a link up. False where it is no good, or used by another at this very instant. */
export async function redeemSignInLink(tx: Tx, link: GivenLink): Promise<boolean> {
  const used = await tx.$executeRaw`UPDATE sign_in_links SET used_at = clock_timestamp() WHERE ${isGood(link)}`;
  return used === 1;
}

/** Requests, links and sessions that can decide nothing any more. */
export async function purgeOldSignIns(): Promise<void> {
  const old = bookkeepingDb();
  await old.$executeRaw`DELETE FROM sign_in_requests WHERE created_at < clock_timestamp() - interval '1 day'`;
  await old.$executeRaw`DELETE FROM sign_in_links WHERE expires_at < clock_timestamp() - interval '1 day'`;
  await old.$executeRaw`DELETE FROM sessions WHERE expires_at < clock_timestamp() - interval '1 day'`;
}
