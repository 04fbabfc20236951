"use client";

import type { Space } from "@/components/api-keys/space";
import { DialogForm } from "@/components/record/dialog-form";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { toast } from "@/components/ui/toaster";
import { regenerateHereAction } from "@/lib/integration-credentials/actions";
import { sayStatus } from "./credential-words";

export interface RegenerateHereDialogProps {
  readonly space: Pick<Space, "token" | "viewer" | "outbox" | "singleSignOn">;
  readonly ownKey: { readonly id: number; readonly name: string; readonly revision: number };
  /** The page to come back to from a sign-in. */
  readonly next: string;
  readonly onClose: () => void;
}

/** A new token for a key of this hub, put into the credentials that hold the key, and shown to nobody. */
export function RegenerateHereDialog({ space, ownKey, next, onClose }: RegenerateHereDialogProps) {
  const state = useActionForm({
    name: `regenerate here ${ownKey.id}`,
    values: {},
    toInput: () => ({ keyId: ownKey.id, revision: ownKey.revision }),
    action: (input, id) => regenerateHereAction(space.token, input, id),
    onDone: ({ name, credentials }) => {
      const found = credentials.map((credential) => `“${credential.name}”: ${sayStatus(credential.status)}`);
      toast({ title: `“${name}” has a new token`, description: found.join(", ") });
      onClose();
    },
  });
  return (
    <DialogForm
      title="Regenerate and update here?"
      size="small"
      state={state}
      saveLabel="Regenerate and update here"
      signIn={<FreshSignInPanel space={space} next={next} button="Regenerate and update here" />}
      onClose={onClose}
    >
      <p className="wrap-anywhere">
        The API key <strong className="font-medium text-text">{ownKey.name}</strong> gets a new token, and every
        credential here that holds the key gets it in the same moment. The token is shown to nobody.
      </p>
      <p>The old token stops at once: whatever else uses it is refused from then on.</p>
    </DialogForm>
  );
}
