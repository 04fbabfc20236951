"use client";

import { useMemo, useState, type ReactNode } from "react";

import type { SortDirection } from "@/components/data-table/columns";
import { DataTable } from "@/components/data-table/data-table";
import { useListHref } from "@/components/data-table/list-controls";
import { Pager } from "@/components/data-table/pager";
import { SelectionBar } from "@/components/data-table/selection-bar";
import { Button } from "@/components/ui/button";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import { apiKeyColumns } from "./api-key-columns";
import { ApiKeyRowActions } from "./api-key-row-actions";
import { ApiKeyVerbDialogs, type ChosenVerb } from "./api-key-verb-dialogs";
import { RevokeSelectedDialog } from "./revoke-selected-dialog";
import type { Space } from "./space";

export interface ApiKeysTableProps {
  readonly space: Space;
  readonly rows: readonly ApiKeyRow[];
  readonly now: string;
  readonly sort: { readonly key: string; readonly direction: SortDirection };
  /** "12 keys" */
  readonly summary: string;
  readonly previous: string | null;
  readonly next: string | null;
  readonly toolbar: ReactNode;
  readonly empty: ReactNode;
}

const mayRevoke = (row: ApiKeyRow) => row.verbs.includes("revoke");

export function ApiKeysTable({ space, rows, now, sort, summary, previous, next, toolbar, empty }: ApiKeysTableProps) {
  const href = useListHref();
  const [chosen, setChosen] = useState<ChosenVerb | null>(null);
  const [revoking, setRevoking] = useState<{ rows: readonly ApiKeyRow[]; clear: () => void } | null>(null);
  const columns = useMemo(() => apiKeyColumns(space, now), [space, now]);
  const selectable = rows.some(mayRevoke);
  return (
    <>
      <DataTable
        label="API keys"
        columns={columns}
        rows={rows}
        rowId={(row) => String(row.id)}
        rowName={(row) => row.name}
        sort={sort}
        sortHref={(key, direction) => href({ sort: key, direction })}
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
        rowActions={(row) => (
          <ApiKeyRowActions
            row={row}
            detailsHref={`/${space.token}/api-keys/${row.id}`}
            onChoose={(verb) => setChosen({ verb, row })}
          />
        )}
        empty={empty}
        footer={
          <Pager
            summary={summary}
            previousHref={previous === null ? null : href({ before: previous })}
            nextHref={next === null ? null : href({ after: next })}
          />
        }
      />
      <ApiKeyVerbDialogs space={space} now={now} chosen={chosen} onClose={() => setChosen(null)} />
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
