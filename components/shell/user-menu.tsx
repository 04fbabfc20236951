"use client";

import { ChevronsUpDown, LogOut } from "lucide-react";
import { useRef, type ReactNode } from "react";
import { forgetDrafts } from "@/components/form/open-drafts";
import { ThemeMenuItems } from "@/components/shell/theme-menu-items";
import { Face } from "@/components/ui/face";
import { Menu, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";

export type SignOut = {
  /** A server action, or the address that a POST signs out at. */
  action: string | ((data: FormData) => void | Promise<void>);
  /** Hidden fields of that POST. */
  fields?: Readonly<Record<string, string>>;
};
export type UserMenuProps = {
  name: string;
  role: string;
  links?: readonly { label: string; href: string; icon?: ReactNode }[];
  signOut: SignOut;
};

export function UserMenu({ name, role, links = [], signOut }: UserMenuProps) {
  const form = useRef<HTMLFormElement>(null);
  return (
    <div className="mt-auto border-t border-line pt-1">
      {/* Outside the menu, which is gone by the time the form is sent. */}
      <form
        ref={form}
        hidden
        method={typeof signOut.action === "string" ? "post" : undefined}
        action={signOut.action}
        onSubmit={forgetDrafts}
      >
        {Object.entries(signOut.fields ?? {}).map(([field, value]) => (
          <input key={field} type="hidden" name={field} value={value} />
        ))}
      </form>
      <Menu
        align="start"
        side="top"
        matchTrigger
        trigger={
          <button type="button" className="flex w-full items-center gap-2.5 rounded-md p-2 text-left hover:bg-bg-hover">
            <Face name={name} />
            <span className="min-w-0 flex-1">
              <span className="block truncate">{name}</span>
              <span className="block text-12 text-text-3">{role}</span>
            </span>
            <ChevronsUpDown aria-hidden size={16} strokeWidth={1.75} className="shrink-0 text-text-3" />
          </button>
        }
      >
        <ThemeMenuItems />
        <MenuSeparator />
        {links.map((link) => (
          <MenuLink key={link.href} href={link.href} icon={link.icon}>
            {link.label}
          </MenuLink>
        ))}
        <MenuItem
          icon={<LogOut aria-hidden size={16} strokeWidth={1.75} />}
          onSelect={() => form.current?.requestSubmit()}
        >
          Sign out
        </MenuItem>
      </Menu>
    </div>
  );
}
