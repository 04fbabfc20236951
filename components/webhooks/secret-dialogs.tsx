"use client";

import { useRef, useState } from "react";

import type { Space } from "@/components/api-keys/space";
import { DialogForm } from "@/components/record/dialog-form";
import { useActionForm } from "@/components/record/use-action-form";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter, DialogHeader } from "@/components/ui/dialog";
import { SecretBox } from "@/components/ui/secret-box";
import { formatInstant } from "@/components/ui/time-format";
import { revealWebhookSecretAction, rotateWebhookSecretAction } from "@/lib/webhooks/actions";
import type { ActionResult } from "@/lib/entry/action";
import type { WebhookRow } from "@/lib/webhooks/queries";
import type { RevealedSecret } from "@/lib/webhooks/service";

export interface SecretShownDialogProps {
  readonly title: string;
  readonly shown: RevealedSecret & { readonly oldSecretUntil?: string };
  readonly onClose: () => void;
}

/** Whoever renders it forgets `shown` when it closes. */
export function SecretShownDialog({ title, shown, onClose }: SecretShownDialogProps) {
  const copyButton = useRef<HTMLButtonElement>(null);
  return (
    <Dialog open onClose={onClose} initialFocus={copyButton} describedBy="secret-use">
      <DialogHeader title={title} />
      <DialogBody>
        <p className="wrap-anywhere">
          Deliveries to <strong className="font-medium text-text">{shown.url}</strong> are signed with this secret.
        </p>
        <SecretBox label="Secret" value={shown.secret} copyLabel="Copy Secret" copyRef={copyButton} />
        <p id="secret-use">
          Keep it where your receiver keeps its secrets, and have it verify each delivery.{" "}
          {shown.oldSecretUntil !== undefined && (
            <>The old secret signs as well until {formatInstant(new Date(shown.oldSecretUntil), undefined)}. </>
          )}
          <a href="/developers#webhooks" target="_blank" rel="noreferrer" className="underline">
            How to verify
          </a>
        </p>
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Done</Button>
      </DialogFooter>
    </Dialog>
  );
}

export type SecretVerb = "viewSecret" | "rotateSecret";

const WORDS = {
  viewSecret: {
    title: "View the secret?",
    consequence: "It is shown on this screen. That you have seen it is noted in the audit log.",
    button: "View secret",
    shown: "The secret",
    action: revealWebhookSecretAction,
  },
  rotateSecret: {
    title: "Rotate the secret?",
    consequence:
      "A new secret signs every delivery from now on. The old one signs as well for 24 hours: put the new one into your receiver within that time. One that still overlaps from last time stops at once.",
    button: "Rotate secret",
    shown: "The new secret",
    action: rotateWebhookSecretAction,
  },
} as const;

export interface SecretDialogProps {
  readonly space: Space;
  readonly verb: SecretVerb;
  readonly row: WebhookRow;
  readonly onClose: () => void;
}

/** Asks before a secret is shown or replaced; both need a fresh sign-in. */
export function SecretDialog({ space, verb, row, onClose }: SecretDialogProps) {
  const words = WORDS[verb];
  const [shown, setShown] = useState<SecretShownDialogProps["shown"] | null>(null);
  const state = useActionForm({
    name: `${verb} ${row.id}`,
    values: {},
    toInput: () => ({ id: row.id, revision: row.revision }),
    action: (input): Promise<ActionResult<SecretShownDialogProps["shown"]>> => words.action(space.token, input),
    onDone: setShown,
  });
  if (shown) return <SecretShownDialog title={words.shown} shown={shown} onClose={onClose} />;
  const next = `/${space.token}/webhooks?resume=${verb}&id=${row.id}`;
  return (
    <DialogForm
      title={words.title}
      size="small"
      state={state}
      saveLabel={words.button}
      signIn={<FreshSignInPanel space={space} next={next} button={words.button} />}
      onClose={onClose}
    >
      <p className="wrap-anywhere">
        <strong className="font-medium text-text">{row.url}</strong>
      </p>
      <p>{words.consequence}</p>
    </DialogForm>
  );
}
