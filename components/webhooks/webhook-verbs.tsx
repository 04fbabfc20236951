"use client";

import { Eye, Pencil, Power, PowerOff, RefreshCw, Send, Trash2 } from "lucide-react";
import { useRouter } from "next/navigation";

import type { Space } from "@/components/api-keys/space";
import { outcomeOf } from "@/components/record/outcome";
import { useVerbs, type VerbLook, type VerbLooks } from "@/components/record/verbs";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { ToastInput } from "@/components/ui/toast-store";
import type { ActionResult } from "@/lib/entry/action";
import {
  deleteWebhookAction,
  disableWebhookAction,
  enableWebhookAction,
  sendTestEventAction,
} from "@/lib/webhooks/actions";
import type { WebhookVerb } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";

const WebhookDialog = lazyDialog(() => import("./webhook-dialog").then((module) => module.WebhookDialog));
const SecretDialog = lazyDialog(() => import("./secret-dialogs").then((module) => module.SecretDialog));

/** What the shared confirm dialog says, and what happens then. */
interface Confirmation<T> {
  readonly title: string;
  readonly consequence: string;
  readonly confirmLabel: string;
  readonly cancelLabel: string;
  readonly tone?: "danger";
  readonly action: (accountToken: string, input: { id: number; revision: number }) => Promise<ActionResult<T>>;
  readonly done: (row: WebhookRow, value: T) => ToastInput;
}

function confirming<T>(space: Space, { action, done, consequence, ...words }: Confirmation<T>) {
  return {
    kind: "confirm" as const,
    ask: (row: WebhookRow) => ({
      ...words,
      consequence: (
        <>
          <strong className="block font-medium wrap-anywhere text-text">{row.url}</strong>
          {consequence}
        </>
      ),
      perform: () =>
        outcomeOf(action(space.token, { id: row.id, revision: row.revision }), (value) => done(row, value)),
    }),
  };
}

type TurnVerb = "enable" | "disable" | "sendTest";

function turnLooks(space: Space): Pick<VerbLooks<WebhookVerb, WebhookRow>, TurnVerb> {
  const sendTest = confirming(space, {
    title: "Send a test event?",
    consequence: "One of its events is sent with a made-up record, marked with “test”. Nothing in the account changes.",
    confirmLabel: "Send test event",
    cancelLabel: "Cancel",
    action: sendTestEventAction,
    done: (row, { event }) => ({ title: "Test event on its way", description: `${event} to ${row.url}` }),
  });
  const enable = confirming(space, {
    title: "Enable this webhook?",
    consequence:
      "Events are sent again from now on. What happened while it was disabled was not noted and is not sent.",
    confirmLabel: "Enable webhook",
    cancelLabel: "Cancel",
    action: enableWebhookAction,
    done: (row) => ({ title: "Webhook enabled", description: row.url }),
  });
  const disable = confirming(space, {
    title: "Disable this webhook?",
    consequence:
      "Nothing more is sent, not even what waits for a retry, and what happens meanwhile is not sent later. It can be enabled again.",
    confirmLabel: "Disable webhook",
    cancelLabel: "Keep enabled",
    tone: "danger",
    action: disableWebhookAction,
    done: (row) => ({ title: "Webhook disabled", description: row.url }),
  });
  return {
    sendTest: { label: "Send Test Event", icon: Send, ...sendTest },
    enable: { label: "Enable", icon: Power, ...enable },
    disable: { label: "Disable", icon: PowerOff, ...disable },
  };
}

function deleteLook(space: Space, onDone: () => void): VerbLook<WebhookRow> {
  const confirmation = confirming(space, {
    title: "Delete this webhook?",
    consequence:
      "Nothing more is sent, not even what waits for a retry, and its secret is gone for good: a new webhook has another one. This cannot be undone.",
    confirmLabel: "Delete webhook",
    cancelLabel: "Keep webhook",
    action: deleteWebhookAction,
    done: (row) => ({ title: "Webhook deleted", description: row.url }),
  });
  return { label: "Delete", icon: Trash2, tone: "danger", ...confirmation, onDone };
}

/** What is done with webhooks, in their list and on their own pages. */
export function useWebhookVerbs(space: Space, resumed?: { verb: WebhookVerb; row: WebhookRow } | null) {
  const router = useRouter();
  const looks: VerbLooks<WebhookVerb, WebhookRow> = {
    edit: {
      kind: "dialog",
      label: "Edit",
      icon: Pencil,
      dialog: (row, onClose) => <WebhookDialog space={space} row={row} onClose={onClose} />,
    },
    viewSecret: {
      kind: "dialog",
      label: "View Secret",
      icon: Eye,
      dialog: (row, onClose) => <SecretDialog space={space} verb="viewSecret" row={row} onClose={onClose} />,
    },
    rotateSecret: {
      kind: "dialog",
      label: "Rotate Secret",
      icon: RefreshCw,
      dialog: (row, onClose) => <SecretDialog space={space} verb="rotateSecret" row={row} onClose={onClose} />,
    },
    ...turnLooks(space),
    delete: deleteLook(space, () => router.replace(`/${space.token}/webhooks`)),
  };
  return useVerbs(looks, (row) => row.url, resumed);
}
