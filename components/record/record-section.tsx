import type { ReactNode } from "react";

import { cx } from "@/components/ui/class-names";
import { Link } from "@/components/ui/link";

/** The way back to the list that a record stands in. */
export function Breadcrumb({ href, children }: { href: string; children: string }) {
  return (
    <nav aria-label="Breadcrumb" className="mb-2">
      <Link href={href} className="text-text-2 hover:text-text max-sm:inline-flex max-sm:min-h-11 max-sm:items-center">
        ← {children}
      </Link>
    </nav>
  );
}

/** Of a `dl` of facts. */
export const FACTS_LOOK =
  "grid grid-cols-[fit-content(50%)_minmax(0,1fr)] gap-x-6 gap-y-2.5 wrap-anywhere [&_dt]:min-w-24 [&_dt]:text-text-3";

export type RecordSectionProps = {
  /** Unique on its page. */
  id: string;
  title: string;
  /** At the right of the heading: a link to the whole list, or a button. */
  aside?: ReactNode;
  className?: string;
  children: ReactNode;
};

/** One part of a record's page: a region with a heading. */
export function RecordSection({ id, title, aside, className, children }: RecordSectionProps) {
  return (
    <section aria-labelledby={id} className={cx("min-w-0", className)}>
      <div className="mb-3 flex items-baseline justify-between gap-4 border-b border-line pb-2">
        <h2 id={id} className="min-w-0 text-16 font-semibold wrap-anywhere">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** At the right of a section's heading. */
export function SectionLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="text-accent hover:underline max-sm:inline-flex max-sm:min-h-11 max-sm:items-center">
      {children}
    </Link>
  );
}
