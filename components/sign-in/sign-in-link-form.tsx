"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";

export interface SignInLinkFormProps {
  readonly token: string;
  readonly email: string;
}

/** A plain form that also works before, or without, any script; with one, a double click is one click. */
export function SignInLinkForm({ token, email }: SignInLinkFormProps) {
  const [busy, setBusy] = useState(false);
  return (
    <form
      method="post"
      action="/api/auth/callback/email"
      autoComplete="off"
      className="grid"
      onSubmit={() => setBusy(true)}
    >
      <input type="hidden" name="token" value={token} autoComplete="off" />
      <input type="hidden" name="email" value={email} autoComplete="off" />
      <Button type="submit" variant="primary" busy={busy}>
        Sign in
      </Button>
    </form>
  );
}
