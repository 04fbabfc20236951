"use client";

import type { Space } from "@/components/api-keys/space";
import { DialogForm } from "@/components/record/dialog-form";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { toast } from "@/components/ui/toaster";
import { makeAnotherCredentialKeyAction } from "@/lib/integration-credentials/actions";
import type { CredentialRow } from "@/lib/integration-credentials/queries";
import { sayStatus } from "./credential-words";

export interface MakeAnotherDialogProps {
  readonly space: Space;
  readonly row: CredentialRow;
  readonly onClose: () => void;
}

/** Another key of this hub, where the one that is held lacks something or has ended. */
export function MakeAnotherDialog({ space, row, onClose }: MakeAnotherDialogProps) {
  const state = useActionForm({
    name: `make another ${row.id}`,
    values: {},
    toInput: (_values, submissionId) => ({ id: row.id, revision: row.revision, submissionId }),
    action: (input) => makeAnotherCredentialKeyAction(space.token, input),
    onDone: ({ name, status, reason }) => {
      toast({ title: `“${name}” has another key: ${sayStatus(status)}`, ...(reason && { description: reason }) });
      onClose();
    },
  });
  const next = `/${space.token}/integrations/credentials?resume=makeAnother&selected=${row.id}`;
  return (
    <DialogForm
      title="Make another key?"
      size="small"
      state={state}
      saveLabel="Make another key"
      signIn={<FreshSignInPanel space={space} next={next} button="Make another key" />}
      onClose={onClose}
    >
      <p className="wrap-anywhere">
        An API key is made for <strong className="font-medium text-text">{row.name}</strong> and put in, shown to
        nobody. For 12 months it may read vehicles, contacts, vehicle assignments, meter entries and fuel entries, and
        change nothing.
      </p>
      <p>The key before is gone from here, and goes on: revoke it among the API keys if nothing else uses it.</p>
    </DialogForm>
  );
}
