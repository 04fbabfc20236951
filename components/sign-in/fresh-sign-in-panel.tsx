"use client";

import type { Space } from "@/components/api-keys/space";
import { LocalOutboxHint } from "@/components/sign-in/local-outbox-hint";
import { SingleSignOnLink } from "@/components/sign-in/single-sign-on-link";
import { useLinkRequest } from "@/components/sign-in/use-link-request";
import { FormError } from "@/components/form/form-error";
import { Button } from "@/components/ui/button";

export interface FreshSignInPanelProps {
  /** Whose sign-in it is, and the ways to one. */
  readonly space: Pick<Space, "viewer" | "outbox" | "singleSignOn">;
  /** The page to come back to. */
  readonly next: string;
  /** The button of the dialog that is pressed again afterwards. */
  readonly button?: string;
}

/** What a dialog shows when an act needs a sign-in within the last 15 minutes: what was typed in it stays. */
export function FreshSignInPanel({ space, next, button = "Save" }: FreshSignInPanelProps) {
  const { outbox, singleSignOn } = space;
  const { email } = space.viewer;
  const request = useLinkRequest(next);
  return (
    <div className="grid gap-3 rounded-md border border-line bg-bg-subtle p-4">
      <p>
        This is only done within 15 minutes of a sign-in. Nothing was changed, and what you entered stays here: confirm
        that it is you with a link mailed to <strong className="font-medium break-words">{email}</strong>.
      </p>
      <div role="status" className="grid gap-3 empty:hidden">
        {request.sentTo !== null && (
          <p className="font-medium">Check your inbox, then come back here and press {button} again.</p>
        )}
        {request.sentTo !== null && <LocalOutboxHint place={outbox} newTab />}
      </div>
      <FormError>{request.problem}</FormError>
      <div className="flex flex-wrap gap-2">
        <Button busy={request.busy} onClick={() => request.ask(email)}>
          {request.sentTo === null ? "Send me a sign-in link" : "Send another link"}
        </Button>
        {singleSignOn !== null && <SingleSignOnLink name={singleSignOn} next={next} fresh />}
      </div>
    </div>
  );
}
