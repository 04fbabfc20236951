"use client";

import { useState } from "react";

import type { Space } from "@/components/api-keys/space";
import { noAnswer } from "@/components/form/no-answer";
import { sayNotDone } from "@/components/record/outcome";
import { FreshSignInPanel } from "@/components/sign-in/fresh-sign-in-panel";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Time } from "@/components/ui/time";
import { toast } from "@/components/ui/toaster";
import { resendInvitationAction, withdrawInvitationAction } from "@/lib/members/actions";
import type { InvitationRow } from "@/lib/members/queries";
import { ROLE_WORDS } from "./role-words";

export interface PendingInvitationsProps {
  readonly space: Space;
  readonly invitations: readonly InvitationRow[];
}

const DEEDS = {
  resend: { action: resendInvitationAction, done: "The mail is on its way; the link before stopped working." },
  withdraw: { action: withdrawInvitationAction, done: "The link stopped working." },
} as const;

function Invitation({ space, invitation }: { space: Space; invitation: InvitationRow }) {
  const [busy, setBusy] = useState<keyof typeof DEEDS | null>(null);
  const [isStale, setIsStale] = useState(false);
  const perform = async (deed: keyof typeof DEEDS) => {
    setBusy(deed);
    const answer = await DEEDS[deed].action(space.token, { id: invitation.id }).catch(noAnswer);
    setBusy(null);
    if (answer?.ok === false && answer.error.code === "fresh_sign_in_required") return setIsStale(true);
    setIsStale(false);
    if (answer?.ok) return toast({ title: `Invitation of ${invitation.email}`, description: DEEDS[deed].done });
    toast({
      tone: "bad",
      title: sayNotDone(answer, "Nothing was changed"),
      description: answer?.error.message ?? "The answer did not arrive. Reload the page to see, and try again.",
    });
  };
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 border-b border-line py-3">
      <div className="min-w-0">
        <span className="font-medium wrap-anywhere">{invitation.email}</span>{" "}
        {invitation.isExpired && <Badge tone="off">Expired</Badge>}
        <span className="block text-12 text-text-3">
          {ROLE_WORDS[invitation.role].name}
          {invitation.invitedBy !== null && <>, invited by {invitation.invitedBy}</>}, good until{" "}
          <Time value={invitation.expiresAt} />
        </span>
      </div>
      <div className="flex gap-2">
        <Button
          busy={busy === "resend"}
          aria-label={`Resend invitation of ${invitation.email}`}
          onClick={() => void perform("resend")}
        >
          Resend
        </Button>
        <Button
          busy={busy === "withdraw"}
          aria-label={`Withdraw invitation of ${invitation.email}`}
          onClick={() => void perform("withdraw")}
        >
          Withdraw
        </Button>
      </div>
      {isStale && <FreshSignInPanel space={space} next={`/${space.token}/members`} button="Resend" />}
    </li>
  );
}

export function PendingInvitations({ space, invitations }: PendingInvitationsProps) {
  if (invitations.length === 0) return null;
  return (
    <section aria-labelledby="pending" className="mt-8">
      <h2 id="pending" className="border-b border-line pb-2 text-16 font-semibold">
        Pending invitations
      </h2>
      <ul>
        {invitations.map((invitation) => (
          <Invitation key={invitation.id} space={space} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}
