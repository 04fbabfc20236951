import { ChevronDown } from "lucide-react";
import type { ReactNode } from "react";

import { Brand } from "@/components/shell/brand";
import { PageHead } from "@/components/shell/page-head";
import { SkipLink } from "@/components/shell/skip-link";
import { cx } from "@/components/ui/class-names";
import { TabLinks } from "@/components/ui/tab-links";
import { WITH_CODE } from "./prose";

export interface Anchor {
  readonly id: string;
  readonly label: string;
}

interface DeveloperFrameProps {
  readonly current: "guide" | "reference";
  readonly purpose: string;
  readonly anchors: readonly Anchor[];
  readonly children: ReactNode;
}

const LINK = "flex min-h-control items-center rounded-md px-2 text-text-2 hover:bg-bg-hover hover:text-text";

/** For anyone, signed in or not: the mark, the two parts, and what is on this page. */
export function DeveloperFrame({ current, purpose, anchors, children }: DeveloperFrameProps) {
  const tabs = [
    { label: "Guide", href: "/developers", current: current === "guide" },
    { label: "API reference", href: "/developers/reference", current: current === "reference" },
  ];
  return (
    <>
      <SkipLink />
      <div className="min-h-dvh lg:grid lg:grid-cols-[240px_minmax(0,1fr)]">
        <aside
          aria-label="Contents"
          className="border-line bg-bg-sidebar px-3 py-4 max-lg:border-b lg:sticky lg:top-0 lg:h-dvh lg:overflow-y-auto lg:border-r"
        >
          <div className="px-2 pt-1 pb-3">
            <Brand href="/" />
          </div>
          <nav aria-label="On this page" className="max-lg:hidden">
            <Anchors anchors={anchors} />
          </nav>
          <details className="lg:hidden">
            <summary className={cx(LINK, "gap-1.5")}>
              On this page
              <ChevronDown aria-hidden size={16} strokeWidth={1.75} />
            </summary>
            <nav aria-label="On this page, short">
              <Anchors anchors={anchors} />
            </nav>
          </details>
        </aside>
        <main
          id="content"
          tabIndex={-1}
          className="w-full max-w-[1080px] min-w-0 px-10 pt-8 pb-16 outline-none max-lg:px-4 max-lg:pt-5"
        >
          <PageHead title="Developers" purpose={purpose} />
          <TabLinks label="Parts" tabs={tabs} />
          <div className={cx("grid grid-cols-[minmax(0,1fr)] gap-8", WITH_CODE)}>{children}</div>
        </main>
      </div>
    </>
  );
}

function Anchors({ anchors }: { anchors: readonly Anchor[] }) {
  return (
    <ul>
      {anchors.map(({ id, label }) => (
        <li key={id}>
          <a href={`#${id}`} className={LINK}>
            {label}
          </a>
        </li>
      ))}
    </ul>
  );
}
