"use client";

import type { ReactNode } from "react";

import { FormError } from "@/components/form/form-error";
import { Button } from "@/components/ui/button";
import type { ActionError } from "@/lib/entry/action";

/** What kept a form from being done, beside what stands at its fields. */
export interface Refusal {
  readonly code: ActionError["code"];
  readonly said: ReactNode;
}

export interface FormRefusalProps {
  readonly refusal: Refusal | null;
  /** The way to a sign-in, for what is only done shortly after one. */
  readonly signIn?: ReactNode;
}

/** Said by the way to a sign-in itself. */
export function isSaidByWayOn({ refusal, signIn }: FormRefusalProps): boolean {
  return refusal?.code === "fresh_sign_in_required" && signIn !== undefined;
}

/** To a sign-in, or to the hub as it is now. */
export function WayOn({ refusal, signIn }: FormRefusalProps) {
  if (refusal?.code === "fresh_sign_in_required") return signIn;
  if (refusal?.code !== "updated") return null;
  return (
    <div>
      <Button onClick={() => location.reload()}>Reload</Button>
    </div>
  );
}

/** What kept the form from being done, and the way on. */
export function FormRefusal(props: FormRefusalProps) {
  return (
    <>
      <FormError>{isSaidByWayOn(props) ? null : props.refusal?.said}</FormError>
      <WayOn {...props} />
    </>
  );
}
