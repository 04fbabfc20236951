import { SEALED_COLUMNS as CREDENTIALS } from "@/lib/integration-credentials/secrets";
import type { SealedColumn } from "@/lib/platform/database/sealed-columns";
import { SEALED_COLUMNS as ANSWERS } from "@/lib/public-api/idempotency";
import { SEALED_COLUMNS as WEBHOOKS } from "@/lib/webhooks/secrets";

/** Everything in the database that is encrypted, but the canaries of the keys themselves. */
export const SEALED: readonly SealedColumn[] = [...WEBHOOKS, ...ANSWERS, ...CREDENTIALS];
