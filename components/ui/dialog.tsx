"use client";

import { X } from "lucide-react";
import { Dialog as Primitive } from "radix-ui";
import { useRef, type ReactNode, type RefObject } from "react";
import { cx } from "@/components/ui/class-names";
import { FocusKeeper } from "@/components/ui/focus-keeper";
import { IconButton } from "@/components/ui/icon-button";
import { leaveToOpenList } from "@/components/ui/open-list";

export type DialogProps = {
  open: boolean;
  onClose: () => void;
  /** Asked before Escape, a click outside or the X closes it; `false` keeps it open. */
  onCloseRequest?: () => boolean;
  size?: "default" | "small";
  /** What gets the focus on opening; the first field otherwise, or what can be focused first. */
  initialFocus?: RefObject<HTMLElement | null>;
  /** The id of the text that explains it, if any. */
  describedBy?: string;
  children: ReactNode;
};

export function Dialog({
  open,
  onClose,
  onCloseRequest,
  size = "default",
  initialFocus,
  describedBy,
  children,
}: DialogProps) {
  const keeper = useRef(new FocusKeeper());
  const ask = () => {
    if (onCloseRequest?.() !== false) onClose();
  };
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && ask()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-50 animate-fade-in bg-overlay" />
        <Primitive.Content
          className="dialog-panel"
          data-size={size}
          aria-describedby={describedBy}
          onEscapeKeyDown={leaveToOpenList}
          onOpenAutoFocus={(event) => keeper.current.remember(event, initialFocus?.current ?? firstField(event))}
          onCloseAutoFocus={(event) => keeper.current.giveBack(event)}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** A form is there to be filled in: not its X, which stands before its fields, gets the focus. */
function firstField({ target }: Event): HTMLElement | null {
  const fields = "input:not([type=hidden], [type=radio], :disabled), input:checked, select, textarea";
  return target instanceof HTMLElement ? target.querySelector<HTMLElement>(fields) : null;
}

export function DialogHeader({ title, closeLabel = "Close" }: { title: ReactNode; closeLabel?: string }) {
  return (
    <header className="flex flex-none items-start justify-between gap-3 px-5 pt-5">
      <Primitive.Title className="text-16 font-semibold tracking-[-.01em] wrap-anywhere">{title}</Primitive.Title>
      <Primitive.Close asChild>
        <IconButton
          label={closeLabel}
          icon={<X aria-hidden size={16} strokeWidth={1.75} />}
          className="-my-0.5 -mr-1.5 max-sm:-mt-2.5 max-sm:-mr-3"
        />
      </Primitive.Close>
    </header>
  );
}

export function DialogBody({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div className={cx("grid min-h-0 gap-4 overflow-y-auto overscroll-contain px-5 pt-2 pb-5 text-text-2", className)}>
      {children}
    </div>
  );
}

export function DialogFooter({ children }: { children: ReactNode }) {
  return <footer className="dialog-footer">{children}</footer>;
}

/** A form around body and footer that leaves the dialog's layout as it is: `<form className={DIALOG_FORM}>`. */
export const DIALOG_FORM = "contents";
