"use client";

import type { Ref } from "react";
import { CopyButton } from "@/components/ui/copy-button";

export type SecretBoxProps = {
  /** What the secret is, for screen readers: "Token". */
  label: string;
  value: string;
  copyLabel: string;
  copyRef?: Ref<HTMLButtonElement>;
  onCopied?: () => void;
};

/** Selects whole at one click; the copy button stands at its right, beneath it on a phone. */
export function SecretBox({ label, value, copyLabel, copyRef, onCopied }: SecretBoxProps) {
  return (
    <div className="flex min-w-0 max-sm:flex-col">
      <code
        tabIndex={0}
        role="group"
        aria-label={label}
        className="min-w-0 flex-1 overflow-x-auto rounded-l-md border border-r-0 border-line-strong bg-bg-subtle px-3 py-[9px] font-mono text-13 whitespace-nowrap text-text select-all max-sm:rounded-t-md max-sm:rounded-bl-none max-sm:border-r max-sm:border-b-0"
      >
        {value}
      </code>
      <CopyButton
        ref={copyRef}
        value={value}
        label={copyLabel}
        variant="primary"
        onCopied={onCopied}
        className="rounded-l-none max-sm:rounded-t-none max-sm:rounded-bl-md"
      />
    </div>
  );
}
