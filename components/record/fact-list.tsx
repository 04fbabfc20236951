import { Fragment, type ReactNode } from "react";

import { FACTS_LOOK } from "@/components/record/record-section";

export type RecordFact = {
  label: string;
  /** Nothing (null, undefined or "") reads "None", or is left out. */
  value: ReactNode;
  /** Stands there only when there is something to say. */
  ifKnown?: boolean;
};

function isNothing(value: ReactNode): boolean {
  return value === null || value === undefined || value === "" || value === false;
}

/** What is known of a record, name by name. */
export function FactList({ facts }: { facts: readonly RecordFact[] }) {
  const shown = facts.filter(({ value, ifKnown }) => !ifKnown || !isNothing(value));
  return (
    <dl className={FACTS_LOOK}>
      {shown.map(({ label, value }) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          <dd>{isNothing(value) ? <span className="text-text-3">None</span> : value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
