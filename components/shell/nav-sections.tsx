"use client";

import { ArrowLeft } from "lucide-react";
import { Link } from "@/components/ui/link";
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

export type NavSectionsProps = {
  label: string;
  sections: readonly NavSection[];
  /** Stand in place of the others at any page of theirs, with the way back above them. */
  settings?: { readonly sections: readonly NavSection[]; readonly backHref: string } | null;
};

const ROW =
  "flex min-h-control items-center gap-2.5 rounded-md px-2 text-text-2 hover:bg-bg-hover hover:text-text aria-[current]:bg-accent-soft aria-[current]:font-medium aria-[current]:text-text aria-[current]:[&_svg]:text-accent";

export function NavSections({ label, sections, settings = null }: NavSectionsProps) {
  const path = usePathname();
  const inSettings = settings?.sections.some(({ items }) => items.some((item) => isAt(path, item))) ?? false;
  return (
    <nav aria-label={inSettings ? "Settings" : label}>
      {settings && inSettings && (
        <Link href={settings.backHref} className={ROW}>
          <ArrowLeft aria-hidden size={16} strokeWidth={1.75} />
          Back to the account
        </Link>
      )}
      {(settings && inSettings ? settings.sections : sections).map((section, at) => (
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
              className={ROW}
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
