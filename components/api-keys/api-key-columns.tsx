"use client";

import type { DataColumn } from "@/components/data-table/columns";
import { DATE_ADDED } from "@/components/data-table/date-added";
import { Badge } from "@/components/ui/badge";
import { cx } from "@/components/ui/class-names";
import { Link } from "@/components/ui/link";
import { Time } from "@/components/ui/time";
import { Tooltip } from "@/components/ui/tooltip";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import { sayRevocation } from "./key-words";
import { nameWord, type Space } from "./space";

const SUB = "block text-12 text-text-3";

export function KeyStatusBadge({ row }: { row: Pick<ApiKeyRow, "status"> }) {
  if (row.status === "active") return <Badge tone="ok">Active</Badge>;
  if (row.status === "expiring") return <Badge tone="warn">Expiring soon</Badge>;
  return <Badge tone="off">Revoked</Badge>;
}

function Status({ row }: { row: ApiKeyRow }) {
  return (
    <>
      <KeyStatusBadge row={row} />
      {row.waitsForToken && <span className={cx(SUB, "font-medium text-warn")}>its token is lost: regenerate</span>}
    </>
  );
}

function Expiry({ row, now }: { row: ApiKeyRow; now: string }) {
  return (
    <>
      <Time value={row.expiresAt} />
      <span className={cx(SUB, row.status === "expiring" && "font-medium text-warn")}>
        {row.status === "revoked" ? (
          <span className="block w-max max-w-[140px] whitespace-normal max-sm:w-auto max-sm:max-w-none">
            {sayRevocation(row)}
          </span>
        ) : (
          <Time value={row.expiresAt} style="relative" now={now} plain />
        )}
      </span>
    </>
  );
}

function Scopes({ scopes }: { scopes: readonly string[] }) {
  if (scopes.length === 1) return <>{scopes[0]}</>;
  return (
    <Tooltip content={scopes.join(", ")}>
      <span tabIndex={0}>{scopes.length} scopes</span>
    </Tooltip>
  );
}

function Creator({ row }: { row: ApiKeyRow }) {
  return (
    <>
      <span className="block w-max max-w-[120px] wrap-anywhere whitespace-normal">{row.createdBy ?? "Unknown"}</span>
      {row.creatorLeft && row.status !== "revoked" && (
        <span className={cx(SUB, "font-medium text-warn")}>left the account</span>
      )}
    </>
  );
}

/** The list's columns; times are told from the database's `now`. */
export function apiKeyColumns(space: Space, now: string): readonly DataColumn<ApiKeyRow>[] {
  return [
    {
      id: "name",
      header: nameWord(space),
      sortKey: "name",
      cell: (row) => (
        <>
          <Link
            href={`/${space.token}/api-keys/${row.id}`}
            className="block w-max max-w-[200px] font-medium wrap-anywhere whitespace-normal hover:underline max-sm:w-auto max-sm:max-w-none"
          >
            {row.name}
          </Link>
          <span className="font-mono text-12 font-normal text-text-3">{row.prefix}…</span>
        </>
      ),
    },
    { id: "status", header: "Status", cell: (row) => <Status row={row} /> },
    DATE_ADDED,
    {
      id: "expires",
      header: "Expires at",
      sortKey: "expires",
      cardLabel: "Expires",
      cell: (row) => <Expiry row={row} now={now} />,
    },
    {
      id: "version",
      header: "Version",
      hideOnCard: true,
      cell: (row) => <span className="font-mono text-12 text-text-3">{row.apiVersion}</span>,
    },
    { id: "scopes", header: "Scopes", hideOnCard: true, cell: (row) => <Scopes scopes={row.scopes} /> },
    {
      id: "last_used",
      header: "Last used",
      sortKey: "last_used",
      firstDirection: "desc",
      cardLabel: "Last used",
      cell: (row) => (
        <>
          <Time value={row.lastUsedAt} style="relative" now={now} />
          {row.lastUsedIp !== null && <span className={SUB}>{row.lastUsedIp}</span>}
        </>
      ),
    },
    { id: "creator", header: "Created by", hideOnCard: true, cell: (row) => <Creator row={row} /> },
  ];
}
