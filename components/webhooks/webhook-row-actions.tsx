"use client";

import { Ellipsis, Eye, Pencil, Power, PowerOff, RefreshCw, Send, Trash2 } from "lucide-react";
import { Fragment, type ReactNode } from "react";

import { outcomeOf, type Outcome } from "@/components/record/outcome";
import { IconButton } from "@/components/ui/icon-button";
import { Menu, MenuItem, MenuSeparator } from "@/components/ui/menu";
import type { ToastInput } from "@/components/ui/toast-store";
import type { ActionResult } from "@/lib/auth/define-action";
import {
  deleteWebhookAction,
  disableWebhookAction,
  enableWebhookAction,
  sendTestEventAction,
} from "@/lib/webhooks/actions";
import type { WebhookVerb } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";

/** What the shared confirm dialog says, and what happens then. */
interface Confirmation {
  readonly title: string;
  readonly consequence: string;
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  readonly tone: "danger" | "primary";
  readonly perform: (accountToken: string, row: WebhookRow) => Promise<Outcome>;
}

type RowAction = { readonly label: string; readonly icon: ReactNode } & (
  { readonly kind: "dialog" } | ({ readonly kind: "confirm" } & Confirmation)
);

type RowOnlyAction<T> = (accountToken: string, input: { id: number; revision: number }) => Promise<ActionResult<T>>;

function performing<T>(
  action: RowOnlyAction<T>,
  done: (row: WebhookRow, value: T) => ToastInput,
): Confirmation["perform"] {
  return (accountToken, row) =>
    outcomeOf(action(accountToken, { id: row.id, revision: row.revision }), (value) => done(row, value));
}

const icon = (Icon: typeof Eye) => <Icon aria-hidden size={16} strokeWidth={1.75} />;

export const ROW_ACTIONS: Readonly<Record<WebhookVerb, RowAction>> = {
  edit: { kind: "dialog", label: "Edit", icon: icon(Pencil) },
  sendTest: {
    kind: "confirm",
    label: "Send Test Event",
    icon: icon(Send),
    title: "Send a test event?",
    consequence: "One of its events is sent with a made-up record, marked with “test”. Nothing in the account changes.",
    confirmLabel: "Send test event",
    cancelLabel: "Cancel",
    tone: "primary",
    perform: performing(sendTestEventAction, (row, { event }) => ({
      title: "Test event on its way",
      description: `${event} to ${row.url}`,
    })),
  },
  viewSecret: { kind: "dialog", label: "View Secret", icon: icon(Eye) },
  rotateSecret: { kind: "dialog", label: "Rotate Secret", icon: icon(RefreshCw) },
  enable: {
    kind: "confirm",
    label: "Enable",
    icon: icon(Power),
    title: "Enable this webhook?",
    consequence:
      "Events are sent again from now on. What happened while it was disabled was not noted and is not sent.",
    confirmLabel: "Enable webhook",
    cancelLabel: "Cancel",
    tone: "primary",
    perform: performing(enableWebhookAction, (row) => ({ title: "Webhook enabled", description: row.url })),
  },
  disable: {
    kind: "confirm",
    label: "Disable",
    icon: icon(PowerOff),
    title: "Disable this webhook?",
    consequence:
      "Nothing more is sent, not even what waits for a retry, and what happens meanwhile is not sent later. It can be enabled again.",
    confirmLabel: "Disable webhook",
    cancelLabel: "Keep enabled",
    tone: "danger",
    perform: performing(disableWebhookAction, (row) => ({ title: "Webhook disabled", description: row.url })),
  },
  delete: {
    kind: "confirm",
    label: "Delete",
    icon: icon(Trash2),
    title: "Delete this webhook?",
    consequence:
      "Nothing more is sent, not even what waits for a retry, and its secret is gone for good: a new webhook has another one. This cannot be undone.",
    confirmLabel: "Delete webhook",
    cancelLabel: "Keep webhook",
    tone: "danger",
    perform: performing(deleteWebhookAction, (row) => ({ title: "Webhook deleted", description: row.url })),
  },
};

export interface WebhookRowActionsProps {
  readonly row: WebhookRow;
  /** Those offered; all that the row brings where left out. */
  readonly verbs?: readonly WebhookVerb[];
  /** What opens the menu; the ⋯ of a row where left out. */
  readonly trigger?: ReactNode;
  readonly onChoose: (verb: WebhookVerb) => void;
}

/** The More Actions menu of a row: what a role or a state forbids is not in it. */
export function WebhookRowActions({ row, verbs = row.verbs, trigger, onChoose }: WebhookRowActionsProps) {
  if (verbs.length === 0) return null;
  return (
    <Menu trigger={trigger ?? <IconButton label={`More actions for ${row.url}`} icon={icon(Ellipsis)} />}>
      {verbs.map((verb) => (
        <Fragment key={verb}>
          {verb === "delete" && <MenuSeparator />}
          <MenuItem
            icon={ROW_ACTIONS[verb].icon}
            tone={verb === "delete" ? "danger" : undefined}
            onSelect={() => onChoose(verb)}
          >
            {ROW_ACTIONS[verb].label}
          </MenuItem>
        </Fragment>
      ))}
    </Menu>
  );
}
