import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { entryOf } from "@/lib/auth/entries";
import { ruleOf, type Permission } from "@/lib/auth/permissions";
import type { RequestIdentity } from "@/lib/auth/session";
import { Prisma } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { env } from "@/lib/platform/env";
import { IMPORTED_RECORDS, type ImportedRecord } from "@/lib/resources";
import type { Endpoint } from "@/lib/public-api/define-endpoint";
import { readChangePlace } from "@/lib/public-api/lists/change-place";
import { SCOPES } from "@/lib/auth/scopes";
import {
  makeApiKey,
  makePartnerWithPeople,
  makePerson,
  makeSession,
  permitFor,
} from "@/prisma/factories/accounts-and-keys";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { makeCustomField, makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { actionInput } from "@/testing/action-inputs";
import { drainQueue } from "@/testing/drain-queue";
import { useOwnDatabase } from "@/testing/own-database";
import { call } from "@/testing/serve-api";
import type { TestApi } from "@/testing/serve-api";

/*
 * Runs every way in that changes something, compares all rows of the account's records before and after, and wants each
 * row that changed in the feed.
 */

const LIB = path.resolve(import.meta.dirname, "..");
/** Tables of what the feed tells of, and what it does not tell of them: how deliveries go, and values that a sweep takes. */
const TABLES = {
  vehicles: "- 'custom_fields'",
  contacts: "- 'custom_fields'",
  vehicle_assignments: "- 'custom_fields'",
  meter_entries: "",
  fuel_entries: "- 'custom_fields'",
  custom_fields: "",
  webhooks: "- 'failed_attempts' - 'failing_since'",
} as const;
/** Whose permissions are of what the feed tells of. */
const WRITES_RECORDS =
  /^(vehicles|contacts|vehicleAssignments|meterEntries|fuelEntries|customFields|webhooks|imports|customers)\.|^accounts\.changePlan$/;

type Fixture = Awaited<ReturnType<typeof makeFixture>>;
type Inputs = Readonly<Record<string, (fixture: Fixture) => object>>;

let dropDatabase: () => Promise<void>;
let account: Account;
let partnerAccount: Account;
let sessions: { owner: string; partner: string };
let feedPermit: Awaited<ReturnType<typeof permitFor<"changes.read">>>;
let api: TestApi;
let token: string;

beforeAll(async () => {
  dropDatabase = await useOwnDatabase("writers");
  const partner = await makePartnerWithPeople();
  [account, partnerAccount] = [partner.customers[0], partner.account];
  await bookkeepingDb().account.update({ where: { id: account.id }, data: { plan: "premium" } });
  await makeVehicleSettings(account);
  const owner = await makePerson(account, "owner");
  sessions = { owner: await makeSession(owner), partner: await makeSession(partner.owner) };
  feedPermit = await permitFor("changes.read", { user: owner, account });
  ({ token } = await makeApiKey({ account, createdBy: owner, scopes: SCOPES }));
  const { ENDPOINTS } = await import("@/server/api");
  const { serveForTests } = await import("@/testing/serve-api");
  api = await serveForTests(ENDPOINTS);
}, 120_000);
afterAll(async () => {
  await api.close();
  await dropDatabase();
});

const name = () => `Made ${randomUUID()}`;

/** A record of each kind, in each state that a deed may want. */
async function makeFixture() {
  const vehicle = await makeVehicle({ account });
  const reading = await makeMeterEntry({
    account,
    vehicleId: vehicle.id,
    value: "100.0",
    date: new Date("2026-01-01"),
  });
  const fuel = await makeFuelEntry({
    account,
    vehicleId: vehicle.id,
    meterValue: "200.0",
    date: new Date("2026-02-01"),
  });
  const [bare, archived] = [await makeVehicle({ account }), await makeVehicle({ account, archivedAt: new Date() })];
  const [contact, archivedContact] = [
    await makeContact({ account }),
    await makeContact({ account, archivedAt: new Date() }),
  ];
  const assignment = await makeAssignment({ account });
  const field = await makeCustomField({ account, label: name() });
  await makeCustomField({ account, label: name() });
  // An account has so many at most.
  await bookkeepingDb().webhook.updateMany({
    where: { accountId: account.id },
    data: {
      ...{ deletedAt: new Date(), secret: null, previousSecret: null, previousSecretEndsAt: null, authorization: null },
      ...{ enabled: false, disabledAt: new Date(), disabledReason: "by_hand" },
    },
  });
  const { webhook } = await makeWebhook({ account });
  const { webhook: disabled } = await makeWebhook({ account, disabledAt: new Date() });
  return { vehicle, reading, fuel, bare, archived, contact, archivedContact, assignment, field, webhook, disabled };
}

type Row = { readonly resource: string; readonly id: number; readonly content: string };

async function rowsNow(): Promise<Map<string, string>> {
  const parts = Object.entries(TABLES).map(
    ([table, without]) =>
      Prisma.sql`SELECT ${table} AS resource, t.id, md5((to_jsonb(t) ${Prisma.raw(without)})::text) AS content
        FROM ${Prisma.raw(table)} t WHERE t.account_id = ${account.id} AND to_jsonb(t)->>'deleted_at' IS NULL`,
  );
  const ofAccount = Prisma.sql`SELECT 'accounts' AS resource, a.id, md5(to_jsonb(a)::text) AS content FROM accounts a WHERE a.id = ${account.id}`;
  const rows = await bookkeepingDb().$queryRaw<Row[]>(Prisma.join([...parts, ofAccount], " UNION ALL "));
  return new Map(rows.map(({ resource, id, content }) => [`${resource} ${id}`, content]));
}

/** What became of each row that is different. */
function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  const changed = [...after].filter(([row, content]) => before.get(row) !== content);
  return [
    ...changed.map(([row]) => [row, before.has(row) ? "changed" : "created"] as const),
    ...[...before.keys()].filter((row) => !after.has(row)).map((row) => [row, "deleted"] as const),
  ];
}

/** Does it, and says which rows it changed; each of them is in the feed. */
async function changedBy(work: () => Promise<unknown>): Promise<readonly string[]> {
  const { listChanges } = await import("./api-queries");
  const { presentChanges } = await import("./presenter");
  const [place, before] = [await readChangePlace(account.id), await rowsNow()];
  await work();
  const changed = differences(before, await rowsNow());
  const page = await listChanges(feedPermit, { after: place, limit: 1000, resource: null, waitSeconds: 0 });
  const fed = presentChanges(page).records.map(({ resource, id, event }) => ({ row: `${resource} ${id}`, event }));
  for (const [row, became] of changed) {
    const events = fed.filter((entry) => entry.row === row).map(({ event }) => event);
    expect(events.length, `${row} was ${became}, and the feed does not tell`).toBeGreaterThan(0);
    if (became !== "changed")
      expect(
        events.some((event) => event.endsWith(became)),
        `${row}: ${events.join()}`,
      ).toBe(true);
  }
  return changed.map(([row]) => row);
}

const identity = (session: string): RequestIdentity => ({
  sessionToken: session,
  requestedFrom: env().APP_URL,
  ip: "203.0.113.7",
  requestId: randomUUID(),
});

interface Way {
  readonly name: string;
  readonly permission: Permission;
  readonly invoke: (...given: unknown[]) => Promise<{ readonly ok: boolean; readonly value?: unknown }>;
}

async function actionsNow(): Promise<Way[]> {
  const ways: Way[] = [];
  for (const file of readdirSync(LIB, { recursive: true, encoding: "utf8" }).sort()) {
    if (path.basename(file) !== "actions.ts") continue;
    for (const [called, value] of Object.entries((await import(path.join(LIB, file))) as object)) {
      const permission = entryOf(value)?.permission;
      if (permission !== undefined) ways.push({ ...(value as Way), name: called, permission });
    }
  }
  return ways;
}

const vehicleOf = ({ vehicle }: Fixture) => ({
  vehicle_type_id: vehicle.vehicleTypeId,
  vehicle_status_id: vehicle.vehicleStatusId,
  primary_meter_unit: "km",
});
const onWebhook =
  (action: string, which: "webhook" | "disabled" = "webhook", change: object = {}) =>
  (fixture: Fixture) => ({ ...actionInput(action)?.({ id: fixture[which].id, customer: account.token }), ...change });
const ofCustomer = () => ({ customer: account.token });

/** What each action is given that it does something to a record; the order is the file's own. */
const ACTIONS: Inputs = {
  createVehicleAction: (fixture) => ({ ...vehicleOf(fixture), name: name() }),
  editVehicleAction: ({ vehicle }) => ({ id: vehicle.id, name: name() }),
  archiveVehicleAction: ({ vehicle }) => ({ id: vehicle.id }),
  restoreVehicleAction: ({ archived }) => ({ id: archived.id }),
  deleteVehicleAction: ({ bare }) => ({ id: bare.id }),
  createContactAction: () => ({ first_name: "Ada" }),
  editContactAction: ({ contact }) => ({ id: contact.id, first_name: "Grace" }),
  archiveContactAction: ({ contact }) => ({ id: contact.id }),
  restoreContactAction: ({ archivedContact }) => ({ id: archivedContact.id }),
  deleteContactAction: ({ contact }) => ({ id: contact.id }),
  createVehicleAssignmentAction: ({ bare, contact }) => ({ vehicle_id: bare.id, contact_id: contact.id }),
  editVehicleAssignmentAction: ({ assignment, contact }) => ({ id: assignment.id, contact_id: contact.id }),
  endVehicleAssignmentAction: ({ assignment }) => ({ id: assignment.id }),
  deleteVehicleAssignmentAction: ({ assignment }) => ({ id: assignment.id }),
  createMeterEntryAction: ({ vehicle }) => ({ vehicle_id: vehicle.id, value: "900", date: "2026-03-01" }),
  editMeterEntryAction: ({ reading, bare }) => ({ id: reading.id, vehicle_id: bare.id }),
  deleteMeterEntryAction: ({ fuel }) => ({ id: fuel.meterEntryId }),
  createFuelEntryAction: ({ vehicle }) => ({
    vehicle_id: vehicle.id,
    date: "2026-03-01T10:00:00Z",
    liters: "10",
    meter_entry_attributes: { value: "300" },
  }),
  editFuelEntryAction: ({ fuel, bare }) => ({
    id: fuel.id,
    vehicle_id: bare.id,
    meter_entry_attributes: { value: "250" },
  }),
  deleteFuelEntryAction: ({ fuel }) => ({ id: fuel.id }),
  createCustomFieldAction: () => ({
    recordType: "vehicle",
    label: name(),
    dataType: "text",
    required: false,
    choices: [],
  }),
  editCustomFieldAction: ({ field }) => ({ id: field.id, label: name(), required: false, choices: [] }),
  moveCustomFieldAction: ({ field }) => ({ id: field.id, direction: "down" }),
  deleteCustomFieldAction: ({ field }) => ({ id: field.id }),
  createWebhookAction: onWebhook("createWebhookAction"),
  editWebhookAction: onWebhook("editWebhookAction", "webhook", { description: "other" }),
  enableWebhookAction: onWebhook("enableWebhookAction", "disabled"),
  disableWebhookAction: onWebhook("disableWebhookAction"),
  deleteWebhookAction: onWebhook("deleteWebhookAction"),
  rotateWebhookSecretAction: onWebhook("rotateWebhookSecretAction"),
  changePlanAction: () => ({ plan: "professional" }),
  changeCustomerPlanAction: () => ({ customer: account.token, plan: "premium" }),
  deactivateCustomerAction: ofCustomer,
  reactivateCustomerAction: ofCustomer,
};
/** They change no row of a record: deliveries, looks, other accounts, and imports, which have a test of their own below. */
const CHANGES_NONE = [
  "addCustomerAction",
  "countCustomFieldValuesAction",
  "countFailedSinceAction",
  "inviteOwnerAction",
  "redeliverAction",
  "redeliverFailedAction",
  "revealWebhookSecretAction",
  "searchContactsAction",
  "searchVehiclesAction",
  "sendTestEventAction",
  "startImportAction",
];

describe("every action", () => {
  it("that may change a record is below, and what it changes is in the feed", async () => {
    const actions = await actionsNow();
    const writing = actions.filter(({ permission }) => WRITES_RECORDS.test(permission)).map((way) => way.name);
    expect(writing.sort()).toEqual([...Object.keys(ACTIONS), ...CHANGES_NONE].sort());
    for (const [called, input] of Object.entries(ACTIONS)) {
      const way = actions.find((each) => each.name === called);
      const fixture = await makeFixture();
      const [session, of] = way?.permission.startsWith("customers.")
        ? [sessions.partner, partnerAccount]
        : [sessions.owner, account];
      const changed = await changedBy(async () => {
        const result = await way?.invoke(identity(session), of.token, input(fixture));
        expect(result, `${called}: ${JSON.stringify(result)}`).toMatchObject({ ok: true });
      });
      expect(changed.length, `${called} changed nothing`).toBeGreaterThan(0);
    }
  }, 240_000);

  it("of others changes no record untold either", async () => {
    const others = (await actionsNow()).filter(
      (way) => !(way.name in ACTIONS) && !/^(end|leave|remove)/.test(way.name),
    );
    const { vehicle, webhook } = await makeFixture();
    for (const way of others) {
      const id = /Webhook|TestEvent|Failed/.test(way.name) ? webhook.id : vehicle.id;
      const input = actionInput(way.name)?.({ id, customer: account.token });
      const { self, anyone } = ruleOf(way.permission);
      await changedBy(async () =>
        self || anyone
          ? way.invoke(identity(sessions.owner), input)
          : way.invoke(identity(sessions.owner), account.token, input),
      );
    }
  }, 240_000);
});

const at = (id: number | null) => `/${id ?? 0}`;
/** Address below the resource, and body, by method and path. */
const CALLS: Readonly<Record<string, (fixture: Fixture) => readonly [below: string, body?: object]>> = {
  "POST /vehicles": (fixture) => ["", { ...vehicleOf(fixture), name: name() }],
  "PATCH /vehicles/:id": ({ vehicle }) => [at(vehicle.id), { name: name() }],
  "PATCH /vehicles/:id/archive": ({ vehicle }) => [`${at(vehicle.id)}/archive`],
  "PATCH /vehicles/:id/restore": ({ archived }) => [`${at(archived.id)}/restore`],
  "DELETE /vehicles/:id": ({ bare }) => [at(bare.id)],
  "POST /contacts": () => ["", { first_name: "Ada" }],
  "PATCH /contacts/:id": ({ contact }) => [at(contact.id), { first_name: "Grace" }],
  "PATCH /contacts/:id/archive": ({ contact }) => [`${at(contact.id)}/archive`],
  "PATCH /contacts/:id/restore": ({ archivedContact }) => [`${at(archivedContact.id)}/restore`],
  "DELETE /contacts/:id": ({ contact }) => [at(contact.id)],
  "POST /vehicle_assignments": ({ bare, contact }) => ["", { vehicle_id: bare.id, contact_id: contact.id }],
  "PATCH /vehicle_assignments/:id": ({ assignment, contact }) => [at(assignment.id), { contact_id: contact.id }],
  "DELETE /vehicle_assignments/:id": ({ assignment }) => [at(assignment.id)],
  "POST /meter_entries": ({ vehicle }) => ["", { vehicle_id: vehicle.id, value: 900, date: "2026-03-01" }],
  "PATCH /meter_entries/:id": ({ reading }) => [at(reading.id), { value: 150 }],
  "DELETE /meter_entries/:id": ({ fuel }) => [at(fuel.meterEntryId)],
  "POST /fuel_entries": ({ vehicle }) => [
    "",
    { vehicle_id: vehicle.id, date: "2026-03-01", liters: 10, meter_entry_attributes: { value: 300 } },
  ],
  "PATCH /fuel_entries/:id": ({ fuel }) => [at(fuel.id), { meter_entry_attributes: { value: null } }],
  "DELETE /fuel_entries/:id": ({ fuel }) => [at(fuel.id)],
  "POST /webhooks": () => ["", { url: "https://example.com/hook", description: "", vehicle_created: true }],
  "PATCH /webhooks/:id": ({ webhook }) => [at(webhook.id), { description: "other" }],
  "DELETE /webhooks/:id": ({ webhook }) => [at(webhook.id)],
  "POST /custom_fields": () => [
    "",
    { resource_type: "vehicle", record_type: "vehicle", label: name(), data_type: "Text" },
  ],
  "PATCH /custom_fields/:id": ({ field }) => [at(field.id), { label: name() }],
};

describe("every endpoint", () => {
  it("that changes something is below, and what it changes is in the feed", async () => {
    const { ENDPOINTS } = await import("@/server/api");
    const writing = ENDPOINTS.filter(({ method, contract }: Endpoint) => method !== "GET" && contract.account !== null);
    const called = writing.map(({ method, path: at }) => `${method} ${at}`);
    expect(called.filter((one) => !(one in CALLS))).toEqual([]);
    for (const one of called) {
      const [method = "", address = ""] = one.split(" ");
      const [below, body] = CALLS[one]?.(await makeFixture()) ?? [""];
      const headers = { "account-token": account.token, ...(body && { "content-type": "application/json" }) };
      const changed = await changedBy(async () => {
        const sent = { method, token, headers, ...(body && { body: JSON.stringify(body) }) };
        const answer = await call(api.port, `/api/v1/${address.split("/")[1] ?? ""}${below}`, sent);
        expect(answer.status, `${one}: ${answer.text}`).toBeLessThan(300);
      });
      expect(changed.length, `${one} changed nothing`).toBeGreaterThan(0);
    }
  }, 240_000);
});

const IMPORTS: Readonly<Record<ImportedRecord, (fixture: Fixture) => readonly string[]>> = {
  vehicles: () => ["Name,Type,Status,Meter unit", ...[name(), name()].map((called) => `${called},Van,Active,km`)],
  vehicle_assignments: ({ bare, contact }) => [
    "Vehicle,Contact,Start,End,Starting meter",
    `${bare.name},${contact.name},2026-05-01T08:00:00Z,2026-05-01T16:00:00Z,700`,
    `${bare.name},${contact.name},2026-05-02T08:00:00Z,,`,
  ],
  contacts: () => ["First name", "Ada", "Grace"],
  meter_entries: ({ vehicle }) => [
    "Vehicle,Value,Date",
    `${vehicle.name},900,2026-03-01`,
    `${vehicle.name},950,2026-03-02`,
  ],
  fuel_entries: ({ vehicle }) => ["Vehicle,Date,Liters,Meter value", `${vehicle.name},2026-03-01,10,900`],
};

/** Deliveries go to nobody here; a sweep queues itself for later, which at a chosen time never comes. */
const SKIPPED = ["webhooks.deliver", "customFields.sweep"];

describe("every job", () => {
  it.each(IMPORTED_RECORDS)(
    "an import of %s is in the feed, row by row",
    async (record) => {
      const [{ uploadImport, startImport }, { findImport }, { JOBS }] = await Promise.all([
        import("@/lib/imports/service"),
        import("@/lib/imports/queries"),
        import("@/server/worker"),
      ]);
      const user = await makePerson(account, "owner");
      const permit = await permitFor("imports.manage", { user, account });
      const lines = IMPORTS[record](await makeFixture());
      const changed = await changedBy(async () => {
        const input = { record, name: "fleet.csv" };
        const { id } = await uploadImport(permit, input, Buffer.from(lines.join("\r\n")));
        const { columns } = await findImport(permit, { id }, { rows: null, after: 0 });
        await startImport(permit, { id, columns: [...columns] });
        await drainQueue(JOBS, new Date(), { skip: SKIPPED });
        expect(await bookkeepingDb().import.findUniqueOrThrow({ where: { id } })).toMatchObject({
          addedCount: lines.length - 1,
        });
      });
      expect(changed.length).toBeGreaterThanOrEqual(lines.length - 1);
    },
    120_000,
  );

  it("that runs by itself changes no record untold", async () => {
    const { JOBS } = await import("@/server/worker");
    await makeFixture();
    for (const job of JOBS) await changedBy(() => Promise.resolve(job.perform({}, new Date())).catch(() => undefined));
    await changedBy(() => drainQueue(JOBS, new Date(), { skip: SKIPPED }));
    const { field } = await makeFixture();
    await bookkeepingDb().customField.update({ where: { id: field.id }, data: { deletedAt: new Date() } });
    const sweep = JOBS.find((job) => job.name === "customFields.sweep");
    await changedBy(async () => sweep?.perform({ id: field.id }, new Date(Date.now() + 120_000)));
    expect(await bookkeepingDb().customField.count({ where: { id: field.id } })).toBe(0);
  }, 120_000);
});
