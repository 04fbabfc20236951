import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { flushKeyUses } from "@/lib/api-keys/record-key-use";
import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import type { ActionResult } from "@/lib/entry/action";
import { entryOf } from "@/lib/auth/entries";
import { ruleOf } from "@/lib/auth/permissions";
import { authorize } from "@/lib/auth/permit";
import { SCOPES } from "@/lib/auth/scopes";
import type { RequestIdentity } from "@/lib/auth/session";
import { newInvitationToken, hashInvitationToken } from "@/lib/members/invitation-token";
import { env } from "@/lib/platform/env";
import { newLog } from "@/lib/platform/log";
import { endPools } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { describeApi } from "@/lib/public-api/document/describe-api";
import type { JsonSchema, OpenApiDocument } from "@/lib/public-api/document/open-api";
import { call, jsonCall } from "@/testing/serve-api";
import { completeSignIn } from "@/lib/sign-in/service";
import { mintWebhookSecret } from "@/lib/webhooks/secrets";
import type { AccountWithPeople, PartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import * as factories from "@/prisma/factories/accounts-and-keys";
import * as fleet from "@/prisma/factories/vehicles";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { drainQueue } from "@/testing/drain-queue";
import { createApi, ENDPOINTS } from "./api";
import { createEdge } from "./edge";
import { JOBS } from "./worker";

const ROOT = path.resolve(import.meta.dirname, "..");

let partner: PartnerWithPeople;
let customer: AccountWithPeople;
let living: string;
let server: Server;
let port: number;
let vehicleId: number;
let contactId: number;
let invitation: string;
/** Everything that anybody was answered, or that was logged. */
const said: string[] = [];

/** Put into one text: a living token, and a webhook's secret. */
const pasted = () => `Mine ${living} ${SECRET}`;
const SECRET = mintWebhookSecret();
/** The same shape, mistyped: it opens nothing, and stays. */
const MISTYPED = mintApiKeyToken().token.replace(/.$/, (last) => (last === "0" ? "1" : "0"));

beforeAll(async () => {
  Object.assign(globalThis, {
    [Symbol.for("fleet-advisor-hub.log")]: newLog({ write: (line: string) => void said.push(line) }, "trace"),
  });
  partner = await factories.makePartnerWithPeople();
  customer = await factories.makeAccountWithPeople({ plan: "premium" });
  ({ token: living } = await factories.makeApiKey({
    account: customer.account,
    createdBy: customer.owner,
    scopes: SCOPES,
  }));
  await fleet.makeVehicleSettings(customer.account);
  await fleet.makeCustomField({ account: customer.account, recordType: "vehicle", label: "Depot", key: "depot" });
  ({ id: vehicleId } = await fleet.makeVehicle({ account: customer.account }));
  ({ id: contactId } = await makeContact({ account: customer.account }));
  invitation = newInvitationToken();
  await bookkeepingDb().invitation.create({
    data: {
      accountId: customer.account.id,
      email: "invited@example.com",
      role: "member",
      tokenHash: hashInvitationToken(invitation),
      invitedById: customer.owner.id,
      expiresAt: new Date(Date.now() + 86_400_000),
    },
  });
  const edge = createEdge({
    appUrl: env().APP_URL,
    https: false,
    development: false,
    trustedProxies: [],
    ownHostOnly: false,
  });
  const api = createApi();
  server = createServer((req, res) => {
    const admitted = edge(req, res);
    if (admitted) void api.answer(req, res, admitted);
  });
  server.on("close", () => void api.close());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await endPools();
});

async function identityOf(person: { readonly id: number }): Promise<RequestIdentity> {
  return {
    sessionToken: await factories.makeSession(person),
    requestedFrom: env().APP_URL,
    ip: "203.0.113.7",
    requestId: `from ${living}`,
  };
}

/** Every export of such files that came through its define…. */
async function entriesIn(file: string): Promise<[name: string, value: unknown][]> {
  const files = readdirSync(path.join(ROOT, "lib"), { recursive: true, encoding: "utf8" })
    .filter((name) => path.basename(name) === file)
    .sort();
  const modules = await Promise.all(
    files.map((name) => import(path.join(ROOT, "lib", name)) as Promise<Record<string, unknown>>),
  );
  return modules.flatMap((module) => Object.entries(module)).filter(([, value]) => entryOf(value) !== undefined);
}

type Action = { invoke: (identity: RequestIdentity, ...given: unknown[]) => Promise<ActionResult<unknown>> };

/** What each action that keeps a text would take, were there no secret in it. */
const filled: Readonly<Record<string, () => Record<string, unknown>>> = {
  createApiKeyAction: () => ({
    submissionId: randomUUID(),
    name: pasted(),
    apiVersion: "2025-05-05",
    expiry: { kind: "months", months: 12 },
    scopes: ["vehicles.read"],
    customers: null,
    allowedIps: [],
  }),
  addCustomerAction: () => ({ name: pasted(), plan: "premium", ownerEmail: "somebody@example.com" }),
  createContactAction: () => ({ first_name: pasted(), notes: pasted() }),
  createVehicleAction: () => ({
    name: pasted(),
    vehicle_type_name: "Van",
    vehicle_status_name: "Active",
    primary_meter_unit: "mi",
    external_ids: { [pasted()]: pasted() },
    labels: [pasted()],
    custom_fields: { depot: pasted() },
  }),
  createVehicleAssignmentAction: () => ({
    vehicle_id: vehicleId,
    contact_id: contactId,
    started_at: "2026-11-22T08:00:00Z",
    comments_attributes: [{ comment: pasted() }],
  }),
  createFuelEntryAction: () => ({ vehicle_id: vehicleId, date: "2026-11-22T08:00:00Z", reference: pasted() }),
  createCustomFieldAction: () => ({
    recordType: "vehicle",
    label: pasted().slice(0, 80),
    dataType: "drop_down",
    required: false,
    choices: [pasted()],
  }),
  createWebhookAction: () => ({
    url: `https://example.com/${living}`,
    description: pasted(),
    allEvents: true,
    events: [],
    apiVersion: "2025-05-05",
    authorization: `Bearer ${living}`,
  }),
  inviteMemberAction: () => ({ email: `${living}@example.com`, role: "member", customers: null }),
  acceptInvitationAction: () => ({ token: invitation, name: pasted() }),
  requestSignInLinkAction: () => ({ email: "a@example.com", next: `/api-keys?q=${living}` }),
};

/** Whatever a body's text may be is the pasted one. */
function pasteInto(schema: JsonSchema, example: unknown): unknown {
  const types = [schema.type ?? []].flat();
  if (schema.anyOf && example === undefined) return pasteInto(schema.anyOf[0] ?? {}, example);
  if (types.includes("array")) return [pasteInto(schema.items ?? {}, undefined)];
  if (types.includes("object")) {
    const given = Object.entries(schema.properties ?? {}).map(([name, one]) => [
      name,
      pasteInto(one, (example as Record<string, unknown> | undefined)?.[name]),
    ]);
    return { ...Object.fromEntries(given), ...(schema.properties ? {} : { [pasted()]: pasted(), depot: pasted() }) };
  }
  return types.includes("string") && !schema.enum && !schema.format && !types.includes("number") ? pasted() : example;
}

async function everyAction(): Promise<void> {
  const people = [
    { account: partner.account, identity: await identityOf(partner.owner) },
    { account: customer.account, identity: await identityOf(customer.owner) },
  ];
  for (const [name, value] of await entriesIn("actions.ts")) {
    const { permission } = entryOf(value) ?? { permission: "apiKeys.read" as const };
    const rule = ruleOf(permission);
    for (const { account, identity } of people) {
      const inputs = [{ name: pasted(), [pasted()]: [{ deep: pasted() }] }, ...(filled[name] ? [filled[name]()] : [])];
      for (const input of inputs) {
        const isOpen = Boolean(rule.anyone ?? rule.self);
        const result = await (value as Action).invoke(identity, ...(isOpen ? [input] : [account.token, input]));
        expect(result.ok, `${name} took ${JSON.stringify(input)}`).toBe(false);
        said.push(JSON.stringify(result));
      }
    }
  }
}

async function everyEndpoint(): Promise<void> {
  const document: OpenApiDocument = describeApi(ENDPOINTS, env().APP_URL);
  const headers = {
    "x-request-id": living,
    "user-agent": pasted(),
    "x-client-platform": pasted(),
    "x-api-version": "",
  };
  for (const [template, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item)) {
      // Its body is a token. The lists that are always empty are many, and alike.
      if (template === "/api_keys/revoke_leaked" || operation.description.includes("always empty")) continue;
      const content = operation.requestBody?.content["application/json"];
      const id = template.startsWith("/contacts") ? contactId : vehicleId;
      const url = `/api/v1${template.replace("{id}", String(id))}`;
      const body = content && pasteInto(content.schema, { vehicle_id: vehicleId, contact_id: contactId });
      const sent = { token: living, account: customer.account, method: method.toUpperCase(), body, headers };
      const query = `?filter[name][eq]=${encodeURIComponent(SECRET)}&${SECRET.slice(0, -1)}=1`;
      for (const address of [url, url + query]) {
        if (method === "delete") continue;
        const answer = await call(port, address, jsonCall(sent));
        if (body !== undefined) expect(answer.status, `${method} ${template}: ${answer.text}`).toBeGreaterThan(399);
        said.push(JSON.stringify(answer.headers), answer.text);
      }
    }
  }
}

type Download = { invoke: (identity: RequestIdentity, account: string, input: unknown) => Promise<Response> };
type Upload = {
  invoke: (
    identity: RequestIdentity,
    account: string,
    input: unknown,
    readFile: () => Promise<Uint8Array>,
  ) => Promise<{ readonly status: number; readonly result: unknown }>;
};

async function everyFile(): Promise<void> {
  const identity = await identityOf(customer.owner);
  for (const [, value] of await entriesIn("downloads.ts")) {
    for (const input of [{ q: pasted() }, { format: "csv", q: pasted() }, { [pasted()]: pasted() }]) {
      const answer = await (value as Download).invoke(identity, customer.account.token, input);
      said.push(await answer.text());
    }
  }
  const files = [
    ["fleet.csv", `Name,Notes\nVan 1,${pasted()}\n`],
    ["fleet.csv", `Name,${pasted()}\nVan 1,x\n`],
    [`${living}.csv`, "Name\nVan 1\n"],
  ] as const;
  for (const [, value] of await entriesIn("uploads.ts"))
    for (const [name, text] of files) {
      const sent = { record: "vehicles", name };
      const read = () => Promise.resolve(Buffer.from(text));
      const { status, result } = await (value as Upload).invoke(identity, customer.account.token, sent, read);
      expect(status, text).toBe(422);
      said.push(JSON.stringify(result));
    }
}

async function signInWithSuch(userAgent: string): Promise<void> {
  const origin = { ip: "203.0.113.7", requestId: `sign-in ${living}` };
  const { id: userId, name } = customer.member;
  const permit = authorize({ actor: { kind: "self", userId, name }, account: null, origin }, "signIn.complete");
  const session = { sessionToken: randomUUID(), replacedSessionToken: null, userAgent, provedAt: null, link: null };
  await completeSignIn(permit, session);
}

/** Every row of every table, as PostgreSQL writes it down. */
async function dump(): Promise<{ readonly table: string; readonly rows: string }[]> {
  const client = new Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
     WHERE table_schema NOT IN ('pg_catalog', 'information_schema') AND table_type = 'BASE TABLE'`,
  );
  const dumped = [];
  for (const { name } of tables) {
    const { rows } = await client.query<{ text: string }>(`SELECT t::text AS text FROM ${name} t`);
    dumped.push({ table: name, rows: rows.map(({ text }) => text).join("\n") });
  }
  await client.end();
  return dumped;
}

describe("a living token and a webhook's secret, pasted into every text there is", { timeout: 60_000 }, () => {
  let tables: Awaited<ReturnType<typeof dump>>;

  beforeAll(async () => {
    await everyAction();
    await everyEndpoint();
    await everyFile();
    await signInWithSuch(pasted());
    writeLogLines();
    await drainQueue(JOBS, new Date());
    await flushKeyUses();
    tables = await dump();
  }, 120_000);

  const writeLogLines = () => {
    const log = (globalThis as Record<symbol, ReturnType<typeof newLog>>)[Symbol.for("fleet-advisor-hub.log")];
    log?.error({ err: new Error(`duplicate key (name)=(${pasted()})`) }, `it said ${living}`);
    log?.child({ child: SECRET }).warn("a child's line");
  };

  it("are in no table", () => {
    expect(tables.length).toBeGreaterThan(15);
    expect(tables.find(({ table }) => table === "public.audit_entries")?.rows).toContain("auditLog.exported");
    expect(tables.find(({ table }) => table === "public.api_key_uses")?.rows).toContain(`Mine ${living.slice(0, 10)}`);
    for (const secret of [living, living.slice(10), SECRET, SECRET.slice(6, -1)])
      expect(tables.filter(({ rows }) => rows.includes(secret)).map(({ table }) => table)).toEqual([]);
  });

  it("are in no answer, and on no line of the log", () => {
    expect(said.length).toBeGreaterThan(200);
    expect(said.filter((text) => text.includes('"level"')).length).toBeGreaterThan(50);
    for (const secret of [living.slice(10), SECRET.slice(6, -1)])
      expect(said.filter((text) => text.includes(secret)).map((text) => text.slice(0, 500))).toEqual([]);
  });
});

it("a name from before such were refused can be mended, and is none for a log that nobody can change", async () => {
  const identity = await identityOf(customer.owner);
  const { id } = await makeContact({ account: customer.account, firstName: pasted() });
  const edit = new Map(await entriesIn("actions.ts")).get("editContactAction") as Action;
  const input = { id, first_name: "Mended", seen: { first_name: pasted() } };
  expect(await edit.invoke(identity, customer.account.token, input)).toMatchObject({ ok: true });
  const [entry] = await bookkeepingDb().auditEntry.findMany({ where: { action: "contact.updated", recordId: id } });
  expect(entry?.before).toMatchObject({ firstName: `Mine ${living.slice(0, 10)} whsec_left_out` });
});

it("what only has the shape of one is left as it is", async () => {
  const identity = await identityOf(customer.owner);
  const actions = new Map(await entriesIn("actions.ts"));
  const create = actions.get("createContactAction") as Action;
  const result = await create.invoke(identity, customer.account.token, { first_name: `Mine ${MISTYPED}` });
  expect(result.ok).toBe(true);
  const kept = await bookkeepingDb().contact.findMany({ where: { firstName: `Mine ${MISTYPED}` } });
  expect(kept).toHaveLength(1);
});
