import { decrypt, encrypt, type SealedPlace } from "@/lib/platform/cipher";
import type { SealedColumn } from "@/lib/platform/database/sealed-columns";

const PURPOSE = "credential-api-key";

function placeOf(credentialId: number): SealedPlace {
  return { purpose: PURPOSE, context: `credential:${credentialId}` };
}

/** All that is kept encrypted of credentials, for who encrypts it anew. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  { table: "integration_credentials", column: "api_key", purpose: PURPOSE, context: "'credential:' || id" },
];

/** Encrypted for this credential alone: copied to another's row it cannot be read. */
export function sealForCredential(credentialId: number, apiKey: string): Uint8Array<ArrayBuffer> {
  return encrypt(apiKey, placeOf(credentialId));
}

/** @throws UnreadableError where it was changed, belongs to another credential, or its key was not given to this process */
export function openForCredential(credentialId: number, sealed: Uint8Array): string {
  return decrypt(sealed, placeOf(credentialId));
}
