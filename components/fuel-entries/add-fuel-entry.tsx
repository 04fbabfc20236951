"use client";

import { AddRecord } from "@/components/record/add-record";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { FuelEntryFormProps } from "./fuel-entry-form";

const FuelEntryForm = lazyDialog(() => import("./fuel-entry-form").then((module) => module.FuelEntryForm));

/** The button and its form. */
export function AddFuelEntry(props: Omit<FuelEntryFormProps, "row" | "onClose">) {
  return (
    <AddRecord label="Add Fuel Entry" form={(onClose) => <FuelEntryForm {...props} row={null} onClose={onClose} />} />
  );
}
