import type { SecretOpener } from "@/lib/integration-credentials/host-access";
import { openForCredential } from "@/lib/integration-credentials/secrets";

/** What asks hosts gets the key of a credential by this, and knows neither cipher nor table. */
export const openSecret: SecretOpener = ({ id, sealedKey, baseUrl, accountToken }) => ({
  baseUrl,
  accountToken,
  apiKey: openForCredential(id, sealedKey),
});
