import { readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, expect, it, vi } from "vitest";

import { sessionCookieName } from "@/lib/auth/session-cookie";
import { Prisma, readSql } from "@/lib/platform/database/db";
import { endPools } from "@/lib/platform/database/pool";
import { makeAccountWithPeople, makeSession, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { longTransaction } from "@/testing/long-transaction";
import { buildHub, serveWithLimits, startBuiltHub, type BuiltHub } from "@/testing/built-hub";
import { expectWholeLogs } from "@/testing/whole-logs";
import { CLIENT_LIMITS } from "./http-server";

const APP_URL = "http://hub.example.com";
/** Ten exports take four accounts: three at a time each. */
const ACCOUNTS = 4;
const EXPORTS = 10;
/** An export of theirs has 20 MB: more than any buffer between the hub and its reader takes. */
const CONTACTS = 10_000;
const CHARACTERS = 2000;
/** Most of it is garbage of the parts that filled the buffers; ten whole files would be 200 MB, and as much again as text. */
const MOST_MORE_MB = 180;
/** In place of the minute; long enough for all ten to have begun on a busy machine. */
const UNREAD_MS = 12_000;

let hub: BuiltHub;
let people: { readonly token: string; readonly cookie: string }[];
const sockets: Socket[] = [];

beforeAll(async () => {
  await buildHub(process.cwd());
  people = await makeFleets();
  const serve = serveWithLimits({ ...CLIENT_LIMITS, unreadMs: UNREAD_MS });
  hub = await startBuiltHub(process.cwd(), APP_URL, {}, serve);
}, 1_800_000);
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await hub.stop();
  await endPools();
});

async function makeFleets() {
  const made: AccountWithPeople[] = [];
  while (made.length < ACCOUNTS) made.push(await makeAccountWithPeople({ plan: "premium" }));
  const ids = made.map(({ account }) => account.id);
  await longTransaction(
    (tx) => tx.$executeRaw`
      INSERT INTO contacts (account_id, first_name, name, street_address_line_2)
      SELECT account.id, 'Dana', 'Dana', repeat('x', ${CHARACTERS}::int)
      FROM unnest(${ids}::int[]) AS account(id), generate_series(1, ${CONTACTS}::int)`,
  );
  const fleets = [];
  for (const { account, owner } of made)
    fleets.push({ token: account.token, cookie: `${sessionCookieName(APP_URL)}=${await makeSession(owner)}` });
  return fleets;
}

const personAt = (number: number) => people[number % ACCOUNTS] as (typeof people)[number];

/** Answers with the status, and reads nothing any more. */
function beginExport({ token, cookie }: (typeof people)[number]): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(hub.port, "127.0.0.1", () =>
      socket.write(`GET /${token}/contacts/export HTTP/1.1\r\nHost: hub.example.com\r\nCookie: ${cookie}\r\n\r\n`),
    );
    sockets.push(socket);
    socket.on("error", reject);
    socket.once("data", (chunk) => {
      socket.pause();
      // From now on it may be cut off.
      socket.off("error", reject).on("error", () => undefined);
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(String(chunk))?.[1]));
    });
  });
}

function askForExport({ token, cookie }: (typeof people)[number], signal?: AbortSignal): Promise<Response> {
  const headers = { cookie };
  return fetch(`http://127.0.0.1:${hub.port}/${token}/contacts/export`, { headers, ...(signal && { signal }) });
}

/** What the hub's process holds, and the most that it held since it was last asked to count anew, in megabytes. */
function memory(): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${hub.pid}/status`, "utf8");
  const read = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) / 1024;
  return { now: read("VmRSS"), most: read("VmHWM") };
}

async function transactionsOpen(): Promise<number> {
  const [row] = await readSql<{ count: number }>(Prisma.sql`
    SELECT count(*)::int AS count FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL`);
  return row?.count ?? Number.NaN;
}

const wholeExport = async () => (await (await askForExport(personAt(0))).text()).trimEnd().split("\n").length - 1;

it("hold a few parts each, three an account, until a minute in which nothing was read", async () => {
  expect(CLIENT_LIMITS.unreadMs).toBe(60_000);
  // What a process needs for its first one it needs once.
  expect(await wholeExport()).toBe(CONTACTS);
  writeFileSync(`/proc/${hub.pid}/clear_refs`, "5");
  const before = memory().now;

  // Each account's first, then its second and third: on a busy machine ten at once wait too long for a connection.
  const begun: number[] = [];
  while (begun.length < EXPORTS) {
    const numbers = Array.from(
      { length: Math.min(ACCOUNTS, EXPORTS - begun.length) },
      (_, next) => begun.length + next,
    );
    begun.push(...(await Promise.all(numbers.map((number) => beginExport(personAt(number))))));
  }
  expect(begun).toEqual(Array.from({ length: EXPORTS }, () => 200));
  const fourth = await askForExport(personAt(0));
  expect([fourth.status, fourth.headers.get("retry-after"), await fourth.text()]).toEqual([
    429,
    "60",
    expect.stringContaining("3 files of this account are being exported already"),
  ]);
  // Nobody who does not read keeps a transaction open.
  await vi.waitFor(async () => expect(await transactionsOpen()).toBe(0), { timeout: 10_000, interval: 50 });
  expect((await askForExport(personAt(0))).status, "they still hold their places").toBe(429);

  // Long before anybody could say that they have been forgotten, who does not read is cut, and the work behind it ends.
  const leaving = new AbortController();
  await vi.waitFor(
    async () => {
      const asked = await askForExport(personAt(0), leaving.signal);
      expect(asked.status).toBe(200);
    },
    { timeout: UNREAD_MS * 5, interval: 250 },
  );
  leaving.abort();
  const more = memory().most - before;
  console.log(`ten exports that nobody reads: ${before.toFixed(0)} MB, and ${more.toFixed(0)} MB more at most`);
  expect(more).toBeLessThan(MOST_MORE_MB);

  // All three places are free again.
  const again = new AbortController();
  await vi.waitFor(async () => expect(await wholeExport()).toBe(CONTACTS), { timeout: 20_000, interval: 250 });
  const three = await Promise.all([1, 2, 3].map(() => askForExport(personAt(0), again.signal)));
  expect(three.map(({ status }) => status)).toEqual([200, 200, 200]);
  again.abort();
  await vi.waitFor(async () => expect(await transactionsOpen()).toBe(0), { timeout: 10_000, interval: 50 });
  await expectWholeLogs();
});
