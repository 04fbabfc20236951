import type { Metadata } from "next";
import { cache } from "react";

import { recordAt } from "@/app/[accountToken]/record-at";
import { spaceOf } from "@/app/[accountToken]/space-of";
import { ApiKeyPage } from "@/components/api-keys/api-key-page";
import { getApiKey } from "@/lib/api-keys/queries";
import { readKeyUsage } from "@/lib/api-keys/read-key-usage";
import { recordHistory } from "@/lib/audit-log/queries";
import { mayDo } from "@/lib/auth/permit";
import { requirePermit } from "@/lib/entry/page";
import { listCredentialsOfKey } from "@/lib/integration-credentials/queries";
import { listNotices } from "@/lib/notifications/queries";

interface PageProps {
  params: Promise<{ accountToken: string; id: string }>;
  searchParams: Promise<{ resume?: string | string[] }>;
}

/** The key behind the address, once per request; anything that is no key of this account is a 404. */
const keyAt = cache(async (accountToken: string, id: string) => {
  const permit = await requirePermit(accountToken, "apiKeys.read");
  return { permit, key: await recordAt(id, (keyId) => getApiKey(permit, keyId)) };
});

export async function generateMetadata({ params }: PageProps): Promise<Metadata> {
  const { accountToken, id } = await params;
  return { title: (await keyAt(accountToken, id)).key.name };
}

export default async function Page({ params, searchParams }: PageProps) {
  const { accountToken, id } = await params;
  const { permit, key } = await keyAt(accountToken, id);
  const auditor = mayDo(permit.actor, "auditLog.read") ? await requirePermit(accountToken, "auditLog.read") : null;
  const history = auditor && (await recordHistory(auditor, { type: "apiKey", id: key.id }));
  const notices = auditor && (await listNotices(auditor, { apiKeyId: key.id }));
  const resume = (await searchParams).resume === "regenerate";
  const keeper = mayDo(permit.actor, "credentials.read") ? await requirePermit(accountToken, "credentials.read") : null;
  const usedBy = keeper && (await listCredentialsOfKey(keeper, key.id));
  const usage = await readKeyUsage(permit, key.id);
  return (
    <ApiKeyPage
      space={await spaceOf(permit)}
      apiKey={key}
      usage={usage}
      history={history}
      notices={notices}
      usedBy={usedBy}
      resume={resume}
    />
  );
}
