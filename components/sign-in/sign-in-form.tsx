"use client";

import { useEffect, useRef, useState } from "react";
import { LocalOutboxHint } from "@/components/sign-in/local-outbox-hint";
import { useLinkRequest } from "@/components/sign-in/use-link-request";
import { useDraft } from "@/components/form/draft";
import { SubmitButton } from "@/components/form/submit-button";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { fieldIds, FieldFrame } from "@/components/ui/text-field";
import type { OutboxPlace } from "@/lib/platform/mail/outbox";

export interface SignInFormProps {
  readonly next: string | null;
  readonly outbox: OutboxPlace | null;
}

/** The address, then the same answer for everybody. */
export function SignInForm({ next, outbox }: SignInFormProps) {
  const request = useLinkRequest(next);
  const [asked, setAsked] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useDraft({
    name: "sign-in",
    read: () => ({ email: { was: "", is: input.current?.value ?? "" } }),
    restore: ({ email }) => {
      if (input.current !== null && typeof email?.is === "string") input.current.value = email.is;
    },
  });
  if (request.sentTo !== null)
    return <CheckYourInbox email={request.sentTo} outbox={outbox} onStartOver={request.startOver} />;
  const error = request.problem ?? undefined;
  // As an action, so that what is typed and sent before the script has come is kept and sent when it has.
  const send = (form: FormData) => {
    const entered = form.get("email");
    const email = typeof entered === "string" ? entered : "";
    setAsked(email);
    request.ask(email);
  };
  return (
    <form className="grid gap-4" action={send} noValidate>
      <FieldFrame
        id="email"
        label="E-mail address"
        hint="We mail you a link that signs you in. There is no password."
        error={error}
      >
        <Input
          {...fieldIds("email", { hint: true, error })}
          ref={input}
          type="email"
          name="email"
          required
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          defaultValue={asked}
        />
      </FieldFrame>
      <p role="alert" className="sr-only">
        {request.problem}
      </p>
      <SubmitButton busy={request.busy}>Send sign-in link</SubmitButton>
      <LocalOutboxHint place={outbox} />
    </form>
  );
}

interface CheckYourInboxProps {
  readonly email: string;
  readonly outbox: OutboxPlace | null;
  readonly onStartOver: () => void;
}

function CheckYourInbox({ email, outbox, onStartOver }: CheckYourInboxProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // The form that had the focus is gone.
  useEffect(() => heading.current?.focus(), []);
  return (
    <section className="grid gap-4" aria-labelledby="check-your-inbox">
      <h2 id="check-your-inbox" ref={heading} tabIndex={-1} className="text-16 font-semibold outline-none">
        Check your inbox
      </h2>
      <p className="text-text-2">
        If <strong className="font-medium break-words text-text">{email}</strong> belongs to somebody here, a link is on
        its way to it, or has been there for less than two minutes. It works once, for 15 minutes, in any browser.
      </p>
      <p className="text-text-2">
        Nothing after two minutes? Look in the spam folder, ask again, or ask whoever invited you which address they
        used.
      </p>
      <LocalOutboxHint place={outbox} />
      <Button onClick={onStartOver}>Use another address</Button>
    </section>
  );
}
