"use client";

import { useSyncExternalStore } from "react";

import { FilterFrame } from "@/components/data-table/filter-frame";
import { useListHref } from "@/components/data-table/list-controls";
import { Toolbar } from "@/components/data-table/toolbar";
import { Chip } from "@/components/ui/chip";
import { useNavigation } from "@/components/ui/navigation";
import { formatDate } from "@/components/ui/time-format";
import { withoutTokens } from "@/lib/api-keys/policy";
import { AuditFilterFields, type AuditFilterFieldsProps, type FilterChanges } from "./audit-filter-fields";

export interface AuditFiltersProps extends Omit<AuditFilterFieldsProps, "onChange"> {
  /** What the record filtered by is called: "API key Keycafe". */
  readonly recordLabel: string | null;
}

const NOTHING: FilterChanges = { actor: null, action: null, record: null, period: null, from: null, to: null };
const subscribeToNothing = () => () => {};

/** Days are the viewer's own; on the server, and while hydrating, those of UTC. */
function useZone(): string | undefined {
  return useSyncExternalStore(
    subscribeToNothing,
    () => undefined,
    () => "UTC",
  );
}

interface Chosen {
  readonly id: keyof FilterChanges;
  readonly name: string;
  readonly value: string;
}

function labelIn(choices: AuditFiltersProps["actors"], value: string): string {
  return choices.find((choice) => choice.value === value)?.label ?? value;
}

function chosenOf(props: AuditFiltersProps, zone: string | undefined): Chosen[] {
  const { filter, actors, actions, periods, recordLabel } = props;
  const { actor, action, record, period, from, to } = filter;
  const everyAction = actions.flatMap((group) => group.actions);
  const all: (Chosen | false)[] = [
    record !== null && { id: "record", name: "Record", value: recordLabel ?? record },
    actor !== null && { id: "actor", name: "Who", value: labelIn(actors, actor) },
    action !== null && { id: "action", name: "What", value: labelIn(everyAction, action) },
    period !== null && { id: "period", name: "When", value: labelIn(periods, period) },
    from !== null && { id: "from", name: "From", value: formatDate(new Date(from), zone) },
    to !== null && { id: "to", name: "To", value: formatDate(new Date(Date.parse(to) - 1), zone) },
  ];
  return all.filter((choice) => choice !== false);
}

/** Search, filters and chips: the address holds them, the database does them. */
export function AuditFilters(props: AuditFiltersProps) {
  const { filter, actors, actions, periods } = props;
  const href = useListHref();
  const navigation = useNavigation();
  const chosen = chosenOf(props, useZone());
  const change = (changes: FilterChanges) => navigation?.navigate(href({ ...changes }));
  const onSearch = (typed: string, goesOn: boolean) =>
    navigation?.navigate(href({ q: withoutTokens(typed) }), { replace: goesOn });
  return (
    <Toolbar
      search={{ label: "Search by name of the record", value: filter.q, onSearch }}
      chips={chosen.map(({ id, name, value }) => (
        <Chip key={id} name={name} value={value} removeHref={href({ [id]: null })} />
      ))}
      filters={
        <FilterFrame chosen={chosen.length} onClear={() => change(NOTHING)}>
          <AuditFilterFields filter={filter} actors={actors} actions={actions} periods={periods} onChange={change} />
        </FilterFrame>
      }
      clearAllHref={chosen.length > 0 || filter.q !== "" ? href({ ...NOTHING, q: null }) : undefined}
    />
  );
}
