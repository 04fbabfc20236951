import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { DatabaseProxy } from "@/e2e/database-proxy";
import { unavailable } from "@/lib/platform/errors";
import { startBuiltHub, type BuiltHub } from "@/testing/built-hub";
import { freePort } from "@/testing/free-port";
import { startRoundRobin, type RoundRobin } from "@/testing/round-robin";

const PAGE_LOADS = 300;
const BUILD = `
  const { bundle } = await import("./scripts/bundle.mjs");
  const { buildPages } = await import("./scripts/prepare.mjs");
  await bundle(["scripts/serve.ts", "server/main.ts"]);
  await buildPages();`;

// Past the door: what is asked here is not what is under test.
const direct = String(process.env.DATABASE_URL);
let door: DatabaseProxy;
let proxy: RoundRobin;
let hub: BuiltHub;
let token: string;
let cookie: string;
let key: string;

beforeAll(async () => {
  const built = spawnSync(process.execPath, ["--input-type=module", "--eval", BUILD], { stdio: "inherit" });
  expect(built.status).toBe(0);
  const { makeAccountWithPeople, makeApiKey, makeSession } = await import("@/prisma/factories/accounts-and-keys");
  const { makeContact } = await import("@/prisma/factories/contacts-and-entries");
  const { SCOPES } = await import("@/lib/auth/scopes");
  const { sessionCookieName } = await import("@/lib/auth/session-cookie");
  const { account, owner } = await makeAccountWithPeople({ plan: "premium" });
  await makeContact({ account });
  token = account.token;
  key = (await makeApiKey({ account, createdBy: owner, scopes: SCOPES })).token;
  proxy = await startRoundRobin();
  cookie = `${sessionCookieName(proxy.address)}=${await makeSession(owner)}`;
  const address = new URL(direct);
  door = new DatabaseProxy(await freePort());
  await door.lead(Number(address.port));
  hub = await startBuiltHub(process.cwd(), proxy.address, {
    DATABASE_URL: Object.assign(address, { port: String(door.port) }).href,
    DATABASE_POOL_SIZE: "4",
    RESEND_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, "x").toString("base64")}`,
  });
  proxy.leadTo([hub.port]);
}, 1_800_000);
afterAll(async () => {
  const { endPools } = await import("@/lib/platform/pool");
  await hub.stop();
  await proxy.close();
  await door.shut();
  await endPools();
});

interface Answer {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly text: string;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const { headers, ...rest } = init;
  const response = await fetch(proxy.address + path, {
    redirect: "manual",
    ...rest,
    headers: { Cookie: cookie, Origin: proxy.address, ...(headers as Record<string, string>) },
  });
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    text: await response.text(),
  };
}

/** As a page calls it. */
function callAction(name: string, ...args: readonly unknown[]): Promise<Answer> {
  const { node } = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8")) as {
    node: Record<string, { exportedName: string }>;
  };
  const [id = ""] = Object.entries(node).find(([, { exportedName }]) => exportedName === name) ?? [];
  const headers = { "Next-Action": id, Accept: "text/x-component", "Content-Type": "text/plain;charset=UTF-8" };
  return ask(`/${token}/contacts/new`, { method: "POST", headers, body: JSON.stringify(args) });
}

const apiHeaders = () => ({
  Authorization: `Token ${key}`,
  "Account-Token": token,
  "Content-Type": "application/json",
});

/** Every way in that looks at the database. */
const WAYS: Readonly<Record<string, () => Promise<Answer>>> = {
  "a page": () => ask(`/${token}/contacts`),
  "a page of no account": () => ask("/sessions"),
  "a download": () => ask(`/${token}/contacts/export`),
  "an upload": () =>
    ask(`/${token}/imports/upload?record=contact&name=x.csv`, { method: "POST", body: "first_name\nDana\n" }),
  "the API": () => ask("/api/v1/contacts", { headers: apiHeaders() }),
  "the API's change": () =>
    ask("/api/v1/contacts", { method: "POST", headers: apiHeaders(), body: JSON.stringify({ first_name: "Dana" }) }),
  "a leak report": () =>
    ask("/api/v1/api_keys/revoke_leaked", {
      method: "POST",
      headers: apiHeaders(),
      body: JSON.stringify({ token: key }),
    }),
  "signing out": () => ask("/api/auth/signout", { method: "POST" }),
  "a sign-in link": () =>
    ask("/api/auth/callback/email", {
      method: "POST",
      body: new URLSearchParams({ token: "0".repeat(64), email: "dana@example.com" }),
    }),
  "a report of mails": () => ask("/api/resend-webhook", { method: "POST", body: "{}" }),
};

/** What was answered otherwise than it should be. */
async function wrongAnswers(): Promise<string[]> {
  const answers = await Promise.all(
    Object.entries(WAYS).map(async ([way, work]) => {
      const { status, retryAfter, text } = await work();
      return status === 503 && retryAfter === "5" ? [] : [`${way}: ${status} ${retryAfter} ${text.slice(0, 80)}`];
    }),
  );
  return answers.flat();
}

async function expectWell(): Promise<void> {
  await vi.waitFor(
    async () => {
      expect((await WAYS["a page"]?.())?.status).toBe(200);
      expect((await WAYS["the API"]?.())?.status).toBe(200);
      expect((await WAYS["a download"]?.())?.status).toBe(200);
    },
    { timeout: 20_000, interval: 100 },
  );
}

/** Whoever asks for anybody waits for as long as `work` takes. */
async function whileLocked(work: () => Promise<void>): Promise<void> {
  const client = new Client({ connectionString: direct });
  await client.connect();
  await client.query("BEGIN");
  await client.query("LOCK TABLE sessions, api_keys, accounts, users IN ACCESS EXCLUSIVE MODE");
  try {
    await work();
  } finally {
    await client.query("ROLLBACK");
    await client.end();
  }
}

describe("every way in answers 503 and when to ask again", () => {
  it("where each connection is taken, and nothing comes free in time", async () => {
    await expectWell();
    await whileLocked(async () => {
      // Takes them all.
      const first = Array.from({ length: 8 }, () => ask(`/${token}/contacts`));
      await sleep(200);
      const wrong = await wrongAnswers();
      expect(wrong.filter((answer) => !answer.startsWith("a report of mails"))).toEqual([]);
      const action = await callAction("createContactAction", token, { first_name: "Dana" });
      expect([action.status, action.text]).toEqual([200, expect.stringContaining(unavailable().reason)]);
      await Promise.all(first);
    });
    await expectWell();
  });

  it(`of ${PAGE_LOADS} page loads at once, with none of them 500`, async () => {
    const statuses: Record<number, number> = {};
    await whileLocked(async () => {
      const loads = Array.from({ length: PAGE_LOADS }, () => ask(`/${token}/contacts`));
      for (const { status } of await Promise.all(loads)) statuses[status] = (statuses[status] ?? 0) + 1;
    });
    expect(statuses).toEqual({ 503: PAGE_LOADS });
    await expectWell();
  });

  it("where the database's port is shut", async () => {
    await door.shut();
    expect(await wrongAnswers()).toEqual([]);
    await door.lead(Number(new URL(direct).port));
    await expectWell();
  });

  it("where the network swallows all", async () => {
    door.swallow();
    expect(await wrongAnswers()).toEqual([]);
    door.serve();
    await expectWell();
  });
});
