"use client";

import { Check } from "lucide-react";
import { DropdownMenu as Primitive } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "@/components/ui/class-names";
import { Link } from "@/components/ui/link";
import { useLandmark } from "@/components/ui/use-landmark";

const ITEM =
  "flex min-h-control w-full items-center gap-2.5 rounded-sm px-2 text-left outline-none select-none " +
  "data-highlighted:bg-bg-hover data-disabled:text-text-3";

export type MenuProps = {
  /** One button; it gets the menu's ARIA by itself. */
  trigger: ReactNode;
  align?: "start" | "end";
  side?: "top" | "bottom";
  /** As wide as its trigger, for switchers. */
  matchTrigger?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
};

export function Menu({
  trigger,
  align = "end",
  side = "bottom",
  matchTrigger,
  open,
  onOpenChange,
  children,
}: MenuProps) {
  const { opener, landmark, find } = useLandmark();
  const change = (next: boolean) => {
    if (next) find();
    onOpenChange?.(next);
  };
  return (
    <Primitive.Root modal={false} open={open} onOpenChange={change}>
      <Primitive.Trigger asChild ref={opener}>
        {trigger}
      </Primitive.Trigger>
      <Primitive.Portal container={landmark}>
        <Primitive.Content
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className={cx(
            "z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-[200px] max-w-[calc(100vw-16px)] overflow-y-auto",
            "animate-fade-in rounded-lg border border-line-strong bg-bg p-1 shadow-float outline-none",
            matchTrigger && "w-(--radix-dropdown-menu-trigger-width)",
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

type ItemLook = { icon?: ReactNode; hint?: ReactNode; tone?: "default" | "danger"; children: ReactNode };

function ItemInside({ icon, hint, children }: ItemLook) {
  return (
    <>
      {icon}
      <span className="min-w-0">{children}</span>
      {hint && <span className="ml-auto pl-4 text-12 whitespace-nowrap text-text-3">{hint}</span>}
    </>
  );
}

export type MenuItemProps = ItemLook & { onSelect: () => void; disabled?: boolean };

export function MenuItem({ onSelect, disabled, ...look }: MenuItemProps) {
  return (
    <Primitive.Item disabled={disabled} onSelect={onSelect} className={cx(ITEM, look.tone === "danger" && "text-bad")}>
      <ItemInside {...look} />
    </Primitive.Item>
  );
}

export type MenuLinkProps = ItemLook & { href: string; current?: boolean; scroll?: boolean; prefetch?: false };

export function MenuLink({ href, current, scroll, prefetch, ...look }: MenuLinkProps) {
  return (
    <Primitive.Item asChild>
      <Link
        prefetch={prefetch}
        href={href}
        scroll={scroll}
        aria-current={current ? "true" : undefined}
        className={cx(ITEM, current && "font-medium")}
      >
        <ItemInside
          {...look}
          hint={current ? <Check aria-hidden size={14} strokeWidth={2} className="text-accent" /> : look.hint}
        />
      </Link>
    </Primitive.Item>
  );
}

export type MenuRadioGroupProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string; icon?: ReactNode }[];
};

export function MenuRadioGroup({ label, value, onChange, options }: MenuRadioGroupProps) {
  return (
    <Primitive.RadioGroup aria-label={label} value={value} onValueChange={onChange}>
      {options.map((option) => (
        // Stays open: one looks at a theme before one settles on it.
        <Primitive.RadioItem
          key={option.value}
          value={option.value}
          onSelect={(event) => event.preventDefault()}
          className={ITEM}
        >
          <ItemInside
            icon={option.icon}
            hint={
              <Primitive.ItemIndicator>
                <Check aria-hidden size={14} strokeWidth={2} className="text-accent" />
              </Primitive.ItemIndicator>
            }
          >
            {option.label}
          </ItemInside>
        </Primitive.RadioItem>
      ))}
    </Primitive.RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Primitive.Label className="px-2 pt-1.5 pb-1 text-12 text-text-3">{children}</Primitive.Label>;
}

export function MenuSeparator() {
  return <Primitive.Separator className="-mx-1 my-1 border-t border-line" />;
}
