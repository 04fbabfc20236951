"use client";

import { Plus } from "lucide-react";

import { Radio } from "@/components/ui/radio-group";
import { Time } from "@/components/ui/time";
import type { CredentialRow } from "@/lib/integration-credentials/queries";
import { CredentialBadge, sayExpiry, sayHost } from "./credential-words";

export interface AuthenticateProps {
  readonly rows: readonly CredentialRow[];
  /** The database's clock when they were read. */
  readonly now: string;
  /** The id of the one that is chosen; null while there is none. */
  readonly selected: number | null;
  readonly onSelect: (id: number) => void;
  /** Null where none can be added. */
  readonly onAdd: (() => void) | null;
}

const TILE =
  "flex min-w-0 gap-2.5 rounded-md border border-line-strong p-3 text-left text-text transition-colors hover:bg-bg-hover";

/** Which credential is used: tiles of which one is chosen, and before them the one that adds another. */
export function Authenticate({ rows, now, selected, onSelect, onAdd }: AuthenticateProps) {
  return (
    <section aria-labelledby="authenticate">
      <h2 id="authenticate" className="mb-3 text-16 font-semibold">
        Authenticate
      </h2>
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
        {onAdd && (
          <button
            type="button"
            className={`${TILE} min-h-control cursor-pointer items-center border-dashed font-medium`}
            onClick={onAdd}
          >
            <Plus aria-hidden size={16} strokeWidth={1.75} />
            Add Credential
          </button>
        )}
        {rows.length > 0 && (
          <div role="radiogroup" aria-labelledby="authenticate" className="contents">
            {rows.map((row) => (
              <Tile key={row.id} row={row} now={now} isSelected={row.id === selected} onSelect={onSelect} />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

interface TileProps extends Pick<AuthenticateProps, "now" | "onSelect"> {
  readonly row: CredentialRow;
  readonly isSelected: boolean;
}

function Tile({ row, now, isSelected, onSelect }: TileProps) {
  const expiry = sayExpiry(row, now);
  return (
    <label className={`${TILE} items-start has-checked:border-accent has-checked:bg-accent-soft`}>
      <Radio
        name="credential"
        value={row.id}
        checked={isSelected}
        onChange={() => onSelect(row.id)}
        className="mt-0.5"
      />
      <span className="grid min-w-0 gap-1 wrap-anywhere">
        <span className="font-medium">{row.name}</span>
        <span className="text-12 text-text-2">
          {sayHost(row)}, <span className="font-mono">{row.accountToken}</span>
        </span>
        <span>
          <CredentialBadge row={row} />
        </span>
        <span className="text-12 text-text-2">
          {row.checkedAt === null ? (
            "not checked yet"
          ) : (
            <>
              checked <Time value={row.checkedAt} style="relative" now={now} plain />
            </>
          )}
          {expiry !== null && `, ${expiry}`}
        </span>
      </span>
    </label>
  );
}
