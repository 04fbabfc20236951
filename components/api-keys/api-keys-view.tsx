import type { ReactNode } from "react";

import { countText } from "@/components/data-table/list-href";
import type { ListFilter } from "@/components/data-table/list-controls";
import { EmptyState } from "@/components/ui/empty-state";
import { NavigationProvider } from "@/components/ui/navigation";
import type { ApiKeyList } from "@/lib/api-keys/queries";
import { EXPIRY_WINDOWS, LAST_USED_WINDOWS, type ApiKeyListQuery } from "@/lib/api-keys/schema";
import { SCOPES } from "@/lib/auth/scopes";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { AddApiKey } from "./add-api-key";
import { ApiKeysTable } from "./api-keys-table";
import { ApiKeysToolbar } from "./api-keys-toolbar";
import { HubFrame, type HubFrameProps } from "./hub-frame";
import { LeakedNotice } from "./leaked-notice";

export interface ApiKeysViewProps extends Omit<HubFrameProps, "current" | "children"> {
  readonly query: ApiKeyListQuery;
  readonly list: ApiKeyList;
  readonly creators: readonly { readonly id: number; readonly name: string }[];
  /** Above the keys: what keeps them from working. */
  readonly notice?: ReactNode;
  /** Beneath the keys. */
  readonly below?: ReactNode;
  /** Reported leaked lately. */
  readonly leaked: readonly { readonly id: number; readonly name: string }[];
}

function filtersOf(query: ApiKeyListQuery, creators: ApiKeysViewProps["creators"]): ListFilter[] {
  const same = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
  const named = (labels: Readonly<Record<string, string>>) =>
    Object.entries(labels).map(([value, label]) => ({
      value,
      label: label.replace(/^./, (first) => first.toUpperCase()),
    }));
  return [
    { id: "version", label: "API version", options: same([...API_VERSIONS].reverse()), value: query.version },
    { id: "scope", label: "Scope", options: same(SCOPES), value: query.scope },
    {
      id: "creator",
      label: "Created by",
      options: creators.map(({ id, name }) => ({ value: String(id), label: name })),
      value: query.creator === null ? null : String(query.creator),
    },
    { id: "expires", label: "Expires", options: named(EXPIRY_WINDOWS), value: query.expires },
    { id: "used", label: "Last used", options: named(LAST_USED_WINDOWS), value: query.used },
  ];
}

/** A view of its own, not the whole list: then an empty one says what to change. */
function isNarrowed(query: ApiKeyListQuery): boolean {
  const { q, status, version, scope, creator, expires, used } = query;
  return q !== "" || [status, version, scope, creator, expires, used].some((value) => value !== null);
}

function NoKeys({ space, narrowed }: Pick<ApiKeysViewProps, "space"> & { narrowed: boolean }) {
  if (narrowed) {
    return <EmptyState title="No key matches">Try another word, another status, or clear the filters.</EmptyState>;
  }
  const whose = space.kind === "partner" ? "your customers’ accounts" : "this account";
  return (
    <EmptyState title="No API keys yet" action={space.viewer.mayIssue ? <AddApiKey /> : undefined}>
      An API key lets an integration such as a data connector or a key cabinet reach {whose}. Its token is shown once.
    </EmptyState>
  );
}

export function ApiKeysView(props: ApiKeysViewProps) {
  const { space, query, list, tabCounts, creators, leaked, customers, resume, notice, below } = props;
  const { counts } = list;
  const shown = query.status === null ? counts.all : counts[query.status];
  const narrowed = isNarrowed(query);
  return (
    <HubFrame space={space} current="api-keys" tabCounts={tabCounts} customers={customers} resume={resume}>
      {notice}
      <LeakedNotice accountToken={space.token} keys={leaked} />
      <NavigationProvider>
        <ApiKeysTable
          space={space}
          page={list}
          now={list.now}
          sort={{ key: query.sort, direction: query.direction }}
          summary={`${countText(shown)} ${shown === 1 ? "key" : "keys"}`}
          toolbar={
            narrowed || counts.all > 0 ? (
              <ApiKeysToolbar
                search={query.q}
                status={query.status}
                statuses={[
                  { value: null, label: "All", count: countText(counts.all) },
                  { value: "active", label: "Active", count: countText(counts.active) },
                  { value: "expiring", label: "Expiring soon", count: countText(counts.expiring) },
                  { value: "revoked", label: "Revoked", count: countText(counts.revoked) },
                ]}
                filters={filtersOf(query, creators)}
              />
            ) : null
          }
          empty={<NoKeys space={space} narrowed={narrowed} />}
        />
      </NavigationProvider>
      {below}
    </HubFrame>
  );
}
