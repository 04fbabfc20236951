"use client";

import { AddRecord } from "@/components/record/add-record";
import { lazyDialog } from "@/components/ui/lazy-dialog";
import type { AssignmentFormProps } from "./assignment-form";

const AssignmentForm = lazyDialog(() => import("./assignment-form").then((module) => module.AssignmentForm));

/** The button and its form. */
export function AssignDriver(props: Pick<AssignmentFormProps, "accountToken" | "definitions" | "vehicle" | "contact">) {
  return (
    <AddRecord label="Assign Driver" form={(onClose) => <AssignmentForm {...props} row={null} onClose={onClose} />} />
  );
}
