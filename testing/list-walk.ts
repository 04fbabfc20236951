import { randomUUID } from "node:crypto";

import { Prisma, type Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import type { ImportedRecord } from "@/lib/resources";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey } from "@/prisma/factories/accounts-and-keys";
import {
  makeCustomField,
  makeFuelType,
  makeVehicle,
  makeVehicleStatus,
  makeVehicleType,
} from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { makeWebhook, makeWebhookEvent } from "@/prisma/factories/webhooks";
import { makeExample, OTHER_RECORDS } from "@/testing/example-records";

export type ModelValue = string | number | null | readonly string[];

/** A record as the plain model knows it: what it can be filtered and sorted by. */
export interface ModelRow {
  readonly id: number;
  readonly archived: boolean;
  readonly values: Readonly<Record<string, ModelValue>>;
}

/** Gives a whole number from 0 up to but not `below`; the same ones for the same seed. */
export type RandomSource = (below: number) => number;

export function seededRandom(seed: number): RandomSource {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.UTC(2024, 0, 1);
const WORDS = ["alpha", "al_ha", "beta", "gamma"];

type Overrides = Readonly<Record<string, unknown>>;

/** A table whose rows are multiplied by copying one with other values. */
interface WalkedTable {
  readonly table: string;
  readonly owner: "account_id" | "partner_id";
  readonly overrides: (number: number, random: RandomSource, base: Bases) => Overrides;
  /** Where a filter's name is not the column's. */
  readonly columns?: Readonly<Record<string, string>>;
}

interface Bases {
  readonly vehicleIds: readonly number[];
  readonly contactIds: readonly number[];
  readonly typeIds: readonly number[];
  readonly statusIds: readonly number[];
}

const pick = <Item>(random: RandomSource, items: readonly Item[]): Item => items[random(items.length)] as Item;
const word = (random: RandomSource, number: number) => `${pick(random, WORDS)}${String(number).padStart(5, "0")}`;
const instant = (random: RandomSource) => new Date(FIRST_DAY + random(6) * DAY_MS + random(2)).toISOString();
const orNothing = <Value>(random: RandomSource, value: Value) => (random(4) === 0 ? null : value);
const named = (number: number, random: RandomSource) => ({ name: word(random, number) });

/** Of a record of a fleet of which nothing more is said here: by the types of its fields. */
function walkedAs(table: ImportedRecord, fieldTypes: Readonly<Record<string, string>>): WalkedTable {
  const overrides: WalkedTable["overrides"] = (number, random, { vehicleIds, contactIds }) => {
    const among: Readonly<Record<string, readonly number[]>> = { vehicle_id: vehicleIds, contact_id: contactIds };
    return Object.fromEntries(
      Object.entries(fieldTypes).flatMap(([field, type]): [string, unknown][] => {
        if (among[field]) return [[field, pick(random, among[field])]];
        if (type === "text") return [[field, word(random, number)]];
        return type === "timestamp" ? [[field, instant(random)]] : [];
      }),
    );
  };
  return { table, owner: "account_id", overrides };
}

/** By the name of the resource. */
const TABLES: Readonly<Record<string, WalkedTable>> = {
  accounts: {
    table: "accounts",
    owner: "partner_id",
    overrides: (number, random) => ({
      name: word(random, random(9)),
      token: number.toString(16).padStart(6, "0") + randomUUID().slice(0, 4),
    }),
    columns: { account_name: "name", account_url_token: "token" },
  },
  vehicles: {
    table: "vehicles",
    owner: "account_id",
    overrides: (number, random, { typeIds, statusIds }) => ({
      name: word(random, number),
      vin: orNothing(random, `V${String(number).padStart(16, "0")}`),
      license_plate: orNothing(random, word(random, random(5))),
      make: orNothing(random, word(random, random(3))),
      year: orNothing(random, 2000 + random(4)),
      labels: WORDS.slice(random(4)),
      vehicle_type_id: pick(random, typeIds),
      vehicle_status_id: pick(random, statusIds),
      external_ids:
        random(3) === 0
          ? {}
          : { one: pick(random, WORDS), [`other "${number}"`]: `"${pick(random, WORDS)}" \\ ${random(5)}` },
      archived_at: random(4) === 0 ? instant(random) : null,
    }),
    columns: { external_id: "external_ids" },
  },
  contacts: {
    table: "contacts",
    owner: "account_id",
    overrides: (number, random) => ({
      name: word(random, random(9)),
      email: orNothing(random, word(random, random(5))),
      employee_number: orNothing(random, word(random, number)),
    }),
  },
  vehicle_assignments: {
    table: "vehicle_assignments",
    owner: "account_id",
    overrides: (number, random, { vehicleIds, contactIds }) => ({
      vehicle_id: pick(random, vehicleIds),
      contact_id: pick(random, contactIds),
      started_at: new Date(Date.UTC(1950, 0, 1) + number * DAY_MS).toISOString(),
      ended_at: new Date(Date.UTC(1950, 0, 1) + number * DAY_MS + DAY_MS / 2).toISOString(),
    }),
  },
  meter_entries: {
    table: "meter_entries",
    owner: "account_id",
    overrides: (_number, random, { vehicleIds }) => ({
      vehicle_id: pick(random, vehicleIds),
      date: instant(random).slice(0, 10),
    }),
  },
  fuel_entries: {
    table: "fuel_entries",
    owner: "account_id",
    overrides: (_number, random, { vehicleIds }) => ({
      vehicle_id: pick(random, vehicleIds),
      date: instant(random),
      meter_entry_id: null,
    }),
  },
  vehicle_types: { table: "vehicle_types", owner: "account_id", overrides: named },
  vehicle_statuses: { table: "vehicle_statuses", owner: "account_id", overrides: named },
  fuel_types: { table: "fuel_types", owner: "account_id", overrides: named },
  webhooks: {
    table: "webhooks",
    owner: "account_id",
    overrides: (number, random) => ({
      url: `https://${word(random, random(5))}.example/${number % 3}`,
      description: word(random, random(9)),
    }),
  },
  webhook_events: {
    table: "webhook_events",
    owner: "account_id",
    overrides: (number, random) => ({
      message_id: `msg_${randomUUID()}`,
      status: pick(random, ["delivered", "failed", "canceled"]),
      event: pick(random, ["vehicle_created", "contact_deleted"]),
      last_sent_at: orNothing(random, instant(random)),
      attempts: number % 3,
    }),
  },
  custom_fields: { table: "custom_fields", owner: "account_id", overrides: (number) => ({ key: `key_${number}` }) },
};

/** What a list's records are in the model, and the means to change them while somebody walks it. */
export interface WalkedRecords {
  rows(): Promise<ModelRow[]>;
  /** The answer is the new one. */
  insert(): Promise<ModelRow>;
  /** Takes away one that `insert` made; which one the dice say. */
  remove(): Promise<void>;
}

export interface WalkedFleet {
  readonly token: string;
  readonly account: Account;
  readonly vehicleId: number;
  /** Null for a resource that this fleet knows no table of. */
  recordsOf(resource: string): WalkedRecords | null;
}

type Stored = string | number | boolean | null | undefined | Readonly<Record<string, string>>;

interface StoredRow {
  readonly row: Readonly<Record<string, Stored>> & { readonly id: number };
}

function modelValue(stored: Stored, type: string): ModelValue {
  if (stored === null || stored === undefined) return null;
  if (typeof stored === "object") return Object.values(stored);
  if (typeof stored === "boolean") return String(stored);
  if (type === "timestamp" && typeof stored === "string")
    return Date.parse(stored.length === 10 ? `${stored}T00:00:00Z` : stored);
  return stored;
}

function recordsOf(
  walked: WalkedTable,
  ownerId: number,
  { base, random }: { readonly base: Bases; readonly random: RandomSource },
  fieldTypes: Readonly<Record<string, string>>,
): WalkedRecords {
  const table = Prisma.raw(walked.table);
  const owned = Prisma.sql`${Prisma.raw(walked.owner)} = ${ownerId}`;
  const made: number[] = [];
  let number = 0;
  const modelRow = ({ row }: StoredRow): ModelRow => ({
    id: row.id,
    archived: row.archived_at !== null && row.archived_at !== undefined,
    values: Object.fromEntries(
      Object.entries(fieldTypes).map(([field, type]) => [
        field,
        modelValue(row[walked.columns?.[field] ?? field], type),
      ]),
    ),
  });
  return {
    rows: async () =>
      (await bookkeepingDb().$queryRaw<StoredRow[]>`SELECT to_jsonb(r) AS row FROM ${table} r WHERE ${owned}`).map(
        modelRow,
      ),
    insert: async () => {
      number += 1;
      const overrides = JSON.stringify({
        created_at: instant(random),
        updated_at: instant(random),
        ...walked.overrides(number, random, base),
      });
      const [inserted] = await bookkeepingDb().$queryRaw<StoredRow[]>`
        INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, to_jsonb(r) || ${overrides}::jsonb
          || jsonb_build_object('id', nextval(pg_get_serial_sequence(${walked.table}, 'id'))))).*
        FROM ${table} r WHERE ${owned} ORDER BY r.id LIMIT 1 RETURNING to_jsonb(${table}) AS row`;
      if (!inserted) throw new Error(`there is no record in ${walked.table} to copy`);
      made.push(inserted.row.id);
      return modelRow(inserted);
    },
    remove: async () => {
      const [id] = made.length > 0 ? made.splice(random(made.length), 1) : [];
      if (id !== undefined) await bookkeepingDb().$executeRaw`DELETE FROM ${table} WHERE id = ${id}`;
    },
  };
}

/** A partner with a customer that has one record of everything, and a key that may read all of it as often as it likes. */
export async function makeWalkedFleet(
  random: RandomSource,
  fieldTypesOf: (resource: string) => Readonly<Record<string, string>>,
): Promise<WalkedFleet> {
  const partner = await makeAccount({ kind: "partner", plan: "premium" });
  const account = await makeAccount({ partnerId: partner.id });
  const { key, token } = await makeApiKey({ account: partner, scopes: SCOPES });
  await bookkeepingDb().apiKey.update({ where: { id: key.id }, data: { rateLimitPerMinute: 1_000_000 } });
  const three = [1, 2, 3];
  const types = await Promise.all(three.map(() => makeVehicleType({ account })));
  const statuses = await Promise.all(three.map(() => makeVehicleStatus({ account })));
  const vehicles = await Promise.all(three.map((number) => makeVehicle({ account, name: `zeta${number}` })));
  const contacts = await Promise.all(three.map(() => makeContact({ account, name: "zeta" })));
  const [vehicleId, contactId] = [vehicles[0]?.id ?? 0, contacts[0]?.id ?? 0];
  await makeAssignment({
    account,
    vehicleId,
    contactId,
    startedAt: new Date("2020-01-01"),
    endedAt: new Date("2020-01-02"),
  });
  await makeFuelType({ account });
  await makeMeterEntry({ account, vehicleId, value: 5, date: new Date("2024-01-01") });
  await makeFuelEntry({ account, vehicleId, date: new Date("2024-01-01") });
  await makeCustomField({ account });
  const { webhook } = await makeWebhook({ account });
  await makeWebhookEvent({ webhook, status: "failed" });
  const ids = (records: readonly { id: number }[]) => records.map(({ id }) => id);
  const base = { vehicleIds: ids(vehicles), contactIds: ids(contacts), typeIds: ids(types), statusIds: ids(statuses) };
  const ownerOf = ({ owner }: WalkedTable) => (owner === "partner_id" ? partner.id : account.id);
  for (const record of OTHER_RECORDS) await makeExample(record, account);
  const ofOthers = OTHER_RECORDS.map((record) => [record, walkedAs(record, fieldTypesOf(record))] as const);
  const tables = [...Object.entries(TABLES), ...ofOthers].map(
    ([resource, walked]) =>
      [resource, recordsOf(walked, ownerOf(walked), { base, random }, fieldTypesOf(resource))] as const,
  );
  // One for each resource, whichever lists show it: what is unique in a table is counted on.
  const byResource = new Map<string, WalkedRecords>(tables);
  return { token, account, vehicleId, recordsOf: (resource) => byResource.get(resource) ?? null };
}
