import type { ReactNode } from "react";

export type PageHeadProps = { title: ReactNode; purpose?: ReactNode; action?: ReactNode };

export function PageHead({ title, purpose, action }: PageHeadProps) {
  return (
    <div className="mb-5 flex items-start justify-between gap-6 max-sm:flex-col max-sm:gap-3">
      <div className="min-w-0">
        <h1 className="text-24 font-semibold tracking-[-.02em] wrap-anywhere">{title}</h1>
        {purpose && <p className="mt-0.5 max-w-[60ch] text-text-2">{purpose}</p>}
      </div>
      {action && <div className="flex flex-none gap-2 max-sm:w-full max-sm:flex-col max-sm:*:w-full">{action}</div>}
    </div>
  );
}
