"use client";

import dynamic from "next/dynamic";

import { AddRecord } from "@/components/record/add-record";
import type { AssignmentFormProps } from "./assignment-form";

const AssignmentForm = dynamic(() => import("./assignment-form").then((module) => module.AssignmentForm));

/** The button and its form. */
export function AssignDriver(props: Pick<AssignmentFormProps, "accountToken" | "definitions" | "vehicle" | "contact">) {
  return (
    <AddRecord label="Assign Driver" form={(onClose) => <AssignmentForm {...props} row={null} onClose={onClose} />} />
  );
}
