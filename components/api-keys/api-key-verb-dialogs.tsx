"use client";

import { ConfirmAction } from "@/components/record/confirm-action";
import { lateDialog } from "@/components/ui/late-dialog";
import type { KeyVerb } from "@/lib/api-keys/policy";
import type { ApiKeyRow } from "@/lib/api-keys/queries";
import { ROW_ACTIONS } from "./api-key-row-actions";
import type { Space } from "./space";

const EditApiKeyDialog = lateDialog(() => import("./edit-api-key-dialog").then((module) => module.EditApiKeyDialog));
const RegenerateApiKeyDialog = lateDialog(() =>
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
    return (
      <ConfirmAction
        key={verb}
        title={action.title(row)}
        consequence={action.consequence(row, now)}
        confirmLabel={action.confirmLabel}
        cancelLabel={action.cancelLabel}
        tone={action.tone}
        perform={() => action.perform(space.token, row)}
        onClose={onClose}
      />
    );
  }
  if (verb === "edit") return <EditApiKeyDialog space={space} row={row} onClose={onClose} />;
  if (verb === "regenerate") return <RegenerateApiKeyDialog space={space} now={now} row={row} onClose={onClose} />;
  return null;
}
