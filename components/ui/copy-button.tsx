"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useRef, useState, type Ref } from "react";
import { Button } from "@/components/ui/button";
import type { ButtonVariant } from "@/components/ui/button-look";
import { copyText } from "@/components/ui/copy-text";
import { toast } from "@/components/ui/toaster";

export type CopyButtonProps = {
  value: string;
  /** What it says; with the variant "icon" it is the accessible name. */
  label: string;
  variant?: ButtonVariant;
  className?: string;
  onCopied?: () => void;
  ref?: Ref<HTMLButtonElement>;
};

const TICK_MS = 2000;

export function CopyButton({ value, label, variant = "icon", className, onCopied, ref }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const copy = async (button: HTMLElement) => {
    if (!(await copyText(value, button))) {
      toast({
        tone: "bad",
        title: "Could not copy",
        description: "The browser refused. Select the text and copy it by hand.",
      });
      return;
    }
    setCopied(true);
    onCopied?.();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), TICK_MS);
  };

  const Icon = copied ? Check : Copy;
  return (
    <>
      <Button
        ref={ref}
        variant={variant}
        className={className}
        aria-label={variant === "icon" ? label : undefined}
        data-copied={copied || undefined}
        icon={
          <Icon
            aria-hidden
            size={16}
            strokeWidth={1.75}
            className={variant === "icon" && copied ? "text-ok" : undefined}
          />
        }
        onClick={(event) => void copy(event.currentTarget)}
      >
        {variant === "icon" ? null : label}
      </Button>
      <span role="status" className="sr-only">
        {copied ? "Copied" : ""}
      </span>
    </>
  );
}
