import type { ReactNode } from "react";

import { CopyButton } from "@/components/ui/copy-button";

/** Of code in running text, below this class. */
export const WITH_CODE =
  "[&_:not(pre)>code]:rounded-sm [&_:not(pre)>code]:bg-bg-hover [&_:not(pre)>code]:px-1 [&_:not(pre)>code]:py-0.5 [&_:not(pre)>code]:text-12 [&_:not(pre)>code]:wrap-anywhere [&_:not(pre)>code]:text-text";

/** Text in which `ticks` mark what is code. */
export function Ticked({ children }: { children: string }) {
  return children.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? <Code key={at}>{part}</Code> : part));
}

export function Code({ children }: { children: ReactNode }) {
  return <code>{children}</code>;
}

export function CodeBlock({ label, children }: { label: string; children: string }) {
  return (
    <div className="group relative overflow-hidden rounded-md border border-line bg-bg-subtle">
      {/* Long lines scroll sideways, which the keyboard can only do in something that takes the focus. */}
      <pre
        tabIndex={0}
        role="group"
        aria-label={label}
        className="overflow-x-auto p-3 pr-12 font-mono text-12/5 text-text -outline-offset-2"
      >
        <code>{children}</code>
      </pre>
      <div className="absolute top-1 right-1 rounded-md bg-bg-subtle">
        <CopyButton value={children} label={`Copy: ${label}`} />
      </div>
    </div>
  );
}

export function Chapter({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section
      aria-labelledby={id}
      className="grid max-w-[72ch] grid-cols-[minmax(0,1fr)] gap-3 border-t border-line pt-6 first:border-t-0 first:pt-0"
    >
      <h2 id={id} className="scroll-mt-6 text-20 font-semibold tracking-[-.01em]">
        {title}
      </h2>
      {children}
    </section>
  );
}

export function Para({ children }: { children: ReactNode }) {
  return <p className="text-text-2">{children}</p>;
}

export function Bullets({ items }: { items: readonly ReactNode[] }) {
  return (
    <ul className="grid list-disc gap-1.5 pl-5 text-text-2 marker:text-text-3">
      {items.map((item, at) => (
        <li key={at}>{item}</li>
      ))}
    </ul>
  );
}

/** Said once for a table, not for each of its cells: there are thousands. */
const TABLE =
  "w-full border-collapse text-left text-13 [&_td]:min-w-[12ch] [&_td]:py-1.5 [&_td]:pr-4 [&_td]:text-text-2 [&_th]:py-1.5 [&_th]:pr-4 [&_th]:font-normal [&_th]:whitespace-nowrap [&_thead]:text-12 [&_thead]:text-text-3 [&_tr]:border-b [&_tr]:border-line [&_tr]:align-top";

export function Facts({
  head,
  rows,
  label,
}: {
  label: string;
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
}) {
  return (
    <div tabIndex={0} role="group" aria-label={label} className="overflow-x-auto -outline-offset-2">
      <table className={TABLE}>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, at) => (
            <tr key={at}>
              {cells.map((cell, place) =>
                place === 0 ? (
                  <th key={place} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={place}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
