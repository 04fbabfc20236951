import { BookOpen, KeyRound, MonitorSmartphone, ScrollText, Users, type LucideIcon } from "lucide-react";
import type { Metadata } from "next";
import type { ReactNode } from "react";

import { AppShell } from "@/components/shell/app-shell";
import { SIGN_OUT_PATH } from "@/components/sign-in/sign-out-path";
import { countAccountTokens, listSpaces } from "@/lib/accounts/queries";
import type { UserActor } from "@/lib/auth/actor";
import { mayDo } from "@/lib/auth/permit";
import { requirePermit } from "@/lib/auth/session";

type LayoutProps = { params: Promise<{ accountToken: string }>; children: ReactNode };

export async function generateMetadata({ params }: LayoutProps): Promise<Metadata> {
  const { account } = await requirePermit((await params).accountToken, "accounts.open");
  return { title: { default: account.name, template: `%s · ${account.name}` } };
}

const ROLE_NAMES: Readonly<Record<UserActor["role"], string>> = {
  owner: "Owner",
  administrator: "Administrator",
  member: "Member",
};

function sectionIcon(Icon: LucideIcon): ReactNode {
  return <Icon aria-hidden size={16} strokeWidth={1.75} />;
}

function customersHint(count: number): string {
  if (count === 1) return "Partner · 1 customer";
  return `Partner · ${count > 1000 ? "1,000+" : count} customers`;
}

export default async function SpaceLayout({ params, children }: LayoutProps) {
  const permit = await requirePermit((await params).accountToken, "accounts.open");
  const { account, actor } = permit;
  const [spaces, customers] = await Promise.all([
    listSpaces(permit),
    account.kind === "partner" ? countAccountTokens(permit) : Promise.resolve(0),
  ]);
  const accounts = spaces.map((space) => ({
    name: space.name,
    hint: space.kind === "customer" ? "Customer" : space.token === account.token ? customersHint(customers) : "Partner",
    href: `/${space.token}/api-keys`,
    current: space.token === account.token,
  }));
  const keysHref = `/${account.token}/api-keys`;
  const items = [
    { label: "API Keys", href: keysHref, icon: sectionIcon(KeyRound), alsoAt: [`/${account.token}/account-tokens`] },
    ...(mayDo(actor, "auditLog.read")
      ? [{ label: "Audit log", href: `/${account.token}/audit-log`, icon: sectionIcon(ScrollText) }]
      : []),
    { label: "Members", href: `/${account.token}/members`, icon: sectionIcon(Users) },
  ];
  return (
    <AppShell
      homeHref={keysHref}
      accounts={accounts}
      navLabel={account.kind === "partner" ? "Hub" : "Account"}
      sections={[
        { items },
        {
          label: "Developers",
          items: [{ label: "API reference", href: "/developers/reference", icon: sectionIcon(BookOpen) }],
        },
      ]}
      user={{
        name: actor.kind === "user" ? actor.name : "",
        role: actor.kind === "user" ? ROLE_NAMES[actor.role] : "",
        links: [{ label: "Sessions", href: "/sessions", icon: sectionIcon(MonitorSmartphone) }],
        signOut: { action: SIGN_OUT_PATH },
      }}
    >
      {children}
    </AppShell>
  );
}
