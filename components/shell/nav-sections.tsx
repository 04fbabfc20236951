"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";

export type NavItem = {
  label: string;
  href: string;
  icon: ReactNode;
  /** Without it the item is current on its own page and on the pages beneath and in `alsoAt`. */
  current?: boolean;
  alsoAt?: readonly string[];
};
export type NavSection = { label?: string; items: readonly NavItem[] };

export function NavSections({ label, sections }: { label: string; sections: readonly NavSection[] }) {
  const path = usePathname();
  return (
    <nav aria-label={label}>
      {sections.map((section, at) => (
        <div key={section.label ?? at} role={section.label ? "group" : undefined} aria-label={section.label}>
          {section.label && (
            <div aria-hidden className="px-2 pt-3.5 pb-1 text-12 text-text-3">
              {section.label}
            </div>
          )}
          {section.items.map((item) => (
            <Link
              key={item.href}
              href={item.href}
              aria-current={(item.current ?? isAt(path, item)) ? "page" : undefined}
              className="flex min-h-control items-center gap-2.5 rounded-md px-2 text-text-2 hover:bg-bg-hover hover:text-text aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-text aria-[current]:[&_svg]:text-accent"
            >
              {item.icon}
              {item.label}
            </Link>
          ))}
        </div>
      ))}
    </nav>
  );
}

function isAt(path: string, item: NavItem): boolean {
  return [item.href, ...(item.alsoAt ?? [])].some((href) => path === href || path.startsWith(`${href}/`));
}
