"use client";

import { Plus } from "lucide-react";
import { useState, type ReactNode } from "react";

import { Button } from "@/components/ui/button";

/** A button that opens a form above the page. */
export function AddRecord({ label, form }: { label: string; form: (onClose: () => void) => ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" icon={<Plus aria-hidden size={16} strokeWidth={1.75} />} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {open && form(() => setOpen(false))}
    </>
  );
}
