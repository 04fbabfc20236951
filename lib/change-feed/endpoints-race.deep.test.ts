import { writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { followingCode } from "@/components/developers/polling-code";
import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { readSql, Prisma } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey, makePerson, permitFor } from "@/prisma/factories/accounts-and-keys";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { useOwnDatabase } from "@/testing/own-database";
import { call, jsonCall, type TestApi } from "@/testing/serve-api";
import { makeTemporaryDirectory } from "@/testing/temporary-directory";

/** A minute by hand: RACE_SECONDS=60. */
const SECONDS = Number(process.env.RACE_SECONDS ?? 8);
const WRITERS = 20;
const LISTS = ["vehicles", "contacts", "meter_entries", "fuel_entries"] as const;
type List = (typeof LISTS)[number];

/** What a record shows of its own columns alone: the rest is told from others. */
const OWN: Readonly<Record<List, readonly string[]>> = {
  vehicles: ["id", "name", "primary_meter_value", "primary_meter_date", "color", "archived_at", "updated_at"],
  contacts: ["id", "name", "job_title", "archived_at", "updated_at"],
  meter_entries: ["id", "vehicle_id", "value", "date", "void", "updated_at"],
  fuel_entries: ["id", "vehicle_id", "date", "liters", "reference", "updated_at"],
};

type Kept = Readonly<Record<string, unknown>> & { readonly id: number };
type Copy = Map<number, string>;
interface Following {
  readonly walk: (list: string, keep: (record: Kept) => void) => Promise<string>;
  readonly follow: (
    list: string,
    place: string,
    keep: (record: Kept) => void,
    forget: (id: number) => void,
  ) => Promise<string>;
}

let dropDatabase: () => Promise<void>;
let api: TestApi;
let account: Account;
let token: string;
let owner: Awaited<ReturnType<typeof makePerson>>;
let vehicles: number[];
let contacts: number[];

/** Each transaction is held open for up to three seconds after the first row that it writes. */
const HOLD = `
  CREATE FUNCTION hold_open() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF current_setting('race.held', true) IS DISTINCT FROM txid_current()::text THEN
      PERFORM set_config('race.held', txid_current()::text, true);
      PERFORM pg_sleep(3 * random() * random());
    END IF;
    RETURN NULL;
  END $$;
  ${["vehicles", "contacts", "meter_entries", "fuel_entries"]
    .map(
      (table) =>
        `CREATE TRIGGER hold_open AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION hold_open();`,
    )
    .join("\n")}`;

async function asAdministrator(statements: string): Promise<void> {
  const client = new Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  await client.query(statements).finally(() => client.end());
}

beforeAll(async () => {
  dropDatabase = await useOwnDatabase("race");
  account = await makeAccount({ plan: "premium" });
  owner = await makePerson(account, "owner");
  const made = await makeApiKey({ account, createdBy: owner, scopes: SCOPES });
  token = made.token;
  await bookkeepingDb().apiKey.update({ where: { id: made.key.id }, data: { rateLimitPerMinute: 1_000_000 } });
  vehicles = [];
  contacts = [];
  for (let number = 0; number < 2 * WRITERS; number += 1) {
    vehicles.push((await makeVehicle({ account })).id);
    contacts.push((await makeContact({ account })).id);
  }
  await asAdministrator(HOLD);
  const [{ ENDPOINTS }, { serveForTests }, { databaseState }] = await Promise.all([
    import("@/server/api"),
    import("@/testing/serve-api"),
    import("@/lib/platform/database/state"),
  ]);
  databaseState().start();
  api = await serveForTests(ENDPOINTS);
}, 120_000);
afterAll(async () => {
  const { databaseState } = await import("@/lib/platform/database/state");
  await api.close();
  await databaseState().stop();
  await dropDatabase();
});

const send = (method: string, below: string, body?: unknown) =>
  call(api.port, `/api/v1${below}`, jsonCall({ token, account, method, body }));

/** A machine that is too busy for a moment answers 503, and is asked again. */
async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 60) throw error;
      await sleep(500);
    }
  }
}

const read = (below: string) =>
  insist(async () => {
    const answer = await send("GET", below);
    if (answer.status !== 200) throw new Error(`${answer.status} ${below}`);
    return answer;
  });

const any = <T>(of: readonly T[]): T => of[Math.floor(Math.random() * of.length)] as T;
let counted = 0;
const next = () => (counted += 1);

/** Adds a hundred rows as an import's job does. */
async function importHundred(): Promise<void> {
  const { IMPORT_WRITERS } = await import("@/server/import-writers");
  const { mutateTogether } = await import("@/lib/audit-log/mutate");
  const permit = await permitFor("contacts.write", { user: owner, account });
  const writer = IMPORT_WRITERS.contacts({ actor: permit.actor, account: permit.account, origin: permit.origin });
  const rows = Array.from({ length: 100 }, () => ({ first_name: `Imported ${next()}` }));
  await mutateTogether(writer.permit, async () => {
    for (let from = 0; from < rows.length; from += 25) await writer.write(rows.slice(from, from + 25));
  });
}

const DEEDS: readonly (() => Promise<unknown>)[] = [
  () => send("POST", "/meter_entries", { vehicle_id: any(vehicles), value: 1000 + next(), date: "2026-03-01" }),
  () =>
    send("POST", "/fuel_entries", {
      vehicle_id: any(vehicles),
      date: "2026-03-01",
      liters: 10,
      reference: String(next()),
      meter_entry_attributes: { value: 1000 + next() },
    }),
  () => send("PATCH", `/vehicles/${any(vehicles)}`, { name: `Renamed ${next()}` }),
  () => send("PATCH", `/contacts/${any(contacts)}`, { job_title: `Title ${next()}` }),
];

async function write(writer: number, until: number): Promise<void> {
  if (writer === 0) await insist(importHundred);
  while (Date.now() < until) await any(DEEDS)().catch(() => undefined);
  if (writer === 1) await insist(importHundred);
}

const shown = (list: List, record: Kept) => JSON.stringify(OWN[list].map((field) => record[field]));
const keeper = (list: List, copy: Copy) => (record: Kept) => void copy.set(record.id, shown(list, record));

async function wholeList(list: List): Promise<Copy> {
  const copy: Copy = new Map();
  const { walk } = await following();
  await insist(() => walk(list, keeper(list, copy)));
  return copy;
}

let code: Promise<Following> | undefined;
/** The guide's own. */
function following(): Promise<Following> {
  const load = async () => {
    process.env.FLEET_API_KEY = token;
    process.env.FLEET_ACCOUNT_TOKEN = account.token;
    const file = path.join(await makeTemporaryDirectory("race"), "following.mjs");
    await writeFile(file, followingCode(`http://127.0.0.1:${api.port}/api/v1`).replace("wait=30", "wait=1"));
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Following;
  };
  return (code ??= load());
}

/** Follows until the writers are through and nothing more comes; gives what it has. */
async function followAll(list: List, isDone: () => boolean): Promise<Copy> {
  const { walk, follow } = await following();
  const copy: Copy = new Map();
  const [keep, forget] = [keeper(list, copy), (id: number) => void copy.delete(id)];
  let place = await insist(() => walk(list, keep));
  const end = async () => String((await read(`/${list}?per_page=1`)).headers["x-change-sequence"]);
  while (!isDone() || place !== (await end())) place = await insist(() => follow(list, place, keep, forget));
  return copy;
}

/** As so many clients do it: whatever was changed later than the latest that was seen. */
async function pollNaively(list: List, isDone: () => boolean): Promise<Copy> {
  const copy: Copy = new Map();
  let highest = new Date(0).toISOString();
  const look = async () => {
    const [since, seen] = [highest, { cursor: null as string | null }];
    do {
      const query = new URLSearchParams({
        "filter[updated_at][gt]": since,
        "sort[updated_at]": "asc",
        per_page: "100",
        ...(seen.cursor !== null && { start_cursor: seen.cursor }),
      });
      const { json } = await read(`/${list}?${query}`);
      const records = json.records as unknown as readonly Kept[];
      for (const record of records) {
        keeper(list, copy)(record);
        if (String(record.updated_at) > highest) highest = String(record.updated_at);
      }
      seen.cursor = json.next_cursor as unknown as string | null;
    } while (seen.cursor !== null);
  };
  while (!isDone()) {
    await look();
    await sleep(300);
  }
  await look();
  return copy;
}

/** The same follower, if the entries were not there that a reading leaves of its vehicle, and a fuel entry of its reading. */
async function followWithoutThem(list: List, isDone: () => boolean): Promise<Copy> {
  const copy: Copy = new Map();
  const { walk } = await following();
  let place = await insist(() => walk(list, keeper(list, copy)));
  const later = () =>
    readSql<{ sequence: number }>(Prisma.sql`
    SELECT e.sequence FROM audit_entries e WHERE e.account_id = ${account.id} AND e.sequence > ${Number(place.split(".")[1])}
      AND (e.action = 'vehicle.meterMoved'
        OR (e.record_type = 'meterEntry' AND EXISTS (SELECT FROM fuel_entries f WHERE f.meter_entry_id = e.record_id)))`);
  const look = async () => {
    const { json } = await read(`/changes?after=${place}&limit=1000&filter[resource][eq]=${list}`);
    const untold = new Set((await insist(later)).map(({ sequence }) => sequence));
    const fed = (json.records as unknown as readonly { sequence: number; id: number }[]).filter(
      ({ sequence }) => !untold.has(sequence),
    );
    const ids = [...new Set(fed.map(({ id }) => id))];
    for (let from = 0; from < ids.length; from += 100) {
      const page = await read(`/${list}?per_page=100&filter[id][in]=${ids.slice(from, from + 100).join(",")}`);
      for (const record of page.json.records as unknown as readonly Kept[]) keeper(list, copy)(record);
    }
    place = String(json.next_after);
    return fed.length;
  };
  while (!isDone()) {
    await look();
    await sleep(300);
  }
  while ((await look()) > 0);
  return copy;
}

async function openTransactions(): Promise<number> {
  const [open] = await readSql<{ count: number }>(Prisma.sql`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL`);
  return open?.count ?? 0;
}

const NOTHING: Copy = new Map();
const lacking = (copy: Copy, truth: Copy) => [...truth].filter(([id, record]) => copy.get(id) !== record).length;

it(
  "a follower ends with every row as it is, where whoever asks for what is later than the last loses some",
  async () => {
    let done = false;
    const isDone = () => done;
    const followers = Promise.all(LISTS.map((list) => followAll(list, isDone)));
    const naive = Promise.all(LISTS.map((list) => pollNaively(list, isDone)));
    const deaf = Promise.all(LISTS.map((list) => followWithoutThem(list, isDone)));
    const until = Date.now() + SECONDS * 1000;
    await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer, until)));
    // Who was told that the outcome is not known may be committing yet.
    await vi.waitFor(async () => expect(await openTransactions()).toBe(0), { timeout: 30_000, interval: 200 });
    done = true;
    const [followed, polled, without] = [await followers, await naive, await deaf];
    const lost = { following: 0, naively: 0, withoutThem: 0 };
    for (const [index, list] of LISTS.entries()) {
      const truth = await wholeList(list);
      const lackedBy = (copies: readonly Copy[]) => lacking(copies[index] ?? NOTHING, truth);
      lost.following += lackedBy(followed) + Math.abs((followed[index]?.size ?? 0) - truth.size);
      lost.naively += lackedBy(polled);
      lost.withoutThem += lackedBy(without);
    }
    expect(lost.following).toBe(0);
    expect(lost.naively).toBeGreaterThan(0);
    expect(lost.withoutThem).toBeGreaterThan(0);
  },
  (SECONDS + 60) * 1000,
);

it("every follower gets a 410 once another server has taken over", async () => {
  const place = String((await read("/contacts?per_page=1")).headers["x-change-sequence"]);
  expect((await read(`/changes?after=${place}`)).status).toBe(200);
  // As it stands in a database that goes on at another server: what is seen there is another timeline than was seen last.
  await asAdministrator(`BEGIN; SET LOCAL session_replication_role = replica;
    UPDATE database_identity SET timeline = timeline - 1, seen_timeline = seen_timeline - 1; COMMIT`);
  await vi.waitFor(async () => expect((await send("GET", `/changes?after=${place}`)).status).toBe(410), {
    timeout: 30_000,
    interval: 500,
  });
}, 60_000);
