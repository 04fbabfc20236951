"use client";

import { X } from "lucide-react";
import { NavLink } from "@/components/ui/navigation";

export type ChipProps = { name: string; value: string } & ({ removeHref: string } | { onRemove: () => void });

const REMOVE =
  "grid size-6 place-items-center rounded-sm text-text-2 hover:text-text max-sm:size-11 pointer-coarse:size-11";

export function Chip({ name, value, ...remove }: ChipProps) {
  const label = `Remove filter ${name}: ${value}`;
  const cross = <X aria-hidden size={16} strokeWidth={1.75} />;
  return (
    <span className="inline-flex min-h-control max-w-full items-center gap-0.5 rounded-md bg-accent-soft pr-1 pl-2.5 max-sm:pr-0">
      <span className="truncate">
        {name}: <span className="font-medium">{value}</span>
      </span>
      {"removeHref" in remove ? (
        <NavLink href={remove.removeHref} aria-label={label} className={REMOVE}>
          {cross}
        </NavLink>
      ) : (
        <button type="button" onClick={remove.onRemove} aria-label={label} className={REMOVE}>
          {cross}
        </button>
      )}
    </span>
  );
}
