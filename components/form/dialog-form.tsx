import type { ReactNode, SyntheticEvent } from "react";

import { FormError } from "@/components/form/form-error";
import { SubmitButton } from "@/components/form/submit-button";
import { Button } from "@/components/ui/button";
import { Dialog, DIALOG_FORM, DialogBody, DialogFooter, DialogHeader, type DialogProps } from "@/components/ui/dialog";

export type DialogFormProps = Pick<DialogProps, "size" | "onClose"> & {
  title: string;
  /** Its fields. */
  children: ReactNode;
  /** What kept it from being saved, beside what stands at the fields. */
  refused: ReactNode;
  /** While it is being sent it cannot be closed. */
  busy: boolean;
  saveLabel?: string;
  onSubmit: (event: SyntheticEvent) => unknown;
  /** Somebody goes to the form. */
  onFocus?: () => void;
};

/** A form above the page: its fields, what was refused, and the way out. */
export function DialogForm(props: DialogFormProps) {
  const { title, size, children, refused, busy, saveLabel = "Save", onSubmit, onFocus, onClose } = props;
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onSubmit(event);
  };
  return (
    <Dialog open onClose={onClose} onCloseRequest={() => !busy} size={size}>
      <DialogHeader title={title} />
      <form noValidate className={DIALOG_FORM} onFocus={onFocus} onSubmit={submit}>
        <DialogBody>
          {children}
          <FormError>{refused}</FormError>
        </DialogBody>
        <DialogFooter>
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton busy={busy}>{saveLabel}</SubmitButton>
        </DialogFooter>
      </form>
    </Dialog>
  );
}
