"use client";

import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { buttonLook, type ButtonVariant } from "@/components/ui/button-look";
import { Link } from "@/components/ui/link";
import { Spinner } from "@/components/ui/spinner";

export type ButtonProps = ComponentProps<"button"> & {
  variant?: ButtonVariant;
  icon?: ReactNode;
  busy?: boolean;
};

export function Button({
  variant,
  icon,
  busy = false,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  // Not `disabled`: that would throw the keyboard focus away in the middle of the work.
  const guard = (event: MouseEvent<HTMLButtonElement>) => {
    if (busy) event.preventDefault();
    else onClick?.(event);
  };
  return (
    <button
      {...rest}
      type={type}
      onClick={guard}
      aria-disabled={busy || rest["aria-disabled"] || undefined}
      aria-busy={busy || undefined}
      className={buttonLook(variant, className)}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

export type ButtonLinkProps = ComponentProps<typeof Link> & { variant?: ButtonVariant; icon?: ReactNode };

export function ButtonLink({ variant, icon, className, children, ...rest }: ButtonLinkProps) {
  return (
    <Link {...rest} className={buttonLook(variant, className)}>
      {icon}
      {children}
    </Link>
  );
}
