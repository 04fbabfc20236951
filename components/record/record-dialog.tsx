"use client";

import { useRouter } from "next/navigation";

import { DialogForm } from "@/components/form/dialog-form";
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
  const { form, submit, wake, refusal, busy } = useRecordForm({ ...options, onSaved });
  return (
    <DialogForm
      title={title}
      refused={refusal}
      busy={busy}
      saveLabel={saveLabel}
      onSubmit={submit}
      onFocus={wake}
      onClose={onClose}
    >
      <RecordFields form={form} fields={options.fields} />
    </DialogForm>
  );
}
