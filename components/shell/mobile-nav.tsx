"use client";

import { Menu as MenuIcon } from "lucide-react";
import { useState, type ReactNode } from "react";
import { IconButton } from "@/components/ui/icon-button";
import { Sheet } from "@/components/ui/sheet";

export function MobileNav({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <Sheet
      label="Navigation"
      open={open}
      onOpenChange={setOpen}
      trigger={<IconButton label="Open navigation" icon={<MenuIcon aria-hidden size={16} strokeWidth={1.75} />} />}
    >
      {children}
    </Sheet>
  );
}
