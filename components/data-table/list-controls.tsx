"use client";

import { usePathname, useSearchParams } from "next/navigation";

import { FilterPopover, type FilterGroup } from "@/components/data-table/filter-popover";
import { listHref } from "@/components/data-table/list-href";
import { Toolbar } from "@/components/data-table/toolbar";
import { RecordPicker, type PickerOption, type PickerSearch } from "@/components/form/record-picker";
import { Chip } from "@/components/ui/chip";
import { useNavigation } from "@/components/ui/navigation";
import { SegmentedLinks } from "@/components/ui/segmented-links";
import { redactSecrets } from "@/lib/platform/secret-patterns";

export interface ListFilter {
  /** The parameter's name in the address. */
  readonly id: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly value: string | null;
}

/** A filter by one of very many records. */
export interface ListPicker {
  /** The parameter's name in the address. */
  readonly id: string;
  readonly label: string;
  readonly chosen: PickerOption | null;
  readonly search: PickerSearch;
}

export interface ListControlsProps {
  /** Without one there is no search. */
  readonly searchLabel?: string;
  readonly search?: string;
  /** What may stand in the address of what was typed. */
  readonly cleanSearch?: (typed: string) => string;
  readonly statuses?: readonly { readonly value: string | null; readonly label: string; readonly count: string }[];
  readonly status?: string | null;
  /** The segments' parameter and name, where they are no status. */
  readonly segments?: { readonly id: string; readonly label: string };
  readonly filters: readonly ListFilter[];
  readonly pickers?: readonly ListPicker[];
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

const NO_PICKERS: readonly ListPicker[] = [];

/** What is chosen of filters and pickers, with what it is called. */
function chosenOf(filters: readonly ListFilter[], pickers: readonly ListPicker[]) {
  const options = filters.flatMap(({ id, label, options, value }) =>
    value === null ? [] : [{ id, label, name: options.find((option) => option.value === value)?.label ?? value }],
  );
  const records = pickers.flatMap(({ id, label, chosen }) => (chosen ? [{ id, label, name: chosen.name }] : []));
  return [...records, ...options];
}

/** Search, status segments, filters and chips of a list: the address holds them, the database does them. */
export function ListControls(props: ListControlsProps) {
  const {
    searchLabel,
    search = "",
    cleanSearch = redactSecrets,
    statuses = [],
    status = null,
    segments = STATUS,
  } = props;
  const { filters, pickers = NO_PICKERS } = props;
  const href = useListHref();
  const navigation = useNavigation();
  const chosen = chosenOf(filters, pickers);
  const groups: FilterGroup[] = filters.map(({ id, label, options, value }) => ({
    id,
    label,
    kind: "one",
    options,
    selected: value === null ? [] : [value],
  }));
  const without = Object.fromEntries([...filters, ...pickers].map((filter) => [filter.id, null]));
  const change = (id: string, value: string | null) => navigation?.navigate(href({ [id]: value }));
  // One step of the history, however many keystrokes: back leads to the list as it was before the search.
  const onSearch = (typed: string, goesOn: boolean) =>
    navigation?.navigate(href({ q: cleanSearch(typed) }), { replace: goesOn });
  return (
    <Toolbar
      search={searchLabel === undefined ? undefined : { label: searchLabel, value: search, onSearch }}
      segments={
        statuses.length > 0 && (
          <SegmentedLinks
            label={segments.label}
            segments={statuses.map(({ value, label, count }) => ({
              label,
              count,
              href: href({ [segments.id]: value }),
              current: value === status,
            }))}
          />
        )
      }
      chips={chosen.map(({ id, label, name }) => (
        <Chip key={id} name={label} value={name} removeHref={href({ [id]: null })} />
      ))}
      filters={
        filters.length + pickers.length > 0 && (
          <FilterPopover
            groups={groups}
            chosenElsewhere={pickers.filter((picker) => picker.chosen !== null).length}
            onChange={(id, [value]) => change(id, value ?? null)}
            onClear={() => navigation?.navigate(href(without))}
          >
            {pickers.map((picker) => (
              <PickerGroup key={picker.id} picker={picker} onChoose={(id) => change(picker.id, id)} />
            ))}
          </FilterPopover>
        )
      }
      clearAllHref={chosen.length > 0 || search !== "" ? href({ ...without, q: null, [segments.id]: null }) : undefined}
    />
  );
}

function PickerGroup({ picker, onChoose }: { picker: ListPicker; onChoose: (id: string | null) => void }) {
  const id = `filter-${picker.id}`;
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className="text-12 text-text-3">
        {picker.label}
      </label>
      <RecordPicker
        id={id}
        label={picker.label}
        search={picker.search}
        chosen={picker.chosen}
        onChoose={(option) => onChoose(option === null ? null : String(option.id))}
      />
    </div>
  );
}
