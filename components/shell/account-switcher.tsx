"use client";

import { ChevronsUpDown } from "lucide-react";
import { Menu, MenuLabel, MenuLink } from "@/components/ui/menu";

export type AccountLink = { name: string; hint: string; href: string; current?: boolean };

export function AccountSwitcher({ accounts }: { accounts: readonly AccountLink[] }) {
  const current = accounts.find((account) => account.current) ?? accounts[0];
  if (!current) return null;
  return (
    <Menu
      align="start"
      matchTrigger
      trigger={
        <button
          type="button"
          className="mb-3 flex w-full items-center justify-between gap-2 rounded-md border border-line bg-bg p-2 text-left hover:bg-bg-hover"
        >
          <span className="min-w-0 wrap-anywhere">
            <span className="sr-only">Account: </span>
            {current.name}
            <span className="block text-12 text-text-3">{current.hint}</span>
          </span>
          <ChevronsUpDown aria-hidden size={16} strokeWidth={1.75} className="shrink-0" />
        </button>
      }
    >
      <MenuLabel>Accounts</MenuLabel>
      {accounts.map((account) => (
        <MenuLink key={account.href} href={account.href} current={account.current}>
          <span className="block py-1 wrap-anywhere">
            {account.name}
            <span className="block text-12 font-normal text-text-3">{account.hint}</span>
          </span>
        </MenuLink>
      ))}
    </Menu>
  );
}
