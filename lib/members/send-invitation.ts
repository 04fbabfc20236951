import "server-only";
import { createElement } from "react";

import { InvitationMail } from "@/emails/invitation";
import type { Permit } from "@/lib/auth/permit";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { renderMail, sendMail } from "@/lib/platform/mail/mailer";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { hashInvitationToken, newInvitationToken } from "./invitation-token";
import { INVITATION_DAYS } from "./policy";

/** Mails an invitation that is still pending. Every attempt has a link of its own; the latest one works. */
export async function sendInvitation(
  _permit: Permit<"invitations.send">,
  { invitationId }: { readonly invitationId: number },
): Promise<void> {
  const { APP_URL } = env();
  const pending = { id: invitationId, acceptedAt: null, withdrawnAt: null };
  const invitation = await db().invitation.findFirst({
    where: pending,
    select: { email: true, role: true, account: { select: { name: true } }, invitedBy: { select: { name: true } } },
  });
  if (invitation === null) return;
  const token = newInvitationToken();
  const tokenHash = hashInvitationToken(token);
  const kept = await bookkeepingDb().invitation.updateMany({ where: pending, data: { tokenHash } });
  if (kept.count === 0) return;
  const { email, role, account, invitedBy } = invitation;
  const inviter = invitedBy?.name ?? "An administrator";
  const mail = await renderMail(
    createElement(InvitationMail, {
      accountName: account.name,
      role,
      inviter,
      email,
      days: INVITATION_DAYS,
      link: `${APP_URL}/invitation?${new URLSearchParams({ token }).toString()}`,
    }),
  );
  await sendMail({
    ...mail,
    to: email,
    subject: `${inviter} invites you to ${account.name} on Fleet Advisor Hub`,
    idempotencyKey: `invitation/${Buffer.from(tokenHash).toString("hex")}`,
    tags: { kind: "invitation" },
  });
}
