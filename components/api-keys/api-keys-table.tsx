"use client";

import { useMemo, useState, type ReactNode } from "react";

import type { SortDirection } from "@/components/data-table/columns";
import { ListTable, type ListTableProps } from "@/components/data-table/list-table";
import { SelectionBar } from "@/components/data-table/selection-bar";
import { Button } from "@/components/ui/button";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import { apiKeyColumns } from "./api-key-columns";
import { useApiKeyVerbs } from "./api-key-verbs";
import type { Space } from "./space";

const RevokeSelectedDialog = lazyDialog(() =>
  import("./revoke-selected-dialog").then((module) => module.RevokeSelectedDialog),
);

export interface ApiKeysTableProps {
  readonly space: Space;
  readonly page: ListTableProps<ApiKeyRow>["page"];
  readonly now: string;
  readonly sort: { readonly key: string; readonly direction: SortDirection };
  /** "12 keys" */
  readonly summary: string;
  readonly toolbar: ReactNode;
  readonly empty: ReactNode;
}

const mayRevoke = (row: ApiKeyRow) => row.verbs.includes("revoke");

export function ApiKeysTable({ space, page, now, sort, summary, toolbar, empty }: ApiKeysTableProps) {
  const verbs = useApiKeyVerbs(space, now);
  const [revoking, setRevoking] = useState<{ rows: readonly ApiKeyRow[]; clear: () => void } | null>(null);
  const columns = useMemo(() => apiKeyColumns(space, now), [space, now]);
  const selectable = page.rows.some(mayRevoke);
  return (
    <>
      <ListTable
        label="API keys"
        columns={columns}
        page={page}
        summary={summary}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.name}
        sort={sort}
        toolbar={toolbar}
        isMuted={(row) => row.status === "revoked"}
        canSelect={mayRevoke}
        selectionBar={
          selectable
            ? (selected, clear) => (
                <SelectionBar count={selected.length} onClear={clear}>
                  <Button variant="danger" onClick={() => setRevoking({ rows: selected, clear })}>
                    Revoke
                  </Button>
                </SelectionBar>
              )
            : undefined
        }
        rowActions={verbs.rowMenu}
        empty={empty}
      />
      {verbs.dialog}
      {revoking && (
        <RevokeSelectedDialog
          space={space}
          rows={revoking.rows}
          onDone={revoking.clear}
          onClose={() => setRevoking(null)}
        />
      )}
    </>
  );
}
