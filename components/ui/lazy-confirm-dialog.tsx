"use client";

import { lazyDialog } from "@/components/ui/lazy-dialog";

/** The confirm dialog, fetched when something is first to be confirmed. */
export const LazyConfirmDialog = lazyDialog(() =>
  import("@/components/ui/confirm-dialog").then((module) => module.ConfirmDialog),
);
