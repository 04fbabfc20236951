"use client";

import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { FieldFrame } from "@/components/ui/text-field";
import type { AuditFilter } from "@/lib/audit-log/schema";
import type { ActionGroup } from "./entry-words";

export type FilterChanges = Partial<Readonly<Record<Exclude<keyof AuditFilter, "q">, string | null>>>;

export interface AuditFilterFieldsProps {
  readonly filter: AuditFilter;
  readonly actors: readonly { readonly value: string; readonly label: string }[];
  readonly actions: readonly ActionGroup[];
  readonly periods: readonly { readonly value: string; readonly label: string }[];
  readonly onChange: (changes: FilterChanges) => void;
}

const DAY = /^2[01]\d\d-\d\d-\d\d$/;

/** The day of an instant in the viewer's zone, as a date field holds it. */
function dayOf(instant: Date): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}

/** The instant at which a day begins in the viewer's zone, or the day after it; null while it is being typed. */
function beginOf(day: string, daysLater: number): string | null {
  if (!DAY.test(day)) return null;
  const begin = new Date(`${day}T00:00:00`);
  begin.setDate(begin.getDate() + daysLater);
  return Number.isNaN(begin.getTime()) ? null : begin.toISOString();
}

/** What stands in the filters' popover; each choice counts at once. */
export function AuditFilterFields({ filter, actors, actions, periods, onChange }: AuditFilterFieldsProps) {
  const setDay = (name: "from" | "to", day: string) => {
    const instant = beginOf(day, name === "to" ? 1 : 0);
    if (instant !== null || day === "") onChange({ [name]: instant, period: null });
  };
  return (
    <>
      <FieldFrame id="filter-actor" label="Who">
        <Select
          id="filter-actor"
          value={filter.actor ?? ""}
          onChange={(event) => onChange({ actor: event.currentTarget.value || null })}
        >
          <option value="">Anybody</option>
          {actors.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </FieldFrame>
      <FieldFrame id="filter-action" label="What">
        <Select
          id="filter-action"
          value={filter.action ?? ""}
          onChange={(event) => onChange({ action: event.currentTarget.value || null })}
        >
          <option value="">Anything</option>
          {actions.map((group) => (
            <optgroup key={group.label} label={group.label}>
              {group.actions.map(({ value, label }) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </optgroup>
          ))}
        </Select>
      </FieldFrame>
      <FieldFrame id="filter-period" label="When">
        <Select
          id="filter-period"
          value={filter.period ?? ""}
          onChange={(event) => onChange({ period: event.currentTarget.value || null, from: null, to: null })}
        >
          <option value="">{filter.from !== null || filter.to !== null ? "The days below" : "At any time"}</option>
          {periods.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
      </FieldFrame>
      <div className="grid grid-cols-2 gap-2 *:min-w-0 max-sm:grid-cols-1 [&_input]:min-w-0 sm:[&_input]:px-1.5 sm:[&_input]:text-13">
        <FieldFrame id="filter-from" label="From">
          <Input
            id="filter-from"
            type="date"
            min="2000-01-01"
            key={filter.from ?? ""}
            defaultValue={filter.from === null ? "" : dayOf(new Date(filter.from))}
            onChange={(event) => setDay("from", event.currentTarget.value)}
          />
        </FieldFrame>
        <FieldFrame id="filter-to" label="To">
          <Input
            id="filter-to"
            type="date"
            min="2000-01-01"
            key={filter.to ?? ""}
            defaultValue={filter.to === null ? "" : dayOf(new Date(Date.parse(filter.to) - 1))}
            onChange={(event) => setDay("to", event.currentTarget.value)}
          />
        </FieldFrame>
      </div>
    </>
  );
}
