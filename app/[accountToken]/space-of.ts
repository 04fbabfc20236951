import { headers } from "next/headers";

import type { Space } from "@/components/api-keys/space";
import { mayDo, type Permit } from "@/lib/auth/permit";
import { env } from "@/lib/platform/env";
import { outboxPlace } from "@/lib/platform/mail/outbox";
import { singleSignOnName } from "@/lib/sign-in/oidc";

/** What a page's controls need to know of the space and its viewer. */
export async function spaceOf(
  permit: Permit<
    "apiKeys.read" | "accountTokens.read" | "credentials.read" | "customers.read" | "members.read" | "webhooks.read"
  >,
): Promise<Space> {
  const { account, actor } = permit;
  return {
    token: account.token,
    kind: account.kind,
    appUrl: env().APP_URL,
    viewer: {
      email: actor.kind === "user" ? actor.email : "",
      mayIssue: mayDo(actor, "apiKeys.issue"),
      limited: actor.kind === "user" && actor.customerLimit !== null,
    },
    outbox: outboxPlace(await headers()),
    singleSignOn: singleSignOnName(),
  };
}
