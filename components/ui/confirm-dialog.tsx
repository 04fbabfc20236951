"use client";

import { AlertDialog as Primitive } from "radix-ui";
import { useRef, type ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { FocusKeeper } from "@/components/ui/focus-keeper";
import { FieldError } from "@/components/ui/text-field";

export type ConfirmDialogProps = {
  open: boolean;
  title: ReactNode;
  /** What will happen, in the user's terms. */
  consequence: ReactNode;
  confirmLabel: string;
  cancelLabel: string;
  tone?: "danger" | "primary";
  busy?: boolean;
  error?: ReactNode;
  children?: ReactNode;
  onConfirm: () => void;
  onClose: () => void;
};

export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    open,
    title,
    consequence,
    confirmLabel,
    cancelLabel,
    tone = "danger",
    busy = false,
    error,
    children,
    onConfirm,
    onClose,
  } = props;
  const keeper = useRef(new FocusKeeper());
  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && !busy && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-50 animate-fade-in bg-overlay" />
        <Primitive.Content
          className="dialog-panel"
          data-size="small"
          onOpenAutoFocus={(event) => keeper.current.remember(event, null)}
          onCloseAutoFocus={(event) => keeper.current.giveBack(event)}
        >
          <header className="flex-none px-5 pt-5">
            <Primitive.Title className="text-16 font-semibold tracking-[-.01em] wrap-anywhere">{title}</Primitive.Title>
          </header>
          <div className="grid min-h-0 gap-4 overflow-y-auto px-5 pt-2 pb-5 text-text-2">
            <Primitive.Description asChild>
              <div>{consequence}</div>
            </Primitive.Description>
            {children}
            <div role="alert" className="empty:hidden">
              {error && <FieldError id="confirm-error">{error}</FieldError>}
            </div>
          </div>
          <footer className="dialog-footer">
            {/* First in the tree, so that Enter by reflex changes nothing. */}
            <Primitive.Cancel asChild>
              <Button disabled={busy}>{cancelLabel}</Button>
            </Primitive.Cancel>
            <Button variant={tone} busy={busy} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </footer>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
