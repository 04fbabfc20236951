import { BookOpen, KeyRound, ListPlus, ScrollText, Truck, Users, type LucideIcon } from "lucide-react";

import type { NavItem } from "@/components/shell/nav-sections";
import type { AccountKind } from "@/generated/prisma/enums";
import type { AccountRef, Actor } from "@/lib/auth/actor";
import type { Permission } from "@/lib/auth/permissions";
import { mayDo } from "@/lib/auth/permit";

interface Section {
  readonly label: string;
  /** Its page beneath the space's address. */
  readonly page: string;
  readonly Icon: LucideIcon;
  /** What its page asks for: who may not is not led there. */
  readonly permission: Permission;
  /** Pages elsewhere at which it is current as well. */
  readonly alsoAt?: readonly string[];
}

interface Places {
  /** Stand in the sidebar. */
  readonly main: readonly Section[];
  /** Stand in the sidebar of *Account menu → Settings*. */
  readonly settings: readonly Section[];
}

const AUDIT_LOG: Section = { label: "Audit log", page: "audit-log", Icon: ScrollText, permission: "auditLog.read" };
const MEMBERS: Section = { label: "Members", page: "members", Icon: Users, permission: "members.read" };
const CUSTOM_FIELDS: Section = {
  label: "Custom Fields",
  page: "custom-fields",
  Icon: ListPlus,
  permission: "customFields.manage",
};
const API_KEYS = { page: "api-keys", Icon: KeyRound, permission: "apiKeys.read", alsoAt: ["account-tokens"] } as const;

/** Every section of a space whose page exists, in the order of the sidebar: a page that comes adds its line. */
const PLACES: Readonly<Record<AccountKind, Places>> = {
  partner: {
    main: [{ label: "API Keys", ...API_KEYS }, AUDIT_LOG, MEMBERS],
    settings: [],
  },
  customer: {
    main: [{ label: "Vehicles", page: "vehicles", Icon: Truck, permission: "vehicles.read" }],
    settings: [{ label: "Manage API Keys", ...API_KEYS }, CUSTOM_FIELDS, MEMBERS, AUDIT_LOG],
  },
};

const DEVELOPERS = { label: "Developers", items: [linkTo("API reference", "/developers/reference", BookOpen)] };

function linkTo(label: string, href: string, Icon: LucideIcon, alsoAt: readonly string[] = []): NavItem {
  return { label, href, icon: <Icon aria-hidden size={16} strokeWidth={1.75} />, alsoAt };
}

/** What this person may open in this space: the sidebar's sections, and those behind Settings. */
export function sectionsFor(account: Pick<AccountRef, "kind" | "token">, actor: Actor) {
  const itemsOf = (sections: readonly Section[]) =>
    sections
      .filter(({ permission }) => mayDo(actor, permission))
      .map(({ label, page, Icon, alsoAt = [] }) =>
        linkTo(
          label,
          `/${account.token}/${page}`,
          Icon,
          alsoAt.map((other) => `/${account.token}/${other}`),
        ),
      );
  const { main, settings } = PLACES[account.kind];
  const [mainItems, settingsItems] = [itemsOf(main), itemsOf(settings)];
  if (settingsItems.length === 0) return { main: [{ items: mainItems }, DEVELOPERS], settings: null };
  return { main: [{ items: mainItems }], settings: [{ label: "Settings", items: settingsItems }, DEVELOPERS] };
}

/** The page that a space opens with: everybody who belongs to it may see it. */
export function homePath({ token }: Pick<AccountRef, "kind" | "token">): string {
  return `/${token}/api-keys`;
}
