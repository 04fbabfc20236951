import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

export type ErrorStateProps = {
  title: string;
  children?: ReactNode;
  reference?: string;
  action?: ReactNode;
  level?: 1 | 2;
};

export function ErrorState({ title, children, reference, action, level = 2 }: ErrorStateProps) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div role="alert" className="rounded-xl border border-line-strong px-4 py-14 text-center">
      <CircleAlert aria-hidden size={20} strokeWidth={1.75} className="mx-auto mb-2 text-bad" />
      <Heading className="text-16 font-semibold">{title}</Heading>
      {children && <div className="mx-auto mt-1 max-w-[52ch] text-text-2">{children}</div>}
      {reference && (
        <p className="mt-2 text-12 text-text-3">
          Reference <code className="font-mono select-all">{reference}</code>
        </p>
      )}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}
