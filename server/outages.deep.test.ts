import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";

import { DatabaseProxy } from "@/e2e/database-proxy";
import { CLIENT, startLocalProvider, type LocalProvider } from "@/e2e/oidc-provider";
import { unavailable } from "@/lib/platform/errors";
import { buildHub, startBuiltHub, type BuiltHub } from "@/testing/built-hub";
import { freePort } from "@/testing/free-port";
import { startRoundRobin, type RoundRobin } from "@/testing/round-robin";

const PAGE_LOADS = 300;
const ROLE = `hub_${randomBytes(6).toString("hex")}`;

// Past the door: what is asked here is not what is under test.
const direct = String(process.env.DATABASE_URL);
let door: DatabaseProxy;
let proxy: RoundRobin;
let hub: BuiltHub;
let token: string;
let cookie: string;
let key: string;
let provider: LocalProvider;
/** Whom the provider knows, by his address here. */
const SUBJECT = "dana-at-the-provider";
const scanner = generateKeyPairSync("ec", { namedCurve: "P-256" });

beforeAll(async () => {
  await buildHub(process.cwd());
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
  provider = await startLocalProvider(proxy.address);
  provider.people.set(SUBJECT, { email: owner.email, email_verified: true });
  await asAdministrator(`CREATE ROLE ${ROLE} LOGIN PASSWORD '${ROLE}'`);
  door = new DatabaseProxy(await freePort());
  await door.lead(Number(new URL(direct).port));
  hub = await startBuiltHub(process.cwd(), proxy.address, {
    DATABASE_URL: hubsAddress(),
    MIGRATION_DATABASE_URL: direct,
    DATABASE_POOL_SIZE: "4",
    RESEND_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, "x").toString("base64")}`,
    SECRET_SCANNING_KEYS: JSON.stringify({ partner: scanner.publicKey.export({ type: "spki", format: "pem" }) }),
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_NAME: "Test provider",
  });
  proxy.leadTo([hub.port]);
}, 1_800_000);
afterAll(async () => {
  const { endPools } = await import("@/lib/platform/database/pool");
  await hub.stop();
  await provider.close();
  await proxy.close();
  await door.shut();
  await endPools();
  await asAdministrator(`DROP OWNED BY ${ROLE}`, `DROP ROLE ${ROLE}`);
});

async function asAdministrator(...statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: direct });
  await client.connect();
  for (const statement of statements) await client.query(statement);
  await client.end();
}

/** Through the door, as a role that is granted only what it needs. */
const hubsAddress = () =>
  Object.assign(new URL(direct), { port: String(door.port), username: ROLE, password: ROLE }).href;

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

interface Return {
  readonly path: string;
  readonly cookie: string;
}

/** Somebody whom the provider has let in, on the way back to the hub: his browser's address and cookies. */
async function comeBack(): Promise<Return> {
  const jars = new Map<string, Map<string, string>>();
  const cookiesAt = (at: string) =>
    [...(jars.get(new URL(at).origin) ?? [])].map(([name, value]) => `${name}=${value}`).join("; ");
  let at = `${proxy.address}/api/auth/signin/oidc`;
  let body: URLSearchParams | null = null;
  while (!at.startsWith(`${proxy.address}/api/auth/callback/`)) {
    const post = body === null ? {} : { method: "POST", body };
    const answer: Response = await fetch(at, { ...post, redirect: "manual", headers: { cookie: cookiesAt(at) } });
    const jar = jars.get(new URL(at).origin) ?? new Map<string, string>();
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      jar.set(name, value);
    }
    jars.set(new URL(at).origin, jar);
    const location = answer.headers.get("location");
    if (location === null && (body !== null || !at.startsWith(provider.issuer)))
      throw new Error(`${at} answered ${answer.status}: ${await answer.text()}`);
    // The page to log in at leads nowhere by itself.
    body = location === null ? new URLSearchParams({ subject: SUBJECT }) : null;
    if (location !== null) at = new URL(location, at).href;
  }
  return { path: at.slice(proxy.address.length), cookie: cookiesAt(proxy.address) };
}

/** Made before each outage, one for each time that the ways are tried: the provider takes a code once. */
const returns: Return[] = [];
beforeEach(async () => {
  await expectWell();
  returns.splice(0, Infinity, await comeBack(), await comeBack());
});

function comeBackIn(): Promise<Answer> {
  const { path, cookie: own } = returns.pop() ?? { path: "none is left", cookie: "" };
  return ask(path, { headers: { Cookie: own } });
}

function reportScan(): Promise<Answer> {
  const body = JSON.stringify([{ token: key, type: "hub_api_key" }]);
  const headers = {
    "Content-Type": "application/json",
    "Github-Public-Key-Identifier": "partner",
    "Github-Public-Key-Signature": sign("sha256", Buffer.from(body), scanner.privateKey).toString("base64"),
  };
  return ask("/api/secret-scanning", { method: "POST", headers, body });
}

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
  "a single sign-on": comeBackIn,
  "a secret scanner's report": reportScan,
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

/** PostgreSQL takes nobody in who has the hub's role, as where all its places are taken; nobody else is concerned. */
async function whileFull(work: () => Promise<void>): Promise<void> {
  await asAdministrator(`ALTER ROLE ${ROLE} CONNECTION LIMIT 0`);
  // Those that there were are to be made anew.
  door.cut();
  try {
    await work();
  } finally {
    await asAdministrator(`ALTER ROLE ${ROLE} CONNECTION LIMIT -1`);
  }
}

it("an action that is sent on to another page, and brings no answer from there, is not answered as if it had done nothing", async () => {
  const nowhere = createServer((_req, res) => res.writeHead(503, { "Content-Type": "text/html" }).end("<p>Later."));
  await new Promise<void>((resolve) => nowhere.listen(0, "127.0.0.1", resolve));
  // What is sent on goes by the address that everybody uses, and so to the next instance.
  proxy.leadTo([hub.port, (nowhere.address() as AddressInfo).port]);
  const { status, retryAfter, text } = await callAction("endAllSessionsAction");
  proxy.leadTo([hub.port]);
  nowhere.close();
  expect([status, retryAfter, text]).toEqual([
    503,
    "5",
    expect.stringContaining("it is not known whether this was done"),
  ]);
});

describe("every way in answers 503 and when to ask again", () => {
  it("where each connection is taken, and nothing comes free in time", async () => {
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

  it("where the server has no place for another client", async () => {
    await whileFull(async () => {
      const refused = new Client({ connectionString: hubsAddress() });
      await expect(refused.connect()).rejects.toMatchObject({ code: "53300" });
      // At once, before anybody has noticed; and when it is known.
      expect(await wrongAnswers()).toEqual([]);
      await vi.waitFor(async () => expect((await ask("/readyz")).status).toBe(503), { timeout: 20_000, interval: 50 });
      expect(await wrongAnswers()).toEqual([]);
    });
    await expectWell();
  });

  it("where the network swallows all", async () => {
    door.swallow();
    expect(await wrongAnswers()).toEqual([]);
    door.serve();
    await expectWell();
  });
});
