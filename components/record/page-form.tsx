"use client";

import type { ComponentProps, ReactNode } from "react";

import { FormRefusal } from "@/components/form/form-refusal";
import type { FrameState } from "@/components/record/use-action-form";

export type PageFormProps = Pick<ComponentProps<"form">, "className" | "onFocus"> & {
  state: FrameState;
  /** Its fields. */
  children: ReactNode;
  /** Beneath what was refused: the buttons. */
  footer: ReactNode;
};

/** A form that is its page's own. */
export function PageForm({ state, className, onFocus, children, footer }: PageFormProps) {
  return (
    <>
      <form noValidate className={className} onFocus={onFocus} onSubmit={state.submit}>
        {children}
        <FormRefusal refusal={state.refusal} />
        {footer}
      </form>
      {state.leaving.question}
    </>
  );
}
