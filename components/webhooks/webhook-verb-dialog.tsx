"use client";

import { useRouter } from "next/navigation";

import type { Space } from "@/components/api-keys/space";
import { ConfirmAction } from "@/components/record/confirm-action";
import { lateDialog } from "@/components/ui/late-dialog";
import type { WebhookVerb } from "@/lib/webhooks/policy";
import type { WebhookRow } from "@/lib/webhooks/queries";
import { ROW_ACTIONS } from "./webhook-row-actions";

const WebhookDialog = lateDialog(() => import("./webhook-dialog").then((module) => module.WebhookDialog));
const SecretDialog = lateDialog(() => import("./secret-dialogs").then((module) => module.SecretDialog));

export interface ChosenVerb {
  readonly verb: WebhookVerb;
  readonly row: WebhookRow;
}

export interface WebhookVerbDialogProps {
  readonly space: Space;
  readonly chosen: ChosenVerb;
  readonly onClose: () => void;
}

/** Whatever dialog the chosen verb needs. */
export function WebhookVerbDialog({ space, chosen: { verb, row }, onClose }: WebhookVerbDialogProps) {
  const router = useRouter();
  const action = ROW_ACTIONS[verb];
  if (action.kind === "confirm") {
    const { kind: _, label: _label, icon: _icon, consequence, perform, ...words } = action;
    return (
      <ConfirmAction
        {...words}
        consequence={
          <>
            <strong className="block font-medium wrap-anywhere text-text">{row.url}</strong>
            {consequence}
          </>
        }
        perform={() => perform(space.token, row)}
        onDone={() => verb === "delete" && router.replace(`/${space.token}/webhooks`)}
        onClose={onClose}
      />
    );
  }
  if (verb === "viewSecret" || verb === "rotateSecret")
    return <SecretDialog space={space} verb={verb} row={row} onClose={onClose} />;
  return <WebhookDialog space={space} row={row} onClose={onClose} />;
}
