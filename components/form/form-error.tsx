import type { ReactNode } from "react";
import { Notice } from "@/components/ui/notice";

/** What kept the whole form from being saved. The live region is there before the message, or some readers miss it. */
export function FormError({ children }: { children?: ReactNode }) {
  return <div role="alert">{children ? <Notice tone="bad">{children}</Notice> : null}</div>;
}
