import { notFound } from "next/navigation";
import type { ReactNode } from "react";

import { requirePermit } from "@/lib/entry/page";

type LayoutProps = { params: Promise<{ accountToken: string }>; children: ReactNode };

/** Only a partner has customers. Here, and not in the page alone: what stands in place of the list until it is read answers 200. */
export default async function CustomersLayout({ params, children }: LayoutProps) {
  const { account } = await requirePermit((await params).accountToken, "customers.read");
  if (account.kind !== "partner") notFound();
  return children;
}
