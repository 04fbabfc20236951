"use client";

import { useRef, useState } from "react";

import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter, DialogHeader } from "@/components/ui/dialog";
import { Notice } from "@/components/ui/notice";
import { SecretBox } from "@/components/ui/secret-box";
import { SnippetTabs } from "@/components/ui/snippet-tabs";
import { formatInstant } from "@/components/ui/time-format";
import type { IssuedToken } from "@/lib/api-keys/service";
import { sayScopes } from "./key-words";
import { firstRequest } from "./request-snippets";

export interface OneTimeTokenDialogProps {
  readonly issued: IssuedToken;
  readonly appUrl: string;
  /** "all 42 customers": whose fleets the key reaches. */
  readonly reach: string;
  readonly onClose: () => void;
}

/** The only place that ever shows a token. Whoever renders it forgets `issued` when it closes. */
export function OneTimeTokenDialog({ issued, appUrl, reach, onClose }: OneTimeTokenDialogProps) {
  const copyButton = useRef<HTMLButtonElement>(null);
  const [copied, setCopied] = useState(false);
  const [asked, setAsked] = useState(false);
  const mayClose = () => {
    if (copied || asked) return true;
    setAsked(true);
    return false;
  };
  const onCopied = () => {
    setCopied(true);
    setAsked(false);
  };
  return (
    <Dialog open onClose={onClose} onCloseRequest={mayClose} initialFocus={copyButton} describedBy="token-once">
      <DialogHeader title={`“${issued.name}” is ready`} />
      <DialogBody>
        <SecretBox label="Token" value={issued.token} copyLabel="Copy Token" copyRef={copyButton} onCopied={onCopied} />
        <Notice tone="warn" id="token-once">
          You will not see this token again. Copy it now and keep it where your integration keeps its secrets.{" "}
          <a href="/developers#security" target="_blank" rel="noreferrer" className="underline">
            How to keep keys safe
          </a>
        </Notice>
        <SnippetTabs label="A first request" snippets={firstRequest(appUrl, issued.token)} onCopied={onCopied} />
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 [&_dd]:text-text [&_dt]:text-text-3">
          <dt>Can</dt>
          <dd>
            {sayScopes(issued.scopes)} of {reach}
          </dd>
          <dt>Until</dt>
          <dd>{formatInstant(new Date(issued.expiresAt), undefined)}</dd>
          {issued.oldTokenUntil !== null && (
            <>
              <dt>Old token</dt>
              <dd>works until {formatInstant(new Date(issued.oldTokenUntil), undefined)}</dd>
            </>
          )}
        </dl>
      </DialogBody>
      <div role="alert">
        {asked && !copied && (
          <div className="px-5 pb-4 font-medium text-text">
            Close without copying? The token cannot be shown again: the key would need a new one.
          </div>
        )}
      </div>
      <DialogFooter>
        {asked && !copied ? (
          <>
            <Button onClick={() => setAsked(false)}>Keep open</Button>
            <Button variant="danger" onClick={onClose}>
              Close without copying
            </Button>
          </>
        ) : (
          <Button onClick={() => mayClose() && onClose()}>Done</Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}
