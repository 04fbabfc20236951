"use client";

import { Menu as MenuIcon } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Sheet } from "@/components/ui/sheet";

export function MobileNav({ children }: { children: ReactNode }) {
  return (
    <Sheet
      label="Navigation"
      trigger={<IconButton label="Open navigation" icon={<MenuIcon aria-hidden size={16} strokeWidth={1.75} />} />}
    >
      {children}
    </Sheet>
  );
}
