import { KeyRound } from "lucide-react";
import type { ReactNode } from "react";

/** The pages in front of the door: one narrow column, nothing that asks to be signed in. */
export function SignInFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto grid min-h-dvh w-full max-w-[400px] content-start gap-6 px-4 pt-[max(48px,18vh)] pb-12">
      <p className="flex items-center gap-2.5 font-semibold tracking-[-.01em]">
        <span className="grid size-6 place-items-center rounded-md bg-accent text-on-accent">
          <KeyRound aria-hidden size={14} strokeWidth={1.75} />
        </span>
        Fleet Advisor Hub
      </p>
      <h1 className="text-24 font-semibold tracking-[-.02em]">{title}</h1>
      {children}
    </main>
  );
}
