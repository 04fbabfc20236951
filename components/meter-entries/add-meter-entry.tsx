"use client";

import { AddRecord } from "@/components/record/add-record";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { MeterEntryFormProps } from "./meter-entry-form";

const MeterEntryForm = lazyDialog(() => import("./meter-entry-form").then((module) => module.MeterEntryForm));

/** The button and its form. */
export function AddMeterEntry(props: Pick<MeterEntryFormProps, "accountToken" | "vehicle">) {
  return (
    <AddRecord label="Add Meter Entry" form={(onClose) => <MeterEntryForm {...props} row={null} onClose={onClose} />} />
  );
}
