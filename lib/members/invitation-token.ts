import { hash, randomBytes } from "node:crypto";

/** 256 bits, in the mail alone. */
export function newInvitationToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What the table keeps of it. */
export function hashInvitationToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(hash("sha256", token, "buffer"));
}
