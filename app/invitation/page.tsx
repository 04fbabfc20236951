import type { Metadata } from "next";
import { headers } from "next/headers";

import { AcceptInvitation } from "@/components/members/accept-invitation";
import { SignInFrame } from "@/components/sign-in/sign-in-frame";
import { ButtonLink } from "@/components/ui/button";
import { permitForAnyone } from "@/lib/entry/page";
import { findOpenInvitation } from "@/lib/members/queries";
import { outboxPlace } from "@/lib/platform/mail/outbox";

export const metadata: Metadata = { title: "Invitation", referrer: "strict-origin" };

export default async function InvitationPage({
  searchParams,
}: {
  searchParams: Promise<{ token?: string | string[] }>;
}) {
  const { token } = await searchParams;
  const given = typeof token === "string" && /^[\w-]{43}$/.test(token) ? token : null;
  const invitation =
    given === null ? null : await findOpenInvitation(await permitForAnyone("invitations.accept"), { token: given });
  if (invitation === null || given === null) {
    return (
      <SignInFrame title="This invitation cannot be used">
        <p className="text-text-2">
          It was used, withdrawn, replaced by a later one, or has expired. Ask whoever invited you to send it again.
        </p>
        <ButtonLink href="/sign-in">Go to the sign-in page</ButtonLink>
      </SignInFrame>
    );
  }
  return (
    <SignInFrame title={`Join ${invitation.accountName}`}>
      <AcceptInvitation token={given} invitation={invitation} outbox={outboxPlace(await headers())} />
    </SignInFrame>
  );
}
