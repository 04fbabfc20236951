"use client";

import { Check, ChevronsUpDown, Settings } from "lucide-react";
import { useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Input } from "@/components/ui/input";
import { Link } from "@/components/ui/link";
import { Menu, MenuLabel, MenuLink, MenuSeparator } from "@/components/ui/menu";
import { Popover } from "@/components/ui/popover";

export type AccountLink = {
  name: string;
  /** Its kind, and what one is there: "Customer · Administrator". */
  hint: string;
  href: string;
  current?: boolean;
};
export type AccountSwitcherProps = {
  accounts: readonly AccountLink[];
  /** Beneath the current account's name. */
  currentHint: string;
  settingsHref: string | null;
};

/** So many are taken in at a glance; more are searched. */
const AT_A_GLANCE = 8;
const SETTINGS_ICON = <Settings aria-hidden size={16} strokeWidth={1.75} />;

export function AccountSwitcher({ accounts, currentHint, settingsHref }: AccountSwitcherProps) {
  const current = accounts.find((account) => account.current) ?? accounts[0];
  if (!current) return null;
  // Not a component of its own: what it stands in hands it properties.
  const trigger = (
    <button
      type="button"
      className="mb-3 flex w-full items-center justify-between gap-2 rounded-md border border-line bg-bg p-2 text-left hover:bg-bg-hover"
    >
      <span className="min-w-0 wrap-anywhere">
        <span className="sr-only">Account: </span>
        {current.name}
        <span className="block text-12 text-text-3">{currentHint}</span>
      </span>
      <ChevronsUpDown aria-hidden size={16} strokeWidth={1.75} className="shrink-0" />
    </button>
  );
  if (accounts.length > AT_A_GLANCE) {
    return <SearchedAccounts accounts={accounts} settingsHref={settingsHref} trigger={trigger} />;
  }
  return (
    <Menu align="start" matchTrigger trigger={trigger}>
      {settingsHref !== null && (
        <>
          <MenuLink href={settingsHref} icon={SETTINGS_ICON}>
            Settings
          </MenuLink>
          <MenuSeparator />
        </>
      )}
      <MenuLabel>Accounts</MenuLabel>
      {accounts.map((account) => (
        // Looked at in advance it would count as visited: the space last used is where `/` leads.
        <MenuLink key={account.href} href={account.href} prefetch={false} current={account.current}>
          <AccountWords account={account} />
        </MenuLink>
      ))}
    </Menu>
  );
}

function sayMatches(count: number): string {
  if (count === 0) return "No account of yours has that in its name.";
  return count === 1 ? "1 account" : `${count} accounts`;
}

function AccountWords({ account }: { account: AccountLink }) {
  return (
    <span className="block py-1 wrap-anywhere">
      {account.name}
      <span className="block text-12 font-normal text-text-3">{account.hint}</span>
    </span>
  );
}

const ROW = "flex min-h-control items-center gap-2.5 rounded-sm px-2 -outline-offset-2 hover:bg-bg-hover";

type SearchedAccountsProps = Pick<AccountSwitcherProps, "accounts" | "settingsHref"> & { trigger: ReactNode };

/** A field and the accounts that match it; the arrow keys go up and down through both. */
function SearchedAccounts({ accounts, settingsHref, trigger }: SearchedAccountsProps) {
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const matching = accounts.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
  const change = (next: boolean) => {
    setOpen(next);
    if (next) setText("");
  };
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const stops = [...(list.current?.querySelectorAll<HTMLElement>("input, a") ?? [])];
    const at = stops.findIndex((stop) => stop === document.activeElement);
    stops[(at + step + stops.length) % stops.length]?.focus();
  };
  const openFirst = (event: KeyboardEvent) => {
    if (event.key === "Enter" && text.trim() !== "") list.current?.querySelector<HTMLElement>("li a")?.click();
  };
  return (
    <Popover label="Accounts" matchTrigger open={open} onOpenChange={change} trigger={trigger}>
      <div ref={list} onKeyDown={move} className="grid min-h-0 grid-rows-[auto_minmax(0,1fr)]">
        <div className="grid gap-1 border-b border-line p-1">
          {settingsHref !== null && (
            <Link href={settingsHref} onClick={() => setOpen(false)} className={ROW}>
              {SETTINGS_ICON}
              Settings
            </Link>
          )}
          <Input
            type="search"
            aria-label="Search accounts"
            placeholder="Search accounts"
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={openFirst}
          />
        </div>
        <ul className="overflow-y-auto p-1">
          {matching.map((account) => (
            <li key={account.href}>
              <Link
                href={account.href}
                prefetch={false}
                aria-current={account.current ? "true" : undefined}
                onClick={() => setOpen(false)}
                className={`${ROW} justify-between aria-[current]:font-medium`}
              >
                <AccountWords account={account} />
                {account.current && <Check aria-hidden size={14} strokeWidth={2} className="shrink-0 text-accent" />}
              </Link>
            </li>
          ))}
        </ul>
        <p role="status" className={matching.length === 0 ? "px-3 pb-3 text-text-2" : "sr-only"}>
          {sayMatches(matching.length)}
        </p>
      </div>
    </Popover>
  );
}
