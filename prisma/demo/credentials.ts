import type { Account, User } from "@/generated/prisma/client";
import { READ_SCOPES } from "@/lib/integration-credentials/policy";
import { hashApiKeyToken } from "@/lib/auth/api-key-token";
import { db } from "@/lib/platform/database/db";
import { makeCredential } from "@/prisma/factories/credentials";
import { makeDemoKeys, recordDeeds } from "./keys";

interface DemoCredential {
  readonly account: Account;
  readonly createdBy: User;
  /** Whose data it reads. */
  readonly customer: Account;
  readonly now: Date;
}

/** A credential to this hub itself that works, with the key that was made for it. */
export async function makeDemoCredential({ account, createdBy, customer, now }: DemoCredential): Promise<void> {
  const name = `Copy of ${customer.name}`;
  const key = { name, createdBy, createdAt: now, customers: [customer], scopes: [...READ_SCOPES] };
  const apiKey = (await makeDemoKeys(account, [key], now)).get(name) ?? "";
  const { apiKey: made } = await db().apiKeyToken.findUniqueOrThrow({
    where: { hash: new Uint8Array(hashApiKeyToken(apiKey)) },
    select: { apiKey: true },
  });
  const accountToken = customer.token;
  const { credential } = await makeCredential({
    account,
    name,
    description: "Nightly copy of the fleet",
    accountToken,
    apiKey,
    apiKeyId: made.id,
    createdById: createdBy.id,
    status: "valid",
    checkedAt: now,
    expiresAt: made.expiresAt,
    scopes: made.scopes,
  });
  const record = { type: "credential", id: credential.id, name } as const;
  const after = { name, description: credential.description, accountToken, apiKeyId: made.id };
  await recordDeeds(account, [{ at: now, by: createdBy, event: { name: "credential.created", record, after } }]);
}
