import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { Prisma, type Account } from "@/generated/prisma/client";
import { ruleOf, type Permission } from "@/lib/auth/permissions";
import { SCOPES } from "@/lib/auth/scopes";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey, makePerson, type ApiKeyChoice } from "@/prisma/factories/accounts-and-keys";
import {
  makeCustomField,
  makeFuelType,
  makeVehicle,
  makeVehicleStatus,
  makeVehicleType,
} from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { makeWebhook, makeWebhookEvent } from "@/prisma/factories/webhooks";
import { emptyCollections } from "@/lib/empty-collections/endpoints";
import { IMPORTED_RECORDS } from "@/lib/resources";
import { ENDPOINTS } from "@/server/api";
import { bodyFor, isFleetRecord, makeExample } from "@/testing/example-records";
import { readChangePlace } from "./lists/change-place";
import { API_VERSIONS, LATEST_API_VERSION } from "./versions/api-versions";
import { serveForTests, type TestAnswer, type TestApi } from "@/testing/serve-api";

/**
 * Every endpoint of the table × every kind of key × own, foreign and unknown ids. A new endpoint is in it at once; a
 * new resource with ids fails until it says below how one of its records is made.
 */
type Made = { readonly id: number };
const RECORDS: Readonly<Record<string, (account: Account) => Promise<Made>>> = {
  accounts: (account) => Promise.resolve(account),
  vehicles: (account) => makeVehicle({ account, name: nameIn(account) }),
  vehicle_types: (account) => makeVehicleType({ account, name: nameIn(account) }),
  vehicle_statuses: (account) => makeVehicleStatus({ account, name: nameIn(account) }),
  fuel_types: (account) => makeFuelType({ account, name: nameIn(account) }),
  custom_fields: (account) => makeCustomField({ account, label: nameIn(account) }),
  contacts: (account) => makeContact({ account, lastName: nameIn(account) }),
  vehicle_assignments: async (account) => makeAssignment({ account, ...(await vehicleIn(account)) }),
  meter_entries: async (account) => makeMeterEntry({ account, ...(await vehicleIn(account)) }),
  fuel_entries: async (account) => makeFuelEntry({ account, ...(await vehicleIn(account)), meterValue: "7.0" }),
  webhooks: async (account) => (await makeWebhook({ account, description: nameIn(account) })).webhook,
  webhook_events: async (account) => makeWebhookEvent({ webhook: (await makeWebhook({ account })).webhook }),
};

/** What makes one; left out = its example, or nothing, which a POST may find wrong, but not unauthorized. */
const BODIES: Readonly<Record<string, (account: Account) => Promise<object>>> = {
  vehicles: async (account) => ({
    name: nameIn(account),
    vehicle_type_id: (await makeVehicleType({ account })).id,
    vehicle_status_id: (await makeVehicleStatus({ account })).id,
    primary_meter_unit: "mi",
  }),
  vehicle_assignments: async (account) => ({
    vehicle_id: (await makeVehicle({ account })).id,
    contact_id: (await makeContact({ account })).id,
  }),
  meter_entries: async (account) => ({ vehicle_id: (await makeVehicle({ account })).id, value: 5, date: "2026-01-01" }),
  fuel_entries: async (account) => ({
    vehicle_id: (await makeVehicle({ account })).id,
    us_gallons: 5,
    date: "2026-01-01",
  }),
  webhooks: () => Promise.resolve({ url: "https://receiver.example.com/hook", vehicle_created: true }),
};

const makerOf = (resource: string) =>
  RECORDS[resource] ??
  (isFleetRecord(resource) ? (account: Account) => makeExample(resource, account, nameIn(account)) : undefined);
const bodyOf = (resource: string) =>
  BODIES[resource] ?? (isFleetRecord(resource) ? (account: Account) => bodyFor(resource, account) : undefined);

/** They tell what the key itself stands for, and reaches; an Account-Token is ignored there. */
const OF_THE_KEY: readonly Permission[] = ["apiKeys.self", "accounts.list", "users.self"];

let made = 0;
/** Unlike any other, and seen to be of this account. */
const nameIn = (account: Account) => `of-${account.token}-${++made}`;
const vehicleIn = async (account: Account) => ({
  vehicleId: (await makeVehicle({ account, name: nameIn(account) })).id,
});

interface Key {
  readonly token: string | undefined;
  /** What every request with it is answered, wherever the account is named; null when it is served. */
  readonly refusal: readonly [status: number, code: string] | null;
}

let api: TestApi;
let own: Account;
let ownPlace: string;
let sibling: Account;
let foreign: Account;
const keys = new Map<string, Key>();
const scopeless = new Map<string, string>();
/** By resource and account. */
const records = new Map<string, number>();

const KINDS = ["account", "partner", "other partner", "restricted", "revoked", "expired", "unknown", "no"] as const;
const RESOURCES = [
  ...new Set(ENDPOINTS.filter(({ path }) => path.includes("/:id")).map(({ path }) => resourceOf(path))),
];

function resourceOf(path: string): string {
  return path.split("/")[1] ?? "";
}

beforeAll(async () => {
  api = await serveForTests(ENDPOINTS);
  const partner = await makeAccount({ kind: "partner", plan: "premium" });
  const otherPartner = await makeAccount({ kind: "partner", plan: "premium" });
  own = await makeAccount({ partnerId: partner.id, plan: "premium" });
  sibling = await makeAccount({ partnerId: partner.id, plan: "premium" });
  foreign = await makeAccount({ partnerId: otherPartner.id, plan: "premium" });
  ownPlace = await readChangePlace(own.id);
  const createdBy = await makePerson(own, "owner");
  const mint = async (choice: ApiKeyChoice) => (await makeApiKey({ scopes: SCOPES, ...choice })).token;
  const outOfReach = [401, "account_not_accessible"] as const;
  keys.set("account", { token: await mint({ account: own, createdBy }), refusal: null });
  keys.set("partner", { token: await mint({ account: partner }), refusal: null });
  keys.set("other partner", { token: await mint({ account: otherPartner }), refusal: outOfReach });
  keys.set("restricted", { token: await mint({ account: partner, customers: [sibling] }), refusal: outOfReach });
  keys.set("revoked", {
    token: await mint({ account: own, createdBy, state: "revoked" }),
    refusal: [401, "key_revoked"],
  });
  keys.set("expired", {
    token: await mint({ account: own, createdBy, state: "expired" }),
    refusal: [401, "key_expired"],
  });
  keys.set("unknown", { token: "fah_000000000000000000000000000000000000", refusal: [401, "key_unknown"] });
  keys.set("no", { token: undefined, refusal: [401, "key_missing"] });
  for (const scope of SCOPES)
    scopeless.set(scope, await mint({ account: own, createdBy, scopes: SCOPES.filter((other) => other !== scope) }));
  for (const resource of RESOURCES) {
    for (const account of [own, sibling, foreign]) {
      const record = await makerOf(resource)?.(account);
      if (record) records.set(`${resource} ${account.id}`, record.id);
    }
  }
}, 60_000);
afterAll(() => api.close());

interface Ask {
  readonly token: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly accountToken?: string;
  readonly version?: string;
}

function ask({
  token,
  method,
  path,
  body = {},
  accountToken = own.token,
  version = LATEST_API_VERSION,
}: Ask): Promise<TestAnswer> {
  const headers = {
    "account-token": accountToken,
    "x-request-id": "same",
    "x-api-version": version,
    ...(method !== "GET" && { "content-type": "application/json" }),
  };
  // Whoever follows what changes says from where.
  const asked = path === "/changes" ? `${path}?after=${ownPlace}` : path;
  return api.call(`/api/v1${asked}`, {
    method,
    headers,
    ...(token !== undefined && { token }),
    ...(method !== "GET" && { body: JSON.stringify(body) }),
  });
}

const recordOf = (resource: string, account: Account) => records.get(`${resource} ${account.id}`) ?? 0;
const withId = (path: string, id: number | string) => path.replace(":id", String(id));
/** All but what tells the time and the quota. */
const bytesOf = ({ status, headers, text }: TestAnswer) => {
  const { date: _date, ratelimit: _rate, ...rest } = headers;
  return JSON.stringify([status, rest, text]);
};
const UNKNOWN_IDS = [2_147_483_647, 2_147_483_648, "no-id"];

function codeOf({ json, status }: TestAnswer): readonly [number, unknown] {
  return [status, json.code];
}

async function everything(account: Account): Promise<string> {
  // In an order: two plans for one question would read the same rows in two.
  const all = { where: { accountId: account.id }, orderBy: { id: "asc" } } as const;
  const db = bookkeepingDb();
  const tables = [
    ...IMPORTED_RECORDS.map((record) =>
      db.$queryRaw(
        Prisma.sql`SELECT to_jsonb(r) AS row FROM ${Prisma.raw(record)} r WHERE account_id = ${account.id} ORDER BY id`,
      ),
    ),
    db.webhook.findMany(all),
    db.webhookEvent.findMany(all),
    db.auditEntry.findMany({ where: all.where, orderBy: { sequence: "asc" } }),
  ];
  return JSON.stringify(await Promise.all(tables), (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  );
}

/** Collections that are always empty are made alike: a list, its archive and the one of a vehicle stand for all of them. */
const ALIKE = new Set(emptyCollections.slice(3));
const served = ENDPOINTS.filter((endpoint) => ruleOf(endpoint.permission).anyone !== true && !ALIKE.has(endpoint));
const addressed = served.filter(({ permission }) => !OF_THE_KEY.includes(permission));
const named = (endpoints: typeof ENDPOINTS) =>
  endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

it.each(RESOURCES)("knows how to make a record of %s", (resource) => {
  expect(makerOf(resource)).toBeDefined();
});

describe.each(named(addressed))("%s", (_name, { method, path, permission }) => {
  const resource = resourceOf(path);
  const hasId = path.includes("/:id");
  const { scope } = ruleOf(permission);

  it.each(KINDS)("is served to the keys that reach the account, and to no other: %s key", async (kind) => {
    const { token, refusal } = keys.get(kind) ?? { token: undefined, refusal: null };
    const unknown = refusal ? UNKNOWN_IDS.slice(0, 1) : [recordOf(resource, sibling), ...UNKNOWN_IDS];
    const strange = hasId ? [recordOf(resource, foreign), ...unknown] : [];
    const answers: TestAnswer[] = [];
    for (const id of strange) answers.push(await ask({ token, method, path: withId(path, id) }));
    expect(new Set(answers.map(bytesOf)).size).toBeLessThanOrEqual(1);
    const [any] = answers;
    if (any) expect(codeOf(any)).toEqual(refusal ?? [404, "not_found"]);

    const ownId =
      method === "DELETE" && refusal === null ? (await makerOf(resource)?.(own))?.id : recordOf(resource, own);
    const body = method === "POST" && refusal === null ? ((await bodyOf(resource)?.(own)) ?? {}) : {};
    const answer = await ask({ token, method, path: withId(path, ownId ?? 0), body });
    if (refusal) {
      expect(codeOf(answer)).toEqual(refusal);
      if (any) expect(bytesOf(answer)).toBe(bytesOf(any));
      return;
    }
    // Whoever is let in may still be told that a body is wrong, or that a vehicle has no driver.
    const isAnswered =
      answer.status < 300 || (method === "POST" && answer.status === 422 && bodyOf(resource) === undefined);
    const hasNone =
      path.endsWith("/current_assignment") && answer.status === 404 && !bytesOf(answer).includes("no such record");
    expect(isAnswered || hasNone, answer.text).toBe(true);
    for (const other of [sibling, foreign]) expect(answer.text).not.toContain(other.token);
  });

  if (scope !== null && scope !== "any") {
    it(`is refused to a key without ${scope}, whatever it asks for`, async () => {
      const answers: TestAnswer[] = [];
      for (const id of hasId ? [recordOf(resource, own), recordOf(resource, foreign), 2_147_483_647] : [0]) {
        answers.push(await ask({ token: scopeless.get(scope), method, path: withId(path, id) }));
      }
      expect(new Set(answers.map(bytesOf)).size).toBe(1);
      expect(answers.map(codeOf)).toEqual(answers.map(() => [403, "insufficient_scope"]));
      expect(answers[0]?.json.detail).toContain(scope);
    });
  }

  it("does not tell an account out of reach from one that does not exist", async () => {
    const { token } = keys.get("other partner") ?? { token: undefined };
    const route = withId(path, recordOf(resource, own));
    const [there, nowhere] = [
      await ask({ token, method, path: route }),
      await ask({ token, method, path: route, accountToken: "0000000000" }),
    ];
    expect(bytesOf(there)).toBe(bytesOf(nowhere));
  });
});

describe.each(named(served.filter(({ permission }) => OF_THE_KEY.includes(permission))))(
  "%s",
  (_name, { method, path }) => {
    const resource = resourceOf(path);
    const hasId = path.includes("/:id");
    const reach: Readonly<Record<string, () => readonly Account[]>> = {
      account: () => [own],
      partner: () => [own, sibling],
      "other partner": () => [foreign],
      restricted: () => [sibling],
    };

    it.each(KINDS)("tells a key of its own reach alone: %s key", async (kind) => {
      const { token, refusal } = keys.get(kind) ?? { token: undefined, refusal: null };
      const reached = reach[kind]?.() ?? [];
      const strangers = [own, sibling, foreign].filter((account) => !reached.includes(account));
      const strange: TestAnswer[] = [];
      if (hasId)
        for (const id of [...strangers.map((account) => recordOf(resource, account)), ...UNKNOWN_IDS])
          strange.push(await ask({ token, method, path: withId(path, id) }));
      expect(new Set(strange.map(bytesOf)).size).toBeLessThanOrEqual(1);
      const targets = hasId ? reached.map((account) => recordOf(resource, account)) : [0];
      for (const id of targets) {
        const answer = await ask({ token, method, path: withId(path, id) });
        if (reached.length === 0) expect(codeOf(answer)).toEqual(refusal);
        else expect(answer.status, answer.text).toBe(200);
        for (const stranger of strangers) expect(answer.text).not.toContain(stranger.token);
      }
      if (strange[0]) expect(codeOf(strange[0])).toEqual(reached.length === 0 ? refusal : [404, "not_found"]);
    });
  },
);

describe("over the whole table", () => {
  it.each(API_VERSIONS)("lists show nothing of other accounts in version %s", async (version) => {
    const token = keys.get("account")?.token;
    for (const { path } of addressed.filter(({ method, path }) => method === "GET" && !path.includes("/:id"))) {
      const answer = await ask({ token, method: "GET", path, version });
      expect(answer.status).toBe(200);
      for (const other of [sibling, foreign]) expect(answer.text).not.toContain(other.token);
    }
  });

  it("changes nothing of other accounts", async () => {
    const before = [await everything(sibling), await everything(foreign)];
    const writes = addressed.filter(({ method, path }) => method !== "GET" && path.includes("/:id"));
    expect(writes.length).toBeGreaterThan(0);
    for (const { method, path } of writes) {
      for (const account of [sibling, foreign]) {
        const body = { name: "taken", first_name: "taken", value: 1, us_gallons: 1, started_at: null };
        const { status } = await ask({
          token: keys.get("account")?.token,
          method,
          path: withId(path, recordOf(resourceOf(path), account)),
          body,
        });
        expect(status).toBe(404);
      }
    }
    expect([await everything(sibling), await everything(foreign)]).toEqual(before);
  });
});
