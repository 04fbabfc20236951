import { randomBytes } from "node:crypto";

import { decrypt, encrypt } from "@/lib/platform/cipher";

/** 256 bits, as the Standard Webhooks specification writes them. */
const SECRET_BYTES = 32;
const PREFIX = "whsec_";

/** What stands encrypted in a webhook's row. */
export type SealedField = "secret" | "authorization";

const PURPOSES = { secret: "webhook-secret", authorization: "webhook-authorization" } as const;

/** A new secret: `whsec_` and base64. `X-Fleetio-Webhook-Signature` is keyed with this text, `webhook-signature` with the bytes behind the prefix. */
export function mintWebhookSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString("base64")}`;
}

/** Encrypted for this webhook alone: copied to another's row it cannot be read. */
export function sealForWebhook(webhookId: number, field: SealedField, text: string): Uint8Array<ArrayBuffer> {
  return encrypt(text, PURPOSES[field], `webhook:${webhookId}`);
}

/** @throws Error where it was changed, belongs to another webhook, or DATA_SECRET is another one */
export function openForWebhook(webhookId: number, field: SealedField, sealed: Uint8Array): string {
  return decrypt(sealed, PURPOSES[field], `webhook:${webhookId}`);
}
