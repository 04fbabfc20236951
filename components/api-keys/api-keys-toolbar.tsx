"use client";

import { ListControls, type ListControlsProps } from "@/components/data-table/list-controls";
import { withoutTokens } from "@/lib/api-keys/policy";

export function ApiKeysToolbar(props: Omit<ListControlsProps, "searchLabel" | "cleanSearch">) {
  return <ListControls {...props} searchLabel="Search by name or prefix" cleanSearch={withoutTokens} />;
}
