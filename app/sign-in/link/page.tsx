import type { Metadata } from "next";
import { redirect } from "next/navigation";

import { SignInFrame } from "@/components/sign-in/sign-in-frame";
import { SignInLinkForm } from "@/components/sign-in/sign-in-link-form";
import { signInLinkInput } from "@/lib/sign-in/schema";

// The address holds the link's token, which must travel no further. Not "no-referrer": a form's Origin would then be
// "null", and the sign-in refuses that.
export const metadata: Metadata = { title: "Confirm your sign-in", referrer: "strict-origin" };

interface LinkPageProps {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Mail scanners open links: this page changes nothing, its button signs in. */
export default async function SignInLinkPage({ searchParams }: LinkPageProps) {
  const query = await searchParams;
  const link = signInLinkInput.safeParse(query);
  if (!link.success) redirect("/sign-in?problem=link");
  return (
    <SignInFrame title="Confirm your sign-in">
      <p className="text-text-2">
        You are about to sign in as <strong className="font-medium break-words text-text">{link.data.email}</strong> on
        this device.
      </p>
      <SignInLinkForm token={link.data.token} email={link.data.email} />
      <p className="text-12 text-text-3">Not your address? Close this page; nothing has happened yet.</p>
    </SignInFrame>
  );
}
