"use client";

import { getNonce, setNonce } from "get-nonce";

/** Render it above everything that may open a dialog: what locks the page's scrolling injects a style, which the content security policy wants marked. */
export function StyleNonce({ nonce }: { nonce: string | undefined }) {
  // On the server the module is shared by all requests, and nothing is injected there.
  // An action's answer brings the nonce of its own response; the document's is the first one.
  if (typeof window !== "undefined" && nonce && !getNonce()) setNonce(nonce);
  return null;
}
