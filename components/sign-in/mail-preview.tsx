"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";

export interface MailPreviewProps {
  readonly subject: string;
  readonly html: string;
  /** Marks the mail's own style sheet as ours; the content security policy holds inside the frame as well. */
  readonly nonce: string | null;
}

/** The mail as it looks, in a frame where no script runs; made when asked for, as a page may list fifty. */
export function MailPreview({ subject, html, nonce }: MailPreviewProps) {
  const [isShown, setShown] = useState(false);
  const marked = nonce === null ? html : html.replaceAll("<style", `<style nonce="${nonce}"`);
  return (
    <div className="grid justify-items-start gap-3">
      <Button aria-expanded={isShown} onClick={() => setShown(!isShown)}>
        {isShown ? "Hide the mail as it looks" : "Show the mail as it looks"}
      </Button>
      {isShown && (
        <iframe
          title={`${subject}, as it looks`}
          srcDoc={marked}
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          className="h-[420px] w-full rounded-md border border-line bg-bg"
        />
      )}
    </div>
  );
}
