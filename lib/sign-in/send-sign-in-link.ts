import "server-only";
import { createElement } from "react";

import { SignInLinkMail } from "@/emails/sign-in-link";
import type { Permit } from "@/lib/auth/permit";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { renderMail, sendMail } from "@/lib/platform/mail/mailer";
import { LINK_MINUTES } from "./policy";
import type { SendLinkPayload } from "./schema";
import { createSignInLink } from "./create-sign-in-link";

/** Mails a new link to a person who belongs to an account; anybody else gets nothing. */
export async function sendSignInLink(_permit: Permit<"signIn.sendLink">, { email }: SendLinkPayload): Promise<void> {
  const user = await db().user.findFirst({ where: { email, memberships: { some: {} } }, select: { name: true } });
  if (user !== null) await mailLink(email, user.name);
}

async function mailLink(email: string, name: string): Promise<void> {
  const { APP_URL } = env();
  // Every attempt has a link of its own: the token of one that failed was kept nowhere.
  const { token, tokenHash } = await createSignInLink(email);
  const query = new URLSearchParams({ token, email });
  const link = `${APP_URL}/sign-in/link?${query.toString()}`;
  const mail = await renderMail(
    createElement(SignInLinkMail, { name, email, link, minutes: LINK_MINUTES, appUrl: APP_URL }),
  );
  await sendMail({
    ...mail,
    to: email,
    subject: "Sign in to Fleet Advisor Hub",
    idempotencyKey: `sign-in-link/${tokenHash}`,
    tags: { kind: "sign-in-link" },
  });
}
