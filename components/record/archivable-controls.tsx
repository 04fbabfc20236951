"use client";

import { ListControls, type ListFilter } from "@/components/data-table/list-controls";
import { countText } from "@/components/data-table/list-href";

export type ArchivableControlsProps = {
  searchLabel: string;
  search: string;
  show: "archived" | null;
  counts: { readonly current: number; readonly archived: number };
  filters: readonly ListFilter[];
};

/** Search, the segments Current and Archived, and filters. */
export function ArchivableControls({ searchLabel, search, show, counts, filters }: ArchivableControlsProps) {
  return (
    <ListControls
      searchLabel={searchLabel}
      search={search}
      segments={{ id: "show", label: "Show" }}
      status={show}
      statuses={[
        { value: null, label: "Current", count: countText(counts.current) },
        { value: "archived", label: "Archived", count: countText(counts.archived) },
      ]}
      filters={filters}
    />
  );
}
