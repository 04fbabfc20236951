"use client";

import { useRef, type ReactNode } from "react";
import { SearchInput, type SearchControl, type SearchInputProps } from "@/components/data-table/search-input";
import { NavLink } from "@/components/ui/navigation";
import { buttonLook } from "@/components/ui/button-look";

export type ToolbarProps = {
  search?: SearchInputProps;
  segments?: ReactNode;
  chips?: ReactNode;
  filters?: ReactNode;
  /** Shown when there is something to clear. */
  clearAllHref?: string;
};

export function Toolbar({ search, segments, chips, filters, clearAllHref }: ToolbarProps) {
  const field = useRef<SearchControl>(null);
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      {search && <SearchInput {...search} control={field} />}
      {segments}
      {chips}
      {filters}
      {clearAllHref && (
        <NavLink href={clearAllHref} onClick={() => field.current?.clear()} className={buttonLook("link")}>
          Clear all
        </NavLink>
      )}
    </div>
  );
}
