import "server-only";

import type { Permission } from "@/lib/auth/permissions";
import { mayDo, type Permit } from "@/lib/auth/permit";
import { Prisma } from "@/lib/platform/database/db";
import { camelCase } from "@/lib/platform/name-cases";
import { IMPORTED_NOUNS, RESOURCES, type ImportedNoun, type Noun } from "@/lib/resources";

interface RecordPage {
  /** Without it the viewer would find no such page. */
  readonly permission: Permission;
  /** Below the space's address, of the record `e.record_id` of the account; null when that is gone. */
  readonly path: (accountId: number) => Prisma.Sql;
}

/** What is found in a table, by its id, in the account. */
function found(permission: Permission, table: string, path: string, only = "TRUE"): RecordPage {
  const from = Prisma.raw(`SELECT ${path} FROM ${table} r`);
  return {
    permission,
    path: (accountId) =>
      Prisma.sql`(${from} WHERE r.account_id = ${accountId} AND r.id = e.record_id AND ${Prisma.raw(only)})`,
  };
}

/** An account's own page in its space; in its partner's that of the customer. */
const ACCOUNT_PAGE: RecordPage = {
  permission: "accounts.open",
  path: (accountId) => Prisma.sql`(SELECT CASE WHEN a.id = ${accountId} THEN 'settings' ELSE 'customers/' || a.token END
    FROM accounts a WHERE a.id = e.record_id AND a.kind = 'customer' AND ${accountId} IN (a.id, a.partner_id))`,
};

const PENDING = "r.accepted_at IS NULL AND r.withdrawn_at IS NULL AND r.expires_at > statement_timestamp()";

/** A record of a fleet: beneath its list, or in it. */
function pageOfFleet(noun: ImportedNoun): RecordPage {
  const { wire, page, ...resource } = RESOURCES[noun];
  const path = "shownUnder" in resource ? `'${page}?${resource.shownUnder}=' || r.vehicle_id` : `'${page}/' || r.id`;
  return found(`${camelCase(wire)}.read`, wire, path);
}

/** Where each kind of record is shown; null where no page shows it. */
const PAGES: Readonly<Record<Noun, RecordPage | null>> = {
  ...(Object.fromEntries(IMPORTED_NOUNS.map((noun) => [noun, pageOfFleet(noun)])) as Record<ImportedNoun, RecordPage>),
  account: ACCOUNT_PAGE,
  apiKey: found("apiKeys.read", "api_keys", "'api-keys/' || r.id"),
  customField: found("customFields.manage", "custom_fields", "'custom-fields?record=' || r.record_type"),
  import: found("imports.manage", "imports", "'imports/' || r.id"),
  membership: found("members.read", "memberships", "'members'"),
  invitation: found("members.manage", "invitations", "'members'", PENDING),
  credential: found(
    "credentials.read",
    "integration_credentials",
    `'${RESOURCES.credential.page}?selected=' || r.id`,
    "r.deleted_at IS NULL",
  ),
  webhook: found("webhooks.read", "webhooks", "'webhooks/' || r.id"),
  user: null,
  session: null,
  auditLog: null,
};

/** The column that says where an entry `e` leads: one look by a primary key, within the statement that reads the entries. */
export function recordPage(permit: Permit<"auditLog.read">): Prisma.Sql {
  const cases = Object.entries(PAGES).flatMap(([noun, page]) =>
    page !== null && mayDo(permit.actor, page.permission)
      ? [Prisma.sql`WHEN ${noun} THEN ${page.path(permit.account.id)}`]
      : [],
  );
  return Prisma.sql`CASE e.record_type ${Prisma.join(cases, " ")} END`;
}
