"use client";

import dynamic from "next/dynamic";
import { useState } from "react";

import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toaster";
import type { KeyVerb } from "@/lib/api-keys/policy";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import { ROW_ACTIONS, type Confirmation } from "./api-key-row-actions";
import type { Space } from "./space";

const EditApiKeyDialog = dynamic(() => import("./edit-api-key-dialog").then((module) => module.EditApiKeyDialog));
const RegenerateApiKeyDialog = dynamic(() =>
  import("./regenerate-api-key-dialog").then((module) => module.RegenerateApiKeyDialog),
);

export interface ChosenVerb {
  readonly verb: KeyVerb;
  readonly row: ApiKeyRow;
}

export interface ApiKeyVerbDialogsProps {
  readonly space: Space;
  /** The database's clock when the rows were read. */
  readonly now: string;
  readonly chosen: ChosenVerb | null;
  readonly onClose: () => void;
}

/** Whatever dialog the chosen verb needs; shared by the list and by a key's own page. */
export function ApiKeyVerbDialogs({ space, now, chosen, onClose }: ApiKeyVerbDialogsProps) {
  if (chosen === null) return null;
  const { verb, row } = chosen;
  const action = ROW_ACTIONS[verb];
  if (action.kind === "confirm") {
    return <ConfirmVerb key={verb} space={space} now={now} row={row} confirmation={action} onClose={onClose} />;
  }
  if (verb === "edit") return <EditApiKeyDialog space={space} row={row} onClose={onClose} />;
  if (verb === "regenerate") return <RegenerateApiKeyDialog space={space} now={now} row={row} onClose={onClose} />;
  return null;
}

interface ConfirmVerbProps extends Omit<ApiKeyVerbDialogsProps, "chosen"> {
  readonly row: ApiKeyRow;
  readonly confirmation: Confirmation;
}

function ConfirmVerb({ space, now, row, confirmation, onClose }: ConfirmVerbProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const perform = async () => {
    setBusy(true);
    setError(null);
    const outcome = await confirmation.perform(space.token, row);
    setBusy(false);
    if ("refused" in outcome) return setError(outcome.refused);
    toast(outcome.toast);
    onClose();
  };
  return (
    <ConfirmDialog
      open
      title={confirmation.title(row)}
      consequence={confirmation.consequence(row, now)}
      confirmLabel={confirmation.confirmLabel}
      cancelLabel={confirmation.cancelLabel}
      tone={confirmation.tone}
      busy={busy}
      error={error}
      onConfirm={() => void perform()}
      onCancel={onClose}
    />
  );
}
