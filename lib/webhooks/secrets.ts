import { randomBytes } from "node:crypto";

import { decrypt, encrypt, type SealedPlace } from "@/lib/platform/cipher";
import type { SealedColumn } from "@/lib/platform/database/sealed-columns";

/** 256 bits, as the Standard Webhooks specification writes them. */
const SECRET_BYTES = 32;
const PREFIX = "whsec_";

/** What stands encrypted in a webhook's row. */
export type SealedField = "secret" | "authorization";

const PURPOSES = { secret: "webhook-secret", authorization: "webhook-authorization" } as const;

function placeIn(webhookId: number, field: SealedField): SealedPlace {
  return { purpose: PURPOSES[field], context: `webhook:${webhookId}` };
}

const CONTEXT = "'webhook:' || id";
/** All that is kept encrypted of webhooks, for who encrypts it anew. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: "webhooks", column: "secret", purpose: PURPOSES.secret, context: CONTEXT },
  { table: "webhooks", column: "previous_secret", purpose: PURPOSES.secret, context: CONTEXT },
  { table: "webhooks", column: "authorization", purpose: PURPOSES.authorization, context: CONTEXT },
];

/** A new secret: `whsec_` and base64. `X-Fleetio-Webhook-Signature` is keyed with this text, `webhook-signature` with the bytes behind the prefix. */
export function mintWebhookSecret(): string {
  return `${PREFIX}${randomBytes(SECRET_BYTES).toString("base64")}`;
}

/** Encrypted for this webhook alone: copied to another's row it cannot be read. */
export function sealForWebhook(webhookId: number, field: SealedField, text: string): Uint8Array<ArrayBuffer> {
  return encrypt(text, placeIn(webhookId, field));
}

/** @throws UnreadableError where it was changed, belongs to another webhook, or its key was not given to this process */
export function openForWebhook(webhookId: number, field: SealedField, sealed: Uint8Array): string {
  return decrypt(sealed, placeIn(webhookId, field));
}
