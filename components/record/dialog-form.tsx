"use client";

import type { ReactNode } from "react";

import { FormRefusal } from "@/components/form/form-refusal";
import { SubmitButton } from "@/components/form/submit-button";
import type { FrameState } from "@/components/record/use-action-form";
import { Button } from "@/components/ui/button";
import { Dialog, DIALOG_FORM, DialogBody, DialogFooter, DialogHeader, type DialogProps } from "@/components/ui/dialog";

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
