import type { ReactNode } from "react";

export type RelatedItem = {
  key: string | number;
  /** What the record is called, mostly a link. */
  main: ReactNode;
  /** Beneath it, smaller. */
  sub?: ReactNode;
  /** At the right: a number, a time, a badge. */
  aside?: ReactNode;
};

/** Records that belong to the one whose page it is: a few, the rest behind the section's link. */
export function RelatedList({ items, empty }: { items: readonly RelatedItem[]; empty: ReactNode }) {
  if (items.length === 0) return <p className="text-text-2">{empty}</p>;
  return (
    <ul>
      {items.map(({ key, main, sub, aside }) => (
        <li key={key} className="flex items-center justify-between gap-4 border-b border-line py-2 first:pt-0">
          <div className="min-w-0 wrap-anywhere">
            <div>{main}</div>
            {sub && <div className="text-12 text-text-3">{sub}</div>}
          </div>
          {aside && <div className="text-right">{aside}</div>}
        </li>
      ))}
    </ul>
  );
}
