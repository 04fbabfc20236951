"use client";

import { Ban, Ellipsis, Eye, Pencil, RefreshCw, Replace } from "lucide-react";
import { Fragment, type ReactNode } from "react";

import { outcomeOf, type Outcome } from "@/components/record/outcome";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";
import { Time } from "@/components/ui/time";
import { formatInstant, formatMonth } from "@/components/ui/time-format";
import type { ToastInput } from "@/components/ui/toast-store";
import { renewApiKeyAction, revokeApiKeyAction } from "@/lib/api-keys/actions";
import type { KeyVerb } from "@/lib/api-keys/policy";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import type { ActionResult } from "@/lib/auth/define-action";

interface Look {
  readonly label: string;
  readonly icon: ReactNode;
  /** Stands at the right of the menu item. */
  readonly hint?: (row: ApiKeyRow) => ReactNode;
}

/** What the shared confirm dialog says, and what happens then. */
interface Confirmation {
  readonly title: (row: ApiKeyRow) => string;
  readonly consequence: (row: ApiKeyRow, now: string) => ReactNode;
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  readonly tone: "danger" | "primary";
  readonly perform: (accountToken: string, row: ApiKeyRow) => Promise<Outcome>;
}

type RowAction = Look &
  ({ readonly kind: "link" } | { readonly kind: "dialog" } | ({ readonly kind: "confirm" } & Confirmation));

type RowOnlyAction<T> = (accountToken: string, input: { id: number; revision: number }) => Promise<ActionResult<T>>;

/** Sends a row to an action that takes only the row, and says what came of it. */
function performing<T>(
  action: RowOnlyAction<T>,
  done: (row: ApiKeyRow, value: T) => ToastInput,
): Confirmation["perform"] {
  return (accountToken, row) =>
    outcomeOf(action(accountToken, { id: row.id, revision: row.revision }), (value) => done(row, value));
}

function icon(Icon: typeof Eye): ReactNode {
  return <Icon aria-hidden size={16} strokeWidth={1.75} />;
}

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

/** Every verb of the policy: a row offers those that it brings along. */
export const ROW_ACTIONS: Readonly<Record<KeyVerb, RowAction>> = {
  viewDetails: { kind: "link", label: "View details", icon: icon(Eye) },
  renew: {
    kind: "confirm",
    label: "Renew",
    icon: icon(RefreshCw),
    hint: (row) => <>to {formatMonth(new Date(row.renewsTo), undefined)}</>,
    title: (row) => `Renew “${row.name}”?`,
    consequence: (row) => (
      <>
        It will expire on{" "}
        <strong className="font-medium text-text">{formatInstant(new Date(row.renewsTo), undefined)}</strong> instead of{" "}
        {formatInstant(new Date(row.expiresAt), undefined)}. Its token stays the same, and reminders start over.
      </>
    ),
    confirmLabel: "Renew key",
    cancelLabel: "Cancel",
    tone: "primary",
    perform: performing(renewApiKeyAction, (row, renewed) => ({
      title: `“${row.name}” renewed`,
      description: `Now expires ${formatInstant(new Date(renewed.expiresAt), undefined)}`,
    })),
  },
  edit: { kind: "dialog", label: "Edit", icon: icon(Pencil) },
  regenerate: { kind: "dialog", label: "Regenerate", icon: icon(Replace) },
  revoke: {
    kind: "confirm",
    label: "Revoke",
    icon: icon(Ban),
    tone: "danger",
    title: (row) => `Revoke “${row.name}”?`,
    consequence: (row, now) => (
      <>
        Requests with this key will fail at once, and it cannot be brought back. <LastUseSentence row={row} now={now} />
      </>
    ),
    confirmLabel: "Revoke key",
    cancelLabel: "Keep key",
    perform: performing(revokeApiKeyAction, (row) => ({
      title: `“${row.name}” revoked`,
      description: "Requests with it are refused from now on.",
    })),
  },
};

export interface ApiKeyRowActionsProps {
  readonly row: ApiKeyRow;
  readonly detailsHref: string;
  readonly onChoose: (verb: KeyVerb) => void;
}

/** The More Actions menu of a row: what a role or a state forbids is not in it. */
export function ApiKeyRowActions({ row, detailsHref, onChoose }: ApiKeyRowActionsProps) {
  const trigger = <IconButton label={`More actions for ${row.name}`} icon={icon(Ellipsis)} />;
  return (
    <Menu trigger={trigger}>
      {row.verbs.map((verb) => {
        const action = ROW_ACTIONS[verb];
        const tone = action.kind === "confirm" && action.tone === "danger" ? ("danger" as const) : undefined;
        const look = { icon: action.icon, tone, hint: action.hint?.(row) };
        return (
          <Fragment key={verb}>
            {tone === "danger" && <MenuSeparator />}
            {action.kind === "link" ? (
              <MenuLink href={detailsHref} {...look}>
                {action.label}
              </MenuLink>
            ) : (
              <MenuItem onSelect={() => onChoose(verb)} {...look}>
                {action.label}
              </MenuItem>
            )}
          </Fragment>
        );
      })}
    </Menu>
  );
}
