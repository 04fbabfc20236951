"use client";

import { startTransition, useOptimistic, type ReactNode } from "react";
import { FilterFrame } from "@/components/data-table/filter-frame";
import { CheckboxRow } from "@/components/ui/checkbox";
import { RadioRow } from "@/components/ui/radio-group";

export type FilterOption = { value: string; label: string; aside?: string };
export type FilterGroup = {
  id: string;
  label: string;
  /** "many": checkboxes. "one": radios, with "Any" first. */
  kind: "many" | "one";
  options: readonly FilterOption[];
  selected: readonly string[];
};

export type FilterPopoverProps = {
  groups: readonly FilterGroup[];
  onChange: (groupId: string, selected: string[]) => void;
  /** Offered at the foot while anything is chosen. */
  onClear?: () => void;
  label?: string;
  /** Other controls, above the groups, and how much is chosen in them. */
  children?: ReactNode;
  chosenElsewhere?: number;
};

export function FilterPopover(props: FilterPopoverProps) {
  const { groups, onChange, onClear, label, children, chosenElsewhere = 0 } = props;
  const chosen = groups.reduce((sum, group) => sum + group.selected.length, chosenElsewhere);
  const clear = () => groups.forEach((group) => group.selected.length > 0 && onChange(group.id, []));
  return (
    <FilterFrame label={label} chosen={chosen} onClear={onClear ?? clear}>
      {children}
      {groups.map((group) => (
        <Group key={group.id} group={group} onChange={(selected) => onChange(group.id, selected)} />
      ))}
    </FilterFrame>
  );
}

function Group({ group, onChange }: { group: FilterGroup; onChange: (selected: string[]) => void }) {
  // What was picked shows at once, not only when the page with it has come.
  const [selected, show] = useOptimistic(group.selected);
  const pick = (next: string[]) =>
    startTransition(() => {
      show(next);
      onChange(next);
    });
  const toggle = (value: string, on: boolean) =>
    pick(on ? [...selected, value] : selected.filter((other) => other !== value));
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 text-12 text-text-3">{group.label}</legend>
      {group.kind === "one" && (
        <RadioRow name={group.id} label="Any" checked={selected.length === 0} onChange={() => pick([])} />
      )}
      {group.options.map((option) =>
        group.kind === "one" ? (
          <RadioRow
            key={option.value}
            name={group.id}
            label={option.label}
            checked={selected.includes(option.value)}
            onChange={() => pick([option.value])}
          />
        ) : (
          <CheckboxRow
            key={option.value}
            label={option.label}
            aside={option.aside}
            checked={selected.includes(option.value)}
            onChange={(event) => toggle(option.value, event.currentTarget.checked)}
          />
        ),
      )}
    </fieldset>
  );
}
