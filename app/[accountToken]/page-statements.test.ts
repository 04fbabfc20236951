import { readdirSync } from "node:fs";
import path from "node:path";
import type * as React from "react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { Prisma, type Account } from "@/generated/prisma/client";
import { IMPORTED_NOUNS, RESOURCES, type ImportedNoun } from "@/lib/resources";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeManyAuditEntries } from "@/prisma/bulk/audit-entries";
import { countStatements } from "@/testing/count-statements";
import { makeExample, OTHER_RECORDS } from "@/testing/example-records";
import {
  makeAccount,
  makeAccountWithPeople,
  makeApiKey,
  makeMembership,
  makePerson,
  makeSession,
  makeUser,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { makeCredential } from "@/prisma/factories/credentials";
import { makeCustomField, makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { makeWebhook, makeWebhookEvent } from "@/prisma/factories/webhooks";

const request = vi.hoisted(() => ({ sessionToken: "", remembered: new Map<unknown, Map<string, unknown>>() }));

vi.mock("next/headers", () => ({
  cookies: () => Promise.resolve({ get: () => ({ value: request.sessionToken }) }),
  headers: () => Promise.resolve(new Headers()),
}));

/** As where pages are rendered: once per request. */
vi.mock("react", async (importOriginal) => ({
  ...(await importOriginal<typeof React>()),
  cache:
    (work: (...given: unknown[]) => unknown) =>
    (...given: unknown[]) => {
      const answers = request.remembered.get(work) ?? new Map<string, unknown>();
      request.remembered.set(work, answers);
      const key = JSON.stringify(given);
      if (!answers.has(key)) answers.set(key, work(...given));
      return answers.get(key);
    },
}));

/** No page of a space asks the database more often, whatever it shows. */
const MOST_STATEMENTS = 12;
const [FEW, MANY] = [3, 30];

const ROOT = import.meta.dirname;
const filesCalled = (name: string) =>
  readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((file) => path.basename(file) === name);
const PAGES = filesCalled("page.tsx").sort();
const LAYOUTS = new Set([...filesCalled("layout.tsx"), ...filesCalled("layout.ts")]);

type Props = { params: Promise<object>; searchParams: Promise<object>; children: null };
interface RouteModule {
  readonly default: (props: Props) => unknown;
  readonly generateMetadata?: (props: Props) => unknown;
}

/** A page's own file and the layouts around it. */
function filesOf(page: string): string[] {
  const folders = path.dirname(page).split(path.sep);
  const around = [".", ...folders.map((_, depth) => folders.slice(0, depth + 1).join("/"))].flatMap((folder) =>
    ["layout.tsx", "layout.ts"].map((name) => path.join(folder, name)),
  );
  return [...new Set(around)].filter((file) => LAYOUTS.has(file)).concat(page);
}

function isAsync(type: unknown): type is (props: object) => Promise<unknown> {
  return typeof type === "function" && type.constructor.name === "AsyncFunction";
}

/** Next's own ways out of a page. */
const wayOut = (error: unknown) => /^NEXT_(REDIRECT|HTTP_ERROR_FALLBACK)/.exec((error as Error).message)?.[1];

async function render(route: RouteModule, props: Props): Promise<void> {
  await route.generateMetadata?.(props);
  let shown = await route.default(props);
  for (;;) {
    const { type, props: own } = (shown ?? {}) as { type?: unknown; props?: object };
    if (!isAsync(type)) return;
    shown = await type(own ?? {});
  }
}

/** How many statements a visit sends; null where the space has no such page. */
async function visit(
  page: string,
  accountToken: string,
  ids: Readonly<Record<string, string>>,
): Promise<number | null> {
  request.remembered.clear();
  const [folder = ""] = page.split(path.sep);
  const id = ids[folder] ?? "";
  const params = Promise.resolve({ accountToken, id, sequence: id, customer: id, delivery: ids.deliveries });
  const props = { params, searchParams: Promise.resolve({}), children: null };
  const routes = await Promise.all(filesOf(page).map((file) => import(path.join(ROOT, file)) as Promise<RouteModule>));
  let out: string | undefined;
  const count = await countStatements(async () => {
    try {
      for (const route of routes) await render(route, props);
    } catch (error) {
      out = wayOut(error);
      if (out === undefined) throw error;
    }
  });
  return out === "HTTP_ERROR_FALLBACK" ? null : count;
}

const before = (days: number) => new Date(Date.now() - days * 86_400_000);

/** More of everything that an account holds. */
async function fill({ account, owner }: AccountWithPeople, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number++) {
    const person = await makePerson(account, "member");
    await makeSession(person);
    await makeApiKey({ account, createdBy: person, state: number % 2 === 0 ? "active" : "expiring" });
    await makeCredential({ account });
    const { webhook } = await makeWebhook({ account });
    const where = { accountId: account.id };
    const first = await bookkeepingDb().webhook.findFirst({ where, orderBy: { id: "asc" } });
    await makeWebhookEvent({ webhook: first ?? webhook });
    const invitation = { email: `invited-${account.id}-${number}@example.com`, role: "member" as const };
    await bookkeepingDb().invitation.create({
      data: { ...invitation, accountId: account.id, invitedById: owner.id, expiresAt: before(-7) },
    });
    if (account.kind === "partner") await fillHub(account);
    else await fillFleet({ account, owner }, number);
  }
}

async function fillHub(account: Account): Promise<void> {
  const customer = await makeAccount({ partnerId: account.id });
  const limited = await makeUser();
  await makeMembership({ user: limited, account, role: "administrator", limitedTo: [customer] });
  await makeApiKey({ account, customers: [customer] });
}

async function fillFleet({ account, owner }: Pick<AccountWithPeople, "account" | "owner">, number: number) {
  for (const recordType of ["vehicle", "contact", "vehicle_assignment", "fuel_entry"] as const)
    await makeCustomField({ account, recordType });
  const vehicle = await makeVehicle({ account });
  const contact = await makeContact({ account });
  await makeAssignment({ account, vehicleId: vehicle.id, contactId: contact.id });
  const [{ vehicleId: first } = { vehicleId: vehicle.id }] = await bookkeepingDb().vehicleAssignment.findMany({
    where: { accountId: account.id },
    orderBy: { id: "asc" },
    take: 1,
  });
  await makeMeterEntry({ account, vehicleId: first, date: before(60 - number), value: String(100 + number) });
  await makeFuelEntry({ account, vehicleId: first, date: before(30 - number), meterValue: String(1000 + number) });
  for (const record of OTHER_RECORDS) await makeExample(record, account);
  const found = await bookkeepingDb().import.findFirst({ where: { accountId: account.id } });
  const { id: importId } =
    found ??
    (await bookkeepingDb().import.create({
      data: {
        accountId: account.id,
        userId: owner.id,
        record: "vehicles",
        fileName: "fleet.csv",
        headers: ["Name"],
        columns: ["name"],
        rowCount: MANY,
        startedAt: before(1),
      },
    }));
  await bookkeepingDb().importRow.create({
    data: { accountId: account.id, importId, number: number + 2, cells: ["Van"], recordId: vehicle.id },
  });
}

/** The first record of each kind, by the folder of its pages. */
async function idsIn({ id: accountId }: Account): Promise<Record<string, string>> {
  const first = { where: { accountId }, orderBy: { id: "asc" }, select: { id: true } } as const;
  const db = bookkeepingDb();
  const firstOf = async (noun: ImportedNoun) => {
    const table = Prisma.raw(RESOURCES[noun].wire);
    const [row] = await db.$queryRaw<{ id: number }[]>(
      Prisma.sql`SELECT id FROM ${table} WHERE account_id = ${accountId} ORDER BY id LIMIT 1`,
    );
    return [RESOURCES[noun].page, row ?? null] as const;
  };
  const found = {
    ...Object.fromEntries(await Promise.all(IMPORTED_NOUNS.map(firstOf))),
    "api-keys": await db.apiKey.findFirst(first),
    imports: await db.import.findFirst(first),
    webhooks: await db.webhook.findFirst(first),
    deliveries: await db.webhookEvent.findFirst(first),
  };
  const customer = await db.account.findFirst({ where: { partnerId: accountId }, orderBy: { id: "asc" } });
  const ids = Object.entries(found).map(([folder, record]) => [folder, String(record?.id ?? 1)]);
  return Object.fromEntries([...ids, ["audit-log", "1"], ["customers", customer?.token ?? ""]]) as Record<
    string,
    string
  >;
}

async function visitAll({ account }: AccountWithPeople): Promise<Map<string, number | null>> {
  const ids = await idsIn(account);
  const counts = new Map<string, number | null>();
  for (const page of PAGES) counts.set(page, await visit(page, account.token, ids));
  return counts;
}

interface Visits {
  readonly few: Map<string, number | null>;
  readonly many: Map<string, number | null>;
}

async function visitsOf(people: AccountWithPeople): Promise<Visits> {
  if (people.account.kind === "customer") await makeVehicleSettings(people.account);
  await makeManyAuditEntries(people.account, MANY);
  request.sessionToken = await makeSession(people.owner);
  await fill(people, 0, FEW);
  // The first visit notes in which space the person is.
  await visitAll(people);
  const few = await visitAll(people);
  await fill(people, FEW, MANY);
  return { few, many: await visitAll(people) };
}

let hub: Visits;
let space: Visits;

beforeAll(async () => {
  hub = await visitsOf(await makeAccountWithPeople({ kind: "partner", plan: "premium" }));
  space = await visitsOf(await makeAccountWithPeople());
}, 120_000);

describe.each(PAGES)("%s", (page) => {
  it(`asks as often for ${MANY} records as for ${FEW}, and at most ${MOST_STATEMENTS} times`, () => {
    const counts = { hub: hub.few.get(page), space: space.few.get(page) };
    expect({ hub: hub.many.get(page), space: space.many.get(page) }).toEqual(counts);
    const asked = [counts.hub, counts.space].filter((count) => typeof count === "number");
    expect(asked.length, "in one kind of space at least there is such a page").toBeGreaterThan(0);
    for (const count of asked) {
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(MOST_STATEMENTS);
    }
  });
});
