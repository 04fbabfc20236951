import type { ReactNode } from "react";
import { AccountSwitcher, type AccountSwitcherProps } from "@/components/shell/account-switcher";
import { Brand } from "@/components/shell/brand";
import { MobileNav } from "@/components/shell/mobile-nav";
import { NavSections, type NavSectionsProps } from "@/components/shell/nav-sections";
import { SkipLink } from "@/components/shell/skip-link";
import { UserMenu, type UserMenuProps } from "@/components/shell/user-menu";

export type AppShellProps = {
  homeHref: string;
  switcher: AccountSwitcherProps;
  nav: NavSectionsProps;
  user: UserMenuProps;
  /** Tells this person's drafts from those of another at the same browser. */
  viewer: string;
  children: ReactNode;
};

export function AppShell({ homeHref, switcher, nav, user, viewer, children }: AppShellProps) {
  const sidebar = (
    <div className="flex min-h-full flex-1 flex-col gap-1 px-3 py-4">
      <div className="px-2 pt-1 pb-3">
        <Brand href={homeHref} />
      </div>
      <AccountSwitcher {...switcher} />
      <NavSections {...nav} />
      <UserMenu {...user} />
    </div>
  );
  return (
    <>
      <SkipLink />
      <div data-viewer={viewer} className="min-h-dvh lg:grid lg:grid-cols-[240px_minmax(0,1fr)]">
        <header className="flex items-center justify-between border-b border-line py-2.5 pr-2 pl-4 lg:hidden">
          <Brand href={homeHref} />
          <MobileNav>{sidebar}</MobileNav>
        </header>
        <aside
          aria-label="Sidebar"
          className="sticky top-0 z-10 hidden h-dvh flex-col overflow-y-auto border-r border-line bg-bg-sidebar lg:flex"
        >
          {sidebar}
        </aside>
        <main
          id="content"
          tabIndex={-1}
          className="w-full max-w-[1280px] min-w-0 px-10 pt-8 pb-16 outline-none max-lg:px-4 max-lg:pt-5 max-lg:pb-12"
        >
          {children}
        </main>
      </div>
    </>
  );
}
