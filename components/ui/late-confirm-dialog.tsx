"use client";

import { lateDialog } from "@/components/ui/late-dialog";

/** The confirm dialog, fetched when something is first to be confirmed. */
export const LateConfirmDialog = lateDialog(() =>
  import("@/components/ui/confirm-dialog").then((module) => module.ConfirmDialog),
);
