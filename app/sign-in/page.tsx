import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";

import { SignInForm } from "@/components/sign-in/sign-in-form";
import { SignInFrame } from "@/components/sign-in/sign-in-frame";
import { SingleSignOnLink } from "@/components/sign-in/single-sign-on-link";
import { Notice, type NoticeTone } from "@/components/ui/notice";
import { currentIdentity, liveSession } from "@/lib/auth/session";
import { outboxPlace } from "@/lib/platform/mail/outbox";
import { singleSignOnName } from "@/lib/sign-in/oidc";
import { nextPath } from "@/lib/sign-in/policy";

export const metadata: Metadata = { title: "Sign in" };

/** One sentence for every link that no longer works: it does not say which of the reasons it was. */
const SAID: Readonly<Record<string, { readonly tone: NoticeTone; readonly words: string }>> = {
  link: {
    tone: "warn",
    words:
      "This sign-in link does not work: links work once, for 15 minutes, and only for the address they were mailed to. Ask for a new one below.",
  },
  failed: {
    tone: "bad",
    words: "Signing in did not work just now. Try it once more, or ask for a new link below.",
  },
  unavailable: {
    tone: "warn",
    words:
      "The hub was too busy or its database was away just then, and signing in did not come to its end. Sign in again; a link in your mailbox works as long as it was not used.",
  },
  "single-sign-on": {
    tone: "bad",
    words:
      "Your provider knows you, but nobody here has the address that it confirmed, or it has confirmed none. Ask whoever invited you which address they used, or ask for a link below.",
  },
  "signed-out": { tone: "info", words: "You are signed out." },
};

interface SignInPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SignInPage({ searchParams }: SignInPageProps) {
  const query = await searchParams;
  const next = nextPath(query.next);
  const said = SAID[query["signed-out"] === undefined ? String(query.problem) : "signed-out"];
  if (said === undefined && (await liveSession(await currentIdentity())) !== null) redirect(next ?? "/");
  const singleSignOn = singleSignOnName();
  return (
    <SignInFrame title="Sign in">
      {said && <Notice tone={said.tone}>{said.words}</Notice>}
      {singleSignOn !== null && <SingleSignOnLink name={singleSignOn} next={next} />}
      <SignInForm next={next} outbox={outboxPlace(await headers())} />
    </SignInFrame>
  );
}
