import type { ReactNode } from "react";

import { requireCustomerPermit } from "@/lib/entry/page";

interface LayoutProps {
  params: Promise<{ accountToken: string }>;
  children: ReactNode;
}

/**
 * Around the lists that only a customer's space has, and that everybody of it may read. It stands above what is shown
 * while a list is read: from there on no 404 can be answered.
 */
export async function CustomerLayout({ params, children }: LayoutProps): Promise<ReactNode> {
  await requireCustomerPermit((await params).accountToken, "accounts.open");
  return children;
}
