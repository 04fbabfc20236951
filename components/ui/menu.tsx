"use client";

import { Check } from "lucide-react";
import { Slot } from "radix-ui";
import {
  useId,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  type SyntheticEvent,
} from "react";
import { cx } from "@/components/ui/class-names";
import { useLazyTrigger } from "@/components/ui/lazy-trigger";
import { Link } from "@/components/ui/link";
import { useMenuParts } from "@/components/ui/menu-parts";
import type { MenuLook } from "@/components/ui/menu-surface";
import { onDemand } from "@/components/ui/on-demand";

const ITEM =
  "flex min-h-control w-full items-center gap-2.5 rounded-sm px-2 text-left outline-none select-none " +
  "data-highlighted:bg-bg-hover data-disabled:text-text-3";

const surface = onDemand(() => import("@/components/ui/menu-surface"));
const OPENING_KEYS = ["Enter", " ", "ArrowDown"];

/** The press is the menu's own. The library, which is still to hear of it, passes over what React knows to be prevented. */
function keepFocus({ nativeEvent }: SyntheticEvent): void {
  nativeEvent.preventDefault();
}

export type MenuProps = MenuLook & {
  /** One button; it gets the menu's ARIA by itself. */
  trigger: ReactNode;
  children: ReactNode;
};

export function Menu({ trigger, children, ...look }: MenuProps) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const byKeyboard = useRef(false);
  const { arrived, fetchPart, forward, attach } = useLazyTrigger(surface);
  const press = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0 || event.ctrlKey) return;
    if (!arrived) keepFocus(event);
    byKeyboard.current = false;
    forward("onPointerDown", event);
  };
  const pressKey = (event: KeyboardEvent<HTMLElement>) => {
    if (!OPENING_KEYS.includes(event.key)) return;
    if (!arrived) keepFocus(event);
    byKeyboard.current = true;
    forward("onKeyDown", event);
  };
  const takeByKeyboard = () => {
    const taken = byKeyboard.current;
    byKeyboard.current = false;
    return taken;
  };
  return (
    <>
      <Slot.Root
        id={id}
        aria-haspopup="menu"
        aria-expanded={open}
        onPointerEnter={(event) => fetchPart(event.currentTarget)}
        onFocus={(event) => fetchPart(event.currentTarget)}
        onPointerDown={press}
        onKeyDown={pressKey}
      >
        {trigger}
      </Slot.Root>
      {arrived && (
        <arrived.part.MenuSurface
          {...look}
          element={arrived.element}
          attach={attach}
          labelledBy={id}
          takeByKeyboard={takeByKeyboard}
          onOpenChange={setOpen}
        >
          {children}
        </arrived.part.MenuSurface>
      )}
    </>
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
  const { Item } = useMenuParts();
  return (
    <Item disabled={disabled} onSelect={onSelect} className={cx(ITEM, look.tone === "danger" && "text-bad")}>
      <ItemInside {...look} />
    </Item>
  );
}

export type MenuLinkProps = ItemLook & { href: string; current?: boolean; scroll?: boolean; prefetch?: false };

export function MenuLink({ href, current, scroll, prefetch, ...look }: MenuLinkProps) {
  const { Item } = useMenuParts();
  return (
    <Item asChild>
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
    </Item>
  );
}

export type MenuRadioGroupProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  options: readonly { value: string; label: string; icon?: ReactNode }[];
};

export function MenuRadioGroup({ label, value, onChange, options }: MenuRadioGroupProps) {
  const { RadioGroup, RadioItem, ItemIndicator } = useMenuParts();
  return (
    <RadioGroup aria-label={label} value={value} onValueChange={onChange}>
      {options.map((option) => (
        // Stays open: one looks at a theme before one settles on it.
        <RadioItem
          key={option.value}
          value={option.value}
          onSelect={(event) => event.preventDefault()}
          className={ITEM}
        >
          <ItemInside
            icon={option.icon}
            hint={
              <ItemIndicator>
                <Check aria-hidden size={14} strokeWidth={2} className="text-accent" />
              </ItemIndicator>
            }
          >
            {option.label}
          </ItemInside>
        </RadioItem>
      ))}
    </RadioGroup>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  const { Label } = useMenuParts();
  return <Label className="px-2 pt-1.5 pb-1 text-12 text-text-3">{children}</Label>;
}

export function MenuSeparator() {
  const { Separator } = useMenuParts();
  return <Separator className="-mx-1 my-1 border-t border-line" />;
}
