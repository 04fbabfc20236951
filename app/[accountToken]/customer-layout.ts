import type { ReactNode } from "react";

import { requireCustomerPermit } from "@/lib/entry/page";

interface LayoutProps {
  params: Promise<{ accountToken: string }>;
  children: ReactNode;
}

/**
 * Around the pages that only a customer's space has. It stands above what is shown while a list is read: from there on
 * no 404 can be answered.
 */
export function customerLayout(permission: Parameters<typeof requireCustomerPermit>[1]) {
  return async function CustomerLayout({ params, children }: LayoutProps): Promise<ReactNode> {
    await requireCustomerPermit((await params).accountToken, permission);
    return children;
  };
}
