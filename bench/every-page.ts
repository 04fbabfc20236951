import { readdirSync } from "node:fs";
import path from "node:path";

import type { Account } from "@/generated/prisma/client";
import type { Role } from "@/lib/auth/permissions";
import { sessionCookieName } from "@/lib/auth/session-cookie";
import { hashInvitationToken, newInvitationToken } from "@/lib/members/invitation-token";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { importedResource } from "@/lib/resources";
import { makeManyAuditEntries } from "@/prisma/bulk/audit-entries";
import { makeApiKey, makeMembership, makePartnerWithPeople, makeSession } from "@/prisma/factories/accounts-and-keys";
import { makeCredential } from "@/prisma/factories/credentials";
import { makeCustomField } from "@/prisma/factories/vehicles";
import { makeAssignment, makeFuelEntry } from "@/prisma/factories/contacts-and-entries";
import { makeWebhook, makeWebhookEvent } from "@/prisma/factories/webhooks";

/** A page of the app as somebody opens it. */
export interface OpenedPage {
  /** As the file tree has it: `/[accountToken]/vehicles/[id]`. */
  readonly route: string;
  readonly path: string;
  readonly space: "partner" | "customer" | null;
  readonly cookie: string;
}

/** Every page that there is, by the file tree. */
export function pageRoutes(folder = "app"): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const folders = files.filter((file) => path.basename(file) === "page.tsx").map((file) => path.dirname(file));
  const segmentsOf = (file: string) => file.split(path.sep).filter((segment) => !/^(\.|\(.*\))$/.test(segment));
  return folders.map((file) => `/${segmentsOf(file).join("/")}`).sort();
}

/** What a route shows at `[id]` and the like; only the routes that need one are named. */
type Shown = Readonly<Record<string, string>>;

/** What is opened by somebody who is not signed in, as the mails' links lead there. */
async function makeNobodysPages(account: { id: number }, invitedById: number): Promise<Shown> {
  const token = newInvitationToken();
  const expiresAt = new Date(Date.now() + 86_400_000);
  const whom = { email: "nobody@example.com", role: "member", accountId: account.id, invitedById } as const;
  await bookkeepingDb().invitation.create({ data: { ...whom, expiresAt, tokenHash: hashInvitationToken(token) } });
  return {
    "/sign-in": "/sign-in",
    "/sign-in/link": `/sign-in/link?token=${token}&email=nobody@example.com`,
    "/invitation": `/invitation?token=${token}`,
  };
}

/** A record of every kind that has a page; both kinds of space share the rest. */
async function makeRecords(account: { id: number; token: string }, userId: number): Promise<Shown> {
  const { key } = await makeApiKey({ account, createdBy: { id: userId } });
  await makeCredential({ account, apiKeyId: key.id, status: "valid", checkedAt: new Date() });
  const { webhook } = await makeWebhook({ account });
  const delivery = await makeWebhookEvent({ webhook, status: "failed" });
  await makeManyAuditEntries(account, 3);
  return {
    "/api-keys/[id]": `/api-keys/${key.id}`,
    "/webhooks/[id]": `/webhooks/${webhook.id}`,
    "/webhooks/[id]/deliveries/[delivery]": `/webhooks/${webhook.id}/deliveries/${delivery.id}`,
    "/audit-log/[sequence]": "/audit-log/1",
    "/imports/new": "/imports/new?record=vehicles",
  };
}

/** A record of each kind that only its example makes, by the page of its list. */
async function othersOf(account: Account): Promise<Record<string, number>> {
  const { makeExample, OTHER_RECORDS } = await import("@/testing/example-records");
  const made: [string, number][] = [];
  for (const record of OTHER_RECORDS)
    made.push([importedResource(record).page, (await makeExample(record, account)).id]);
  return Object.fromEntries(made);
}

const pagesOf = (ids: Readonly<Record<string, number>>): Shown =>
  Object.fromEntries(
    Object.entries(ids).flatMap(([page, id]) =>
      ["", "/edit"].map((rest) => [`/${page}/[id]${rest}`, `/${page}/${id}${rest}`]),
    ),
  );

async function makeFleet(account: Account, userId: number): Promise<Shown> {
  const accountId = account.id;
  for (const recordType of ["vehicle", "contact", "vehicle_assignment"] as const) {
    await makeCustomField({ account, recordType });
  }
  const { id, vehicleId, contactId } = await makeAssignment({ account });
  await makeFuelEntry({ account, vehicleId, meterValue: "1200.0" });
  const file = { fileName: "vehicles.csv", headers: ["Name"], columns: ["name"], rowCount: 1 };
  const data = { ...file, accountId, userId, record: "vehicles" as const };
  const { id: importId } = await bookkeepingDb().import.create({ data });
  return {
    ...pagesOf(await othersOf(account)),
    ...pagesOf({ vehicles: vehicleId, contacts: contactId, "vehicle-assignments": id }),
    "/imports/[id]": `/imports/${importId}`,
  };
}

/** Every page, in each kind of space that has it or not, as somebody of this role in both opens it; with records to be seen there. */
export async function openEveryPage(origin: string, role: Role = "owner"): Promise<OpenedPage[]> {
  const people = await makePartnerWithPeople();
  const { account: partner, owner, customers } = people;
  const [customer] = customers;
  await makeMembership({ user: people[role], account: customer, role });
  const cookie = `${sessionCookieName(origin)}=${await makeSession(people[role])}`;
  const customerPage = { "/customers/[customer]": `/customers/${customer.token}` };
  const shown = {
    partner: { ...(await makeRecords(partner, owner.id)), ...customerPage },
    customer: { ...(await makeRecords(customer, owner.id)), ...(await makeFleet(customer, owner.id)) },
  };
  const nobodys = await makeNobodysPages(partner, owner.id);
  const tokens = { partner: partner.token, customer: customer.token };
  return pageRoutes().flatMap((route): OpenedPage[] => {
    const [, own] = /^\/\[accountToken\](.*)$/.exec(route) ?? [];
    if (own === undefined) {
      return [{ route, path: nobodys[route] ?? route, space: null, cookie: route in nobodys ? "" : cookie }];
    }
    return (["partner", "customer"] as const).map((space) => {
      const records: Shown = shown[space];
      return { route, path: `/${tokens[space]}${records[own] ?? own}`, space, cookie };
    });
  });
}
