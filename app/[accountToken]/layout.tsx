import { MonitorSmartphone } from "lucide-react";
import type { Metadata } from "next";
import type { ReactNode } from "react";

import { ChangeOverNotice } from "@/components/shell/change-over-notice";
import { AppShell } from "@/components/shell/app-shell";
import { SIGN_OUT_PATH } from "@/components/sign-in/sign-out-path";
import type { AccountKind } from "@/generated/prisma/enums";
import { countAccountTokens, listSpaces } from "@/lib/accounts/queries";
import type { UserActor } from "@/lib/auth/actor";
import { requirePermit } from "@/lib/entry/page";
import { databaseIdentity } from "@/lib/platform/database/identity";
import { homePath, sectionsFor } from "./space-sections";

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
const KIND_NAMES: Readonly<Record<AccountKind, string>> = { partner: "Partner", customer: "Customer" };

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
    hint: `${KIND_NAMES[space.kind]} · ${ROLE_NAMES[space.role]}`,
    href: homePath(space),
    current: space.token === account.token,
  }));
  const changeOver = actor.kind === "user" && actor.role === "owner" ? databaseIdentity().timelineChange : null;
  const { main, settings } = sectionsFor(account, actor);
  const homeHref = homePath(account);
  return (
    <AppShell
      viewer={actor.kind === "user" ? String(actor.userId) : ""}
      homeHref={homeHref}
      switcher={{
        accounts,
        currentHint: account.kind === "partner" ? customersHint(customers) : KIND_NAMES.customer,
        settingsHref: settings?.[0]?.items[0]?.href ?? null,
      }}
      nav={{
        label: account.kind === "partner" ? "Hub" : "Account",
        sections: main,
        settings: settings && { sections: settings, backHref: homeHref },
      }}
      user={{
        name: actor.kind === "user" ? actor.name : "",
        role: actor.kind === "user" ? ROLE_NAMES[actor.role] : "",
        links: [
          {
            label: "Sessions",
            href: "/sessions",
            icon: <MonitorSmartphone aria-hidden size={16} strokeWidth={1.75} />,
          },
        ],
        signOut: { action: SIGN_OUT_PATH },
      }}
    >
      {changeOver?.isRecent === true && <ChangeOverNotice at={changeOver.at} />}
      {children}
    </AppShell>
  );
}
