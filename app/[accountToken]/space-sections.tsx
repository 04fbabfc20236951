import {
  BookOpen,
  Building2,
  Contact,
  IdCard,
  KeyRound,
  LayoutDashboard,
  ListPlus,
  Plug,
  ScrollText,
  Truck,
  UserRoundCheck,
  Users,
  Webhook,
  type LucideIcon,
} from "lucide-react";

import type { NavItem } from "@/components/shell/nav-sections";
import type { AccountKind } from "@/generated/prisma/enums";
import type { AccountRef, Actor } from "@/lib/auth/actor";
import type { Permission } from "@/lib/auth/permissions";
import { mayDo } from "@/lib/auth/permit";
import { camelCase } from "@/lib/platform/name-cases";
import { IMPORTED_NOUNS, NOUNS, RESOURCES, type ListedNoun } from "@/lib/resources";

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

/** Of each list that is a section, in the order of the sidebar; null where its page is found under another's. */
const ICONS = {
  vehicle: Truck,
  vehicleAssignment: UserRoundCheck,
  contact: Contact,
  meterEntry: null,
  fuelEntry: null,
  webhook: Webhook,
  customField: ListPlus,
  credential: Plug,
  apiKey: KeyRound,
  membership: Users,
  auditLog: ScrollText,
} as const satisfies Record<ListedNoun, LucideIcon | null>;
type SectionNoun = { [N in ListedNoun]: (typeof ICONS)[N] extends null ? never : N }[ListedNoun];

/** The page that lists a noun's records, for who may read them. */
function listOf(noun: SectionNoun, more: Partial<Section> = {}): Section {
  const { title, page, wire } = RESOURCES[noun];
  const Icon = ICONS[noun];
  const alsoAt = NOUNS.flatMap(([, { shownUnder, page: other }]) => (shownUnder === noun && other ? [other] : []));
  return { label: title, page, Icon, permission: `${camelCase(wire)}.read`, alsoAt, ...more };
}

/** The sections of a fleet's records. */
const FLEET = Object.entries(ICONS).flatMap(([noun, icon]) =>
  icon !== null && IMPORTED_NOUNS.some((imported) => imported === noun) ? [listOf(noun as SectionNoun)] : [],
);

const CUSTOMERS: Section = { label: "Customers", page: "customers", Icon: Building2, permission: "customers.read" };
const ACCOUNT: Section = { label: "Account", page: "settings", Icon: IdCard, permission: "accounts.open" };
const DASHBOARD: Section = { label: "Dashboard", page: "dashboard", Icon: LayoutDashboard, permission: "apiKeys.read" };
const AUDIT_LOG = listOf("auditLog");
const MEMBERS = listOf("membership");
const WEBHOOKS = listOf("webhook");
const CUSTOM_FIELDS = listOf("customField", { permission: "customFields.manage" });
/** Everybody is led there: who may not manage integrations is told who may. */
const INTEGRATIONS = listOf("credential", { label: "Integrations", permission: "accounts.open" });
const API_KEYS = listOf("apiKey", { alsoAt: ["account-tokens"] });

/** Every section of a space whose page exists, in the order of the sidebar: a page that comes adds its line. */
const PLACES: Readonly<Record<AccountKind, Places>> = {
  partner: {
    main: [CUSTOMERS, API_KEYS, INTEGRATIONS, WEBHOOKS, AUDIT_LOG, MEMBERS],
    settings: [],
  },
  customer: {
    main: [DASHBOARD, ...FLEET, INTEGRATIONS],
    settings: [ACCOUNT, { ...API_KEYS, label: "Manage API Keys" }, WEBHOOKS, CUSTOM_FIELDS, MEMBERS, AUDIT_LOG],
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
export function homePath({ kind, token }: Pick<AccountRef, "kind" | "token">): string {
  return `/${token}/${kind === "customer" ? "dashboard" : "api-keys"}`;
}

/** The address of one of the space's sections; null where there is no such page, or not for this person. */
export function pageHref(account: Pick<AccountRef, "kind" | "token">, actor: Actor, page: string): string | null {
  const { main, settings } = PLACES[account.kind];
  const section = [...main, ...settings].find((one) => one.page === page);
  return section && mayDo(actor, section.permission) ? `/${account.token}/${page}` : null;
}
