import { RecordHistory } from "@/components/audit-log/record-history";
import { PageHead } from "@/components/shell/page-head";
import { NoticeList } from "@/components/notifications/notice-list";
import { Breadcrumb, FACTS_LOOK, RecordSection } from "@/components/record/record-section";
import { Link } from "@/components/ui/link";
import { Notice } from "@/components/ui/notice";
import { Time } from "@/components/ui/time";
import type { ApiKeyDetails } from "@/lib/api-keys/queries";
import type { UsageDay } from "@/lib/api-keys/read-key-usage";
import type { HistoryRow } from "@/lib/audit-log/queries";
import type { NoticeRow } from "@/lib/notifications/queries";
import { KeyStatusBadge } from "./api-key-columns";
import { ApiKeyPageActions } from "./api-key-page-actions";
import { sayReach, sayRevocation } from "./key-words";
import type { Space } from "./space";
import { UsageChart } from "./usage-chart";

export interface ApiKeyPageProps {
  readonly space: Space;
  readonly apiKey: ApiKeyDetails;
  readonly usage: readonly UsageDay[];
  /** Null for a viewer who may not read the audit log. */
  readonly history: readonly HistoryRow[] | null;
  /** Null for the same viewer. */
  readonly notices: readonly NoticeRow[] | null;
  /** The credentials that hold its token; null for a viewer who may not see them. */
  readonly usedBy: readonly { readonly id: number; readonly name: string }[] | null;
  /** Comes back from a sign-in to regenerate. */
  readonly resume: boolean;
}

/** A key's own page: its facts, its use, its history. */
export function ApiKeyPage({ space, apiKey, usage, history, notices, usedBy, resume }: ApiKeyPageProps) {
  return (
    <>
      <Breadcrumb href={`/${space.token}/api-keys`}>API Keys</Breadcrumb>
      <PageHead
        title={apiKey.name}
        purpose={<span className="font-mono text-12">{`${apiKey.prefix}…${apiKey.last4}`}</span>}
        action={<ApiKeyPageActions space={space} apiKey={apiKey} resume={resume} />}
      />
      {apiKey.creatorLeft && apiKey.status !== "revoked" && (
        <Notice tone="warn" className="mb-5">
          {apiKey.createdBy ?? "The person who created this key"} left the account. The key goes on; regenerate it if
          that person may still have its token.
        </Notice>
      )}
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Facts space={space} apiKey={apiKey} />
        <Use space={space} apiKey={apiKey} usage={usage} usedBy={usedBy} />
      </div>
      {notices !== null && <NoticeList notices={notices} />}
      {history !== null && (
        <RecordHistory entries={history} logHref={`/${space.token}/audit-log?record=apiKey:${apiKey.id}`} noun="key" />
      )}
    </>
  );
}

function Facts({ space, apiKey }: Pick<ApiKeyPageProps, "space" | "apiKey">) {
  const reach = sayReach({ kind: space.kind, allCustomers: apiKey.allCustomers, customerCount: apiKey.customerCount });
  return (
    <RecordSection id="facts" title="Facts">
      <dl className={FACTS_LOOK}>
        <dt>Status</dt>
        <dd>
          <KeyStatusBadge row={apiKey} />
          {apiKey.revocation !== null && (
            <span className="block text-12 text-text-3">
              {sayRevocation(apiKey)}, <Time value={apiKey.revocation.at} zone plain />
            </span>
          )}
        </dd>
        <dt>{apiKey.status === "revoked" ? "Expiry" : "Expires at"}</dt>
        <dd>
          <Time value={apiKey.expiresAt} zone />
        </dd>
        <dt>Date added</dt>
        <dd>
          <Time value={apiKey.createdAt} zone />
          {apiKey.createdBy !== null && <> by {apiKey.createdBy}</>}
        </dd>
        <dt>API version</dt>
        <dd className="font-mono">{apiKey.apiVersion}</dd>
        <dt>Scopes</dt>
        <dd>
          <ul className="font-mono text-12">
            {apiKey.scopes.map((scope) => (
              <li key={scope}>{scope}</li>
            ))}
          </ul>
        </dd>
        <dt>Reaches</dt>
        <dd>
          {reach}
          {apiKey.customers.length > 0 && (
            <span className="block text-12 text-text-3">
              {apiKey.customers.map((customer) => customer.name).join(", ")}
            </span>
          )}
        </dd>
        <dt>From</dt>
        <dd>{apiKey.allowedIps.length === 0 ? "any IP address" : apiKey.allowedIps.join(", ")}</dd>
      </dl>
    </RecordSection>
  );
}

function Use({ space, apiKey, usage, usedBy }: Pick<ApiKeyPageProps, "space" | "apiKey" | "usage" | "usedBy">) {
  return (
    <RecordSection id="use" title="Use">
      <dl className={FACTS_LOOK}>
        <dt>Last used</dt>
        <dd>
          <Time value={apiKey.lastUsedAt} style="relative" now={apiKey.now} />
        </dd>
        {apiKey.lastUsedAt !== null && (
          <>
            <dt>From</dt>
            <dd>{apiKey.lastUsedIp ?? "an unknown address"}</dd>
            <dt>Client</dt>
            <dd>{apiKey.lastUsedClient ?? "did not say its name"}</dd>
          </>
        )}
        {usedBy !== null && usedBy.length > 0 && <UsedBy space={space} usedBy={usedBy} />}
        {apiKey.waitsForToken && (
          <>
            <dt>Token</dt>
            <dd>lost when the Hub’s database was restored: regenerate the key, and give the integration the new one</dd>
          </>
        )}
        {apiKey.oldTokenUntil !== null && (
          <>
            <dt>Old token</dt>
            <dd>
              works until <Time value={apiKey.oldTokenUntil} zone />
            </dd>
          </>
        )}
      </dl>
      <UsageChart days={usage} />
    </RecordSection>
  );
}

/** What of this hub itself asks with the key. */
function UsedBy({
  space,
  usedBy,
}: Pick<ApiKeyPageProps, "space"> & { usedBy: NonNullable<ApiKeyPageProps["usedBy"]> }) {
  return (
    <>
      <dt>Used by</dt>
      <dd>
        <ul>
          {usedBy.map(({ id, name }) => (
            <li key={id}>
              <Link
                href={`/${space.token}/integrations/credentials?selected=${id}`}
                prefetch={false}
                className="text-accent underline"
              >
                {name}
              </Link>{" "}
              (credential)
            </li>
          ))}
        </ul>
      </dd>
    </>
  );
}
