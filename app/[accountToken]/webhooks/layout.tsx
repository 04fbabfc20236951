import type { ReactNode } from "react";

import { requirePermit } from "@/lib/entry/page";

type LayoutProps = { params: Promise<{ accountToken: string }>; children: ReactNode };

/** Above what is shown while the list is read: from there on no 404 can be answered. */
export default async function WebhooksLayout({ params, children }: LayoutProps) {
  await requirePermit((await params).accountToken, "webhooks.read");
  return children;
}
