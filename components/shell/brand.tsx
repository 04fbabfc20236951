import { KeyRound } from "lucide-react";
import { Link } from "@/components/ui/link";

export function Brand({ href }: { href: string }) {
  return (
    <Link href={href} className="flex min-h-8 items-center gap-2.5 rounded-md font-semibold tracking-[-.01em]">
      <span className="grid size-6 place-items-center rounded-md bg-accent text-on-accent">
        <KeyRound aria-hidden size={14} strokeWidth={1.75} />
      </span>
      Fleet Advisor Hub
    </Link>
  );
}
