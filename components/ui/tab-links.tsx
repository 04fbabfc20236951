import { Link } from "@/components/ui/link";

export type TabLink = { label: string; href: string; count?: string | number; current?: boolean };

export function TabLinks({ label, tabs }: { label: string; tabs: readonly TabLink[] }) {
  return (
    <nav aria-label={label} className="mb-4 flex gap-5 overflow-x-auto border-b border-line">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          aria-current={tab.current ? "page" : undefined}
          className="-mb-px flex min-h-[38px] items-center border-b-2 border-transparent whitespace-nowrap text-text-2 -outline-offset-2 hover:text-text aria-[current]:border-accent aria-[current]:font-medium aria-[current]:text-text max-sm:min-h-11"
        >
          {tab.label}
          {tab.count !== undefined && <span className="ml-1 font-normal text-text-3">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
