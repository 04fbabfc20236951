import { createHmac } from "node:crypto";

const PREFIX = "whsec_";

export interface SignedParts {
  /** The valid one first, then, for a while after it was rotated, the one before. */
  readonly sharedKeys: readonly [string, ...string[]];
  /** The same over all attempts. */
  readonly messageId: string;
  /** When this attempt is made. */
  readonly sentAt: Date;
  /** Exactly what is sent. */
  readonly body: string;
}

function keyBytes(sharedKey: string): Buffer {
  return sharedKey.startsWith(PREFIX)
    ? Buffer.from(sharedKey.slice(PREFIX.length), "base64")
    : Buffer.from(sharedKey, "utf8");
}

/** hex(HMAC-SHA256(shared key, body)) */
function bodySignature(sharedKey: string, body: string): string {
  return createHmac("sha256", sharedKey).update(body, "utf8").digest("hex");
}

/** The headers by which a receiver knows that a delivery is ours: both ways of signing (docs/decisions/0015). */
export function signatureHeaders({ sharedKeys, messageId, sentAt, body }: SignedParts): Record<string, string> {
  const timestamp = Math.floor(sentAt.getTime() / 1000);
  const signed = `${messageId}.${timestamp}.${body}`;
  const signatures = sharedKeys.map(
    (key) => `v1,${createHmac("sha256", keyBytes(key)).update(signed, "utf8").digest("base64")}`,
  );
  const [current, previous] = sharedKeys;
  return {
    "webhook-id": messageId,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signatures.join(" "),
    "x-fleetio-webhook-signature": bodySignature(current, body),
    ...(previous !== undefined && { "x-fleetio-webhook-signature-previous": bodySignature(previous, body) }),
  };
}
