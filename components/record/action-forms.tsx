"use client";

import type { ComponentProps, ReactNode } from "react";
import type { FieldValues } from "react-hook-form";

import { FormRefusal } from "@/components/form/form-refusal";
import { SubmitButton } from "@/components/form/submit-button";
import type { ActionFormState } from "@/components/record/use-action-form";
import { Button } from "@/components/ui/button";
import { Dialog, DIALOG_FORM, DialogBody, DialogFooter, DialogHeader, type DialogProps } from "@/components/ui/dialog";

/** What of a form's state the frame around its fields needs. */
type FrameState = Omit<ActionFormState<FieldValues>, "form">;

export type DialogFormProps = Pick<DialogProps, "size" | "onClose"> & {
  state: FrameState;
  title: string;
  /** Its fields. */
  children: ReactNode;
  saveLabel?: string;
  /** The way to a sign-in, for what is only done shortly after one. */
  signIn?: ReactNode;
  /** Somebody goes to the form. */
  onFocus?: () => void;
};

/** A form above the page: its fields, what was refused, and the way out. While it is being sent it cannot be closed. */
export function DialogForm(props: DialogFormProps) {
  const { state, title, size, children, saveLabel = "Save", signIn, onFocus, onClose } = props;
  const { submit, refusal, busy, leaving, discard } = state;
  const cancel = () => {
    discard();
    onClose();
  };
  return (
    <>
      <Dialog open onClose={cancel} onCloseRequest={() => !busy && leaving.mayLeave(onClose)} size={size}>
        <DialogHeader title={title} />
        <form noValidate className={DIALOG_FORM} onFocus={onFocus} onSubmit={submit}>
          <DialogBody>
            {children}
            <FormRefusal refusal={refusal} signIn={signIn} />
          </DialogBody>
          <DialogFooter>
            <Button onClick={cancel}>Cancel</Button>
            <SubmitButton busy={busy}>{saveLabel}</SubmitButton>
          </DialogFooter>
        </form>
      </Dialog>
      {leaving.question}
    </>
  );
}

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
