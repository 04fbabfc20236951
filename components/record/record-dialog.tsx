"use client";

import { useRouter } from "next/navigation";

import { DialogForm } from "@/components/record/dialog-form";
import { RecordFields } from "@/components/record/record-fields";
import { useRecordForm, type RecordFormOptions } from "@/components/record/use-record-form";
import { toast } from "@/components/ui/toaster";

export type RecordDialogProps<T> = Omit<RecordFormOptions<T>, "onSaved" | "onClash"> & {
  title: string;
  saveLabel: string;
  /** Said once it is saved: "Meter entry added". */
  done: string;
  onClose: () => void;
};

/** The form of a record with few fields, above its list or page. */
export function RecordDialog<T>({ title, saveLabel, done, onClose, ...options }: RecordDialogProps<T>) {
  const router = useRouter();
  const onSaved = () => {
    toast({ title: done });
    onClose();
    router.refresh();
  };
  const state = useRecordForm({ ...options, onSaved });
  return (
    <DialogForm title={title} state={state} saveLabel={saveLabel} onFocus={state.wake} onClose={onClose}>
      <RecordFields form={state.form} fields={options.fields} />
    </DialogForm>
  );
}
