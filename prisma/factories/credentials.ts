import { randomBytes } from "node:crypto";

import type { Account, IntegrationCredential, Prisma } from "@/generated/prisma/client";
import { sealForCredential } from "@/lib/integration-credentials/secrets";
import { bookkeepingDb } from "@/lib/platform/database/write-db";

interface CredentialChoice extends Partial<
  Omit<Prisma.IntegrationCredentialUncheckedCreateInput, "id" | "accountId" | "apiKey">
> {
  readonly account: Pick<Account, "id" | "token">;
  /** Some text where left out. */
  readonly apiKey?: string;
}

/** A credential to this hub that was never checked, unless told otherwise. */
export async function makeCredential({
  account,
  apiKey = `key-${randomBytes(12).toString("hex")}`,
  ...choice
}: CredentialChoice): Promise<{ readonly credential: IntegrationCredential; readonly apiKey: string }> {
  const [next] = await bookkeepingDb().$queryRaw<
    { id: number }[]
  >`SELECT nextval('integration_credentials_id_seq')::int AS id`;
  const id = Number(next?.id);
  const credential = await bookkeepingDb().integrationCredential.create({
    data: {
      name: `Credential ${id}`,
      accountToken: account.token,
      ...choice,
      id,
      accountId: account.id,
      apiKey: sealForCredential(id, apiKey),
    },
  });
  return { credential, apiKey };
}
