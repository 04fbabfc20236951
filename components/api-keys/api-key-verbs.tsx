"use client";

import { Ban, Eye, Pencil, RefreshCw, Replace } from "lucide-react";

import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type VerbLooks } from "@/components/record/verbs";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import { Time } from "@/components/ui/time";
import { formatInstant, formatMonth } from "@/components/ui/time-format";
import { renewApiKeyAction, revokeApiKeyAction } from "@/lib/api-keys/actions";
import type { KeyVerb } from "@/lib/api-keys/policy";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import type { Space } from "./space";

const EditApiKeyDialog = lazyDialog(() => import("./edit-api-key-dialog").then((module) => module.EditApiKeyDialog));
const RegenerateApiKeyDialog = lazyDialog(() =>
  import("./regenerate-api-key-dialog").then((module) => module.RegenerateApiKeyDialog),
);

/** "It was last used 3 minutes ago from 203.0.113.7." */
export function LastUseSentence({ row, now }: { row: ApiKeyRow; now: string }) {
  if (row.lastUsedAt === null) return <>It was never used.</>;
  return (
    <>
      It was last used{" "}
      <Time value={row.lastUsedAt} style="relative" now={now} plain className="font-medium text-text" />
      {row.lastUsedIp !== null && <> from {row.lastUsedIp}</>}.
    </>
  );
}

const idOf = ({ id, revision }: ApiKeyRow) => ({ id, revision });

function confirmedLooks(space: Space, now: string): Pick<VerbLooks<KeyVerb, ApiKeyRow>, "renew" | "revoke"> {
  return {
    renew: {
      kind: "confirm",
      label: "Renew",
      icon: RefreshCw,
      hint: (row) => <>to {formatMonth(new Date(row.renewsTo), undefined)}</>,
      ask: (row) => ({
        title: `Renew “${row.name}”?`,
        consequence: (
          <>
            It will expire on{" "}
            <strong className="font-medium text-text">{formatInstant(new Date(row.renewsTo), undefined)}</strong>{" "}
            instead of {formatInstant(new Date(row.expiresAt), undefined)}. Its token stays the same, and reminders
            start over.
          </>
        ),
        confirmLabel: "Renew key",
        cancelLabel: "Cancel",
        perform: () =>
          outcomeOf(renewApiKeyAction(space.token, idOf(row)), (renewed) => ({
            title: `“${row.name}” renewed`,
            description: `Now expires ${formatInstant(new Date(renewed.expiresAt), undefined)}`,
          })),
      }),
    },
    revoke: {
      kind: "confirm",
      label: "Revoke",
      icon: Ban,
      tone: "danger",
      ask: (row) => ({
        title: `Revoke “${row.name}”?`,
        consequence: (
          <>
            Requests with this key will fail at once, and it cannot be brought back.{" "}
            <LastUseSentence row={row} now={now} />
          </>
        ),
        confirmLabel: "Revoke key",
        cancelLabel: "Keep key",
        perform: () =>
          outcomeOf(revokeApiKeyAction(space.token, idOf(row)), () => ({
            title: `“${row.name}” revoked`,
            description: "Requests with it are refused from now on.",
          })),
      }),
    },
  };
}

/**
 * What is done with API keys, in their list and on their own pages.
 * @param now the database's clock when the rows were read
 */
export function useApiKeyVerbs(space: Space, now: string, resumed?: { verb: KeyVerb; row: ApiKeyRow } | null) {
  const looks: VerbLooks<KeyVerb, ApiKeyRow> = {
    viewDetails: {
      kind: "link",
      label: "View details",
      icon: Eye,
      href: (row) => `/${space.token}/api-keys/${row.id}`,
    },
    edit: {
      kind: "dialog",
      label: "Edit",
      icon: Pencil,
      dialog: (row, onClose) => <EditApiKeyDialog space={space} row={row} onClose={onClose} />,
    },
    regenerate: {
      kind: "dialog",
      label: "Regenerate",
      icon: Replace,
      dialog: (row, onClose) => <RegenerateApiKeyDialog space={space} now={now} row={row} onClose={onClose} />,
    },
    ...confirmedLooks(space, now),
  };
  return useVerbs(looks, (row) => row.name, resumed);
}
