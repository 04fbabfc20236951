"use client";

import { buttonLook } from "@/components/ui/button-look";
import { NavLink } from "@/components/ui/navigation";

export type PagerProps = {
  /** "12 keys", "1,000+ keys". */
  summary: string;
  previousHref: string | null;
  nextHref: string | null;
};

export function Pager({ summary, previousHref, nextHref }: PagerProps) {
  return (
    <nav
      aria-label="Pages"
      className="flex items-center justify-between pt-3.5 text-text-2 max-sm:flex-col max-sm:items-stretch max-sm:gap-3 max-sm:text-center"
    >
      <span role="status">{summary}</span>
      <div className="flex gap-2 max-sm:grid max-sm:grid-cols-2">
        <Step href={previousHref} label="Previous" rel="prev" />
        <Step href={nextHref} label="Next" rel="next" />
      </div>
    </nav>
  );
}

function Step({ href, label, rel }: { href: string | null; label: string; rel: string }) {
  if (href === null) {
    return (
      <span role="link" aria-disabled="true" className={buttonLook("secondary")}>
        {label}
      </span>
    );
  }
  return (
    <NavLink href={href} rel={rel} className={buttonLook("secondary")}>
      {label}
    </NavLink>
  );
}
