import { Download } from "lucide-react";
import type { ReactNode } from "react";

import { buttonLook } from "@/components/ui/button-look";

/** The address of a file that holds what a view leaves; filters that leave nothing out are not in it. */
export function fileHref(path: string, filters: Readonly<Record<string, string | number | null>>): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filters))
    if (value !== null && value !== "") parameters.set(name, String(value));
  return parameters.size === 0 ? path : `${path}?${parameters.toString()}`;
}

/** A plain link: Next's own would fetch the file, and leave a record of it, as soon as it is seen. */
export function ExportLink({ href, title, children }: { href: string; title: string; children: ReactNode }) {
  return (
    <a href={href} title={title} className={buttonLook("secondary")}>
      <Download aria-hidden size={16} strokeWidth={1.75} />
      {children}
    </a>
  );
}
