"use client";

import { usePathname, useSearchParams } from "next/navigation";

import { FilterPopover, type FilterGroup } from "@/components/data-table/filter-popover";
import { listHref } from "@/components/data-table/list-href";
import { Toolbar } from "@/components/data-table/toolbar";
import { Chip } from "@/components/ui/chip";
import { useNavigation } from "@/components/ui/navigation";
import { SegmentedLinks } from "@/components/ui/segmented-links";

export interface ListFilter {
  /** The parameter's name in the address. */
  readonly id: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string | null;
}

export interface ListControlsProps {
  readonly searchLabel: string;
  readonly search: string;
  /** What may stand in the address of what was typed. */
  readonly cleanSearch?: (typed: string) => string;
  readonly statuses: readonly { readonly value: string | null; readonly label: string; readonly count: string }[];
  readonly status: string | null;
  /** The segments' parameter and name, where they are no status. */
  readonly segments?: { readonly id: string; readonly label: string };
  readonly filters: readonly ListFilter[];
}

const STATUS = { id: "status", label: "Status" };

/** The address of this list's view with some parameters changed. */
export function useListHref(): (changes: Readonly<Record<string, string | null>>) => string {
  const path = usePathname();
  const shown = useSearchParams().toString();
  // What was chosen a moment ago and is on its way still counts: a second choice must not undo it.
  const [, coming] = useNavigation()?.target?.split("?") ?? [null, shown];
  const current = coming ?? "";
  return (changes) => listHref(path, current, changes);
}

/** Search, status segments, filters and chips of a list: the address holds them, the database does them. */
export function ListControls(props: ListControlsProps) {
  const { searchLabel, search, cleanSearch, statuses, status, segments = STATUS, filters } = props;
  const href = useListHref();
  const navigation = useNavigation();
  const chosen = filters.filter((filter) => filter.value !== null);
  const groups: FilterGroup[] = filters.map(({ id, label, options, value }) => ({
    id,
    label,
    kind: "one",
    options,
    selected: value === null ? [] : [value],
  }));
  const without = Object.fromEntries(filters.map((filter) => [filter.id, null]));
  const onSearch = (typed: string) =>
    navigation?.navigate(href({ q: cleanSearch?.(typed) ?? typed }), { replace: true });
  return (
    <Toolbar
      search={{ label: searchLabel, value: search, onSearch }}
      segments={
        <SegmentedLinks
          label={segments.label}
          segments={statuses.map(({ value, label, count }) => ({
            label,
            count,
            href: href({ [segments.id]: value }),
            current: value === status,
          }))}
        />
      }
      chips={chosen.map(({ id, label, options, value }) => (
        <Chip
          key={id}
          name={label}
          value={options.find((option) => option.value === value)?.label ?? value ?? ""}
          removeHref={href({ [id]: null })}
        />
      ))}
      filters={
        filters.length > 0 && (
          <FilterPopover
            groups={groups}
            onChange={(id, [value]) => navigation?.navigate(href({ [id]: value ?? null }))}
            onClear={() => navigation?.navigate(href(without))}
          />
        )
      }
      clearAllHref={chosen.length > 0 || search !== "" ? href({ ...without, q: null, [segments.id]: null }) : undefined}
    />
  );
}
