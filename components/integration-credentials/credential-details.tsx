"use client";

import type { Space } from "@/components/api-keys/space";
import { FactList } from "@/components/record/fact-list";
import { RecordSection } from "@/components/record/record-section";
import { CopyButton } from "@/components/ui/copy-button";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import type { CredentialVerb } from "@/lib/integration-credentials/policy";
import type { CredentialRow } from "@/lib/integration-credentials/queries";
import { CredentialBadge, sayHost } from "./credential-words";
import { useCredentialVerbs } from "./credential-verbs";

export interface CredentialDetailsProps {
  readonly space: Space;
  readonly row: CredentialRow;
  readonly now: string;
  /** Comes back from a sign-in to do this. */
  readonly resumed: CredentialVerb | null;
}

/** What one comes for stands outside the menu. */
const OUTSIDE: readonly CredentialVerb[] = ["check", "replaceKey"];

/** The credential that is chosen: what is known of it, and what can be done with it. */
export function CredentialDetails({ space, row, now, resumed }: CredentialDetailsProps) {
  const { pageActions, dialog } = useCredentialVerbs(space, resumed && { verb: resumed, row });
  return (
    <RecordSection id="credential" title={row.name} className="mt-8">
      <div className="mb-4 flex flex-wrap gap-2">{pageActions(row, OUTSIDE)}</div>
      {dialog}
      <Facts space={space} row={row} now={now} />
    </RecordSection>
  );
}

function Facts({ space, row, now }: Pick<CredentialDetailsProps, "space" | "row" | "now">) {
  const { ownKey, description, reason, checkedAt, expiresAt, scopes, baseUrl, accountToken } = row;
  return (
    <FactList
      facts={[
        {
          label: "Status",
          value: (
            <>
              <CredentialBadge row={row} />
              {reason !== null && <span className="mt-1 block">{reason}</span>}
            </>
          ),
        },
        { label: "Description", value: description, ifKnown: true },
        {
          label: "Host",
          value: baseUrl === null ? sayHost(row) : <span className="font-mono text-13">{baseUrl}</span>,
        },
        {
          label: "Account Token",
          value: (
            <span className="inline-flex items-center gap-1">
              <span className="font-mono">{accountToken}</span>
              <CopyButton value={accountToken} label="Copy Token" className="-my-2" />
            </span>
          ),
        },
        { label: "API Key", value: <KeyFact space={space} ownKey={ownKey} hasKey={row.hasKey} /> },
        { label: "Checked", value: <Time value={checkedAt} style="relative" now={now} never="Not yet" /> },
        { label: "Expires at", value: expiresAt && <Time value={expiresAt} zone />, ifKnown: true },
        {
          label: "Scopes",
          value: scopes.length > 0 && (
            <ul className="font-mono text-12">
              {scopes.map((scope) => (
                <li key={scope}>{scope}</li>
              ))}
            </ul>
          ),
          ifKnown: true,
        },
        { label: "Used by", value: "Nothing yet" },
        {
          label: "Date added",
          value: (
            <>
              <Time value={row.createdAt} zone />
              {row.createdBy !== null && <> by {row.createdBy}</>}
            </>
          ),
        },
      ]}
    />
  );
}

function KeyFact({ space, ownKey, hasKey }: { readonly space: Space } & Pick<CredentialRow, "ownKey" | "hasKey">) {
  if (!hasKey) return <>Lost when the Hub’s database was restored: replace the key</>;
  if (ownKey === null) return <>Kept encrypted, and shown to nobody</>;
  return (
    <Link href={`/${space.token}/api-keys/${ownKey.id}`} prefetch={false} className="text-accent underline">
      {ownKey.name}
    </Link>
  );
}
