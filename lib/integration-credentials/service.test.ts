import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { getApiKey } from "@/lib/api-keys/queries";
import { ruleOf } from "@/lib/auth/permissions";
import { listMembers } from "@/lib/members/queries";
import { memberListQuery } from "@/lib/members/schema";
import { UnreadableError } from "@/lib/platform/cipher";
import { DomainError } from "@/lib/platform/errors";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeCredential as makeRow } from "@/prisma/factories/credentials";
import {
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { startRecordingHost, type HostAnswers, type RecordingHost } from "@/testing/recording-host";
import { listCredentials, listCredentialsOfKey } from "./queries";
import { addCredentialInput } from "./schema";
import { openForCredential } from "./secrets";
import {
  addCredential,
  checkCredential,
  deleteCredential,
  editCredential,
  makeAnotherKey,
  makeCredential,
  regenerateHere,
  replaceCredentialKey,
} from "./service";

process.env.CONNECTOR_ALLOWED_PRIVATE_HOSTS = "127.0.0.1";

const KEY = "canary-key-of-another-host-0123456789";
const NEW_KEY = "canary-key-that-came-later-0123456789";
const THERE = "abc0000001";

let people: AccountWithPeople;
let host: RecordingHost;
beforeAll(async () => {
  people = await makeAccountWithPeople();
  host = await startRecordingHost();
});
afterAll(() => host.close());

const WORKS: HostAnswers = {
  "/accounts": [200, { records: [{ token: THERE }], next_cursor: null }],
  "/vehicles": [200, { records: [], next_cursor: null }],
};
const REFUSES: HostAnswers = { "/accounts": [401, { code: "key_revoked", detail: `${KEY} is revoked` }] };
beforeEach(() => {
  host.answer(WORKS);
  host.requests.length = 0;
});

/** As a form's permit has it. */
const keeper = async () => {
  const permit = await permitFor("credentials.keep", { user: people.owner, account: people.account });
  return { ...permit, origin: { ...permit.origin, submissionId: crypto.randomUUID() } };
};
const manager = () => permitFor("credentials.manage", { user: people.administrator, account: people.account });
const reader = () => permitFor("credentials.read", { user: people.owner, account: people.account });
const given = (changes: object = {}) => ({
  submissionId: crypto.randomUUID(),
  name: "Warehouse",
  description: "Nightly",
  accountToken: THERE,
  apiKey: KEY,
  baseUrl: host.baseUrl,
  unchecked: false,
  ...changes,
});
const rowOf = (id: number) => bookkeepingDb().integrationCredential.findUniqueOrThrow({ where: { id } });
const refusalOf = async (work: Promise<unknown>) => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof DomainError)) throw new Error(`no refusal: ${String(error)}`);
  return error;
};
const actions = async (recordId: number) =>
  (
    await bookkeepingDb().auditEntry.findMany({
      where: { accountId: people.account.id, recordType: "credential", recordId },
      orderBy: { sequence: "asc" },
    })
  ).map(({ action }) => action);

it("has one complaint of a field that was left empty", () => {
  const { error } = addCredentialInput.safeParse(given({ name: "", accountToken: " ", apiKey: "" }));
  expect(error?.issues.map(({ path }) => path.join("."))).toEqual(["name", "accountToken", "apiKey"]);
});

describe("adding one", () => {
  it("keeps the key as ciphertext of this row, and says what the host says of it", async () => {
    const { id, status } = await addCredential(await keeper(), given());
    expect(status).toBe("valid");
    const row = await rowOf(id);
    expect(openForCredential(id, row.apiKey!)).toBe(KEY);
    const other = await addCredential(await keeper(), given({ name: "Other" }));
    expect(() => openForCredential(other.id, row.apiKey!)).toThrow(UnreadableError);
    expect(await actions(id)).toEqual(["credential.created"]);
    const list = await listCredentials(await reader());
    expect(list.rows.find((found) => found.id === id)).toMatchObject({
      name: "Warehouse",
      status: "valid",
      hasKey: true,
      verbs: ["check", "replaceKey", "edit", "delete"],
    });
    expect(JSON.stringify(list)).not.toContain(KEY);
    expect(list.lastUsed).toBe(other.id);
  });

  it.each([
    ["its key", REFUSES, { apiKey: [expect.stringContaining("revoked")] }],
    ["its account", { ...WORKS, "/accounts": [200, { records: [] }] }, { accountToken: [expect.anything()] }],
    [
      "nothing, and nobody answers",
      { "/accounts": [503, {}] },
      { baseUrl: [expect.anything()], unchecked: [expect.anything()] },
    ],
  ] as [string, HostAnswers, object][])(
    "is refused at its field where the host refuses %s",
    async (_what, answers, fields) => {
      host.answer(answers);
      const before = await bookkeepingDb().integrationCredential.count();
      const refusal = await refusalOf(addCredential(await keeper(), given()));
      expect([refusal.code, refusal.fields]).toEqual(["invalid_input", fields]);
      expect(JSON.stringify(refusal)).not.toContain(KEY);
      expect(await bookkeepingDb().integrationCredential.count()).toBe(before);
    },
  );

  it("saves what lacks a scope, and what nobody answers for where that is wanted", async () => {
    host.answer({ ...WORKS, "/vehicles": [403, { code: "insufficient_scope" }] });
    expect(await addCredential(await keeper(), given())).toMatchObject({ status: "lacks_scope" });
    host.answer({ "/accounts": [503, {}] });
    expect(await addCredential(await keeper(), given({ unchecked: true }))).toMatchObject({ status: "unreachable" });
    host.answer(REFUSES);
    expect((await refusalOf(addCredential(await keeper(), given({ unchecked: true })))).fields).toHaveProperty(
      "apiKey",
    );
  });

  it("knows a key of one's own that is entered by hand, and of nobody else", async () => {
    const { account, administrator } = people;
    const own = await makeApiKey({ account, createdBy: administrator });
    const stranger = await makeAccountWithPeople();
    const foreign = await makeApiKey({ account: stranger.account, createdBy: stranger.owner });
    const keep = async (apiKey: string) => {
      const here = { baseUrl: null, accountToken: account.token, apiKey, unchecked: true };
      return rowOf((await addCredential(await keeper(), given(here))).id);
    };
    expect((await keep(own.token)).apiKeyId).toBe(own.key.id);
    expect((await keep(foreign.token)).apiKeyId).toBeNull();
  });

  it("is once, however often the form is sent, and not on a plan without the API", async () => {
    const twice = given();
    const both = await Promise.allSettled([addCredential(await keeper(), twice), addCredential(await keeper(), twice)]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const starter = await makeAccountWithPeople({ plan: "starter" });
    const permit = await permitFor("credentials.keep", { user: starter.owner, account: starter.account });
    expect((await refusalOf(addCredential(permit, given()))).code).toBe("plan_required");
  });

  it.each(["http://10.0.0.5/api", "https://hub.example.com/?x=1", "ftp://x", "https://a:b@hub.example.com"])(
    "is not for %s",
    async (baseUrl) => {
      expect((await refusalOf(addCredential(await keeper(), given({ baseUrl })))).fields).toHaveProperty("baseUrl");
    },
  );
});

describe("editing one", () => {
  it("takes another address with the key given anew alone, and tries it there", async () => {
    const { id } = await addCredential(await keeper(), given());
    const elsewhere = await startRecordingHost();
    elsewhere.answer(WORKS);
    const edit = { ...given(), submissionId: undefined, id, revision: 1, baseUrl: elsewhere.baseUrl, apiKey: null };
    const { submissionId: _none, ...input } = edit;
    expect((await refusalOf(editCredential(await manager(), input))).fields).toHaveProperty("apiKey");
    expect(elsewhere.requests).toEqual([]);
    await editCredential(await manager(), { ...input, apiKey: NEW_KEY });
    expect(elsewhere.requests[0]?.headers.authorization).toBe(`Token ${NEW_KEY}`);
    const row = await rowOf(id);
    expect([row.baseUrl, openForCredential(id, row.apiKey!)]).toEqual([elsewhere.baseUrl, NEW_KEY]);
    expect(await actions(id)).toEqual(["credential.created", "credential.edited", "credential.replaced"]);
    await elsewhere.close();
  });

  it("asks nobody for another name, and is refused to who saw an older one", async () => {
    const { id } = await addCredential(await keeper(), given());
    host.requests.length = 0;
    const { submissionId: _none, ...facts } = given({ name: "Depot", apiKey: null });
    await editCredential(await manager(), { ...facts, id, revision: 1 });
    expect(host.requests).toEqual([]);
    expect((await refusalOf(editCredential(await manager(), { ...facts, id, revision: 1 }))).code).toBe("conflict");
  });
});

describe("a refused credential", () => {
  it("is told once, and healed by another key that its host accepts", async () => {
    const { id } = await addCredential(await keeper(), given());
    host.answer(REFUSES);
    expect(await checkCredential(await manager(), { id })).toMatchObject({ status: "refused" });
    await checkCredential(await manager(), { id });
    const seen = { id, revision: 1, apiKey: NEW_KEY, unchecked: false };
    expect((await refusalOf(replaceCredentialKey(await keeper(), seen))).fields).toHaveProperty("apiKey");
    expect(openForCredential(id, (await rowOf(id)).apiKey!), "the old one is there until then").toBe(KEY);
    host.answer(WORKS);
    const both = await Promise.allSettled([1, 2].map(async () => replaceCredentialKey(await keeper(), seen)));
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await rowOf(id)).toMatchObject({ status: "valid", refusedSince: null, revision: 2 });
    expect(await actions(id)).toEqual(["credential.created", "credential.refused", "credential.replaced"]);
    await deleteCredential(await manager(), { id });
    expect(await rowOf(id)).toMatchObject({ apiKey: null, deletedAt: expect.any(Date) });
    expect((await refusalOf(checkCredential(await manager(), { id }))).code).toBe("not_found");
  });
});

describe("a key of this hub", () => {
  it("is made for a credential, and gets another token in it, which nobody is shown", async () => {
    const { account } = people;
    const input = { submissionId: crypto.randomUUID(), name: "This hub", description: "", accountToken: account.token };
    const made = await makeCredential(await keeper(), input);
    const row = await rowOf(made.id);
    const key = await bookkeepingDb().apiKey.findUniqueOrThrow({ where: { id: row.apiKeyId! } });
    expect([key.name, key.scopes, key.accountId]).toEqual([
      "This hub",
      ["vehicles.read", "contacts.read", "vehicle_assignments.read", "meter_entries.read", "fuel_entries.read"],
      account.id,
    ]);
    const token = openForCredential(made.id, row.apiKey!);
    expect(token.startsWith(key.prefix)).toBe(true);
    expect(JSON.stringify(made)).not.toContain(token);
    expect(await listCredentialsOfKey(await reader(), key.id)).toEqual([{ id: made.id, name: "This hub" }]);
    const keyReader = await permitFor("apiKeys.read", { user: people.member, account });
    expect((await getApiKey(keyReader, key.id)).heldBy).toBe(1);
    const members = await listMembers(
      await permitFor("members.read", { user: people.member, account }),
      memberListQuery.parse({}),
    );
    const counts = members.rows.map(({ email, credentialsOfKeys }) => [email, credentialsOfKeys]);
    expect(counts).toContainEqual([people.owner.email, 1]);
    expect(counts).toContainEqual([people.member.email, 0]);
    expect((await refusalOf(makeCredential(await keeper(), input))).code).toBe("already_done");
    const renewed = await regenerateHere(await keeper(), { keyId: key.id, revision: 1 });
    const after = openForCredential(made.id, (await rowOf(made.id)).apiKey!);
    expect([after === token, JSON.stringify(renewed).includes(after)]).toEqual([false, false]);
    const current = await bookkeepingDb().apiKeyToken.findFirstOrThrow({
      where: { apiKeyId: key.id, retiresAt: null },
    });
    expect(after.endsWith(current.last4)).toBe(true);
    expect(await actions(made.id)).toEqual(["credential.created", "credential.replaced"]);
    const another = { id: made.id, revision: 2, submissionId: crypto.randomUUID() };
    await makeAnotherKey(await keeper(), another);
    const last = await rowOf(made.id);
    expect([last.apiKeyId === key.id, openForCredential(made.id, last.apiKey!) === after]).toEqual([false, false]);
    expect((await bookkeepingDb().apiKey.findUniqueOrThrow({ where: { id: key.id } })).revokedAt).toBeNull();
    expect((await refusalOf(makeAnotherKey(await keeper(), { ...another, revision: 1 }))).code).toBe("conflict");
  });

  it("is made for a customer of one's own alone, and nothing is made where it cannot be", async () => {
    const partner = await makePartnerWithPeople();
    const permit = await permitFor("credentials.keep", { user: partner.owner, account: partner.account });
    const input = {
      submissionId: crypto.randomUUID(),
      name: "Theirs",
      description: "",
      accountToken: people.account.token,
    };
    expect((await refusalOf(makeCredential(permit, input))).fields).toHaveProperty("accountToken");
    expect((await refusalOf(makeCredential(await keeper(), { ...input, accountToken: THERE }))).fields).toHaveProperty(
      "accountToken",
    );
    expect(await bookkeepingDb().apiKey.count({ where: { name: "Theirs" } })).toBe(0);
    const [customer] = partner.customers;
    const { id } = await makeCredential(permit, { ...input, accountToken: customer.token });
    const { apiKeyId } = await rowOf(id);
    const reached = await bookkeepingDb().apiKeyCustomer.findMany({ where: { apiKeyId: apiKeyId! } });
    expect(reached.map(({ accountId }) => accountId)).toEqual([customer.id]);
  });

  it("is not regenerated where no credential holds it, nor for another account", async () => {
    const { key } = await makeApiKey({ account: people.account });
    expect((await refusalOf(regenerateHere(await keeper(), { keyId: key.id, revision: 1 }))).code).toBe("conflict");
    expect(await bookkeepingDb().apiKeyToken.count({ where: { apiKeyId: key.id } })).toBe(1);
    const other = await makeAccountWithPeople();
    const { credential } = await makeRow({ account: other.account });
    expect((await refusalOf(deleteCredential(await manager(), { id: credential.id }))).code).toBe("not_found");
  });

  it("is kept only by who may issue one", () => {
    const [keep, issue] = [ruleOf("credentials.keep"), ruleOf("apiKeys.issue")];
    expect(keep.roles.filter((role) => !issue.roles.includes(role))).toEqual([]);
    expect([keep.freshSignIn, keep.scope]).toEqual([issue.freshSignIn, issue.scope]);
  });
});

/** Every table of every schema of ours that has a text somewhere, as text or as the bytes of one. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await bookkeepingDb().$queryRaw<{ name: string }[]>`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_schema IN ('public', 'graphile_worker') AND table_type = 'BASE TABLE'`;
  const patterns = [`%${text}%`, `%${Buffer.from(text).toString("hex")}%`];
  const found = [];
  for (const { name } of tables) {
    const [row] = await bookkeepingDb().$queryRawUnsafe<{ found: boolean }[]>(
      `SELECT EXISTS (SELECT FROM ${name} t WHERE t::text LIKE ANY($1::text[])) AS found`,
      patterns,
    );
    if (row?.found) found.push(name);
  }
  return found;
}

it("leaves a key in no table, though its host says it again and again, and in no other credential", async () => {
  const apiKey = `canary-${crypto.randomUUID()}`;
  const { id } = await addCredential(await keeper(), given({ apiKey, name: "Canary" }));
  host.answer({ "/accounts": [401, { code: apiKey, detail: `${apiKey} ${encodeURIComponent(apiKey)}` }] });
  expect(await checkCredential(await manager(), { id })).toMatchObject({ status: "refused" });
  host.answer({ "/accounts": [500, { message: `lost ${apiKey}` }] });
  const again = given({ apiKey, name: "Again" });
  const refusal = await refusalOf(addCredential(await keeper(), again));
  expect(JSON.stringify([refusal.message, refusal.fields])).toContain("lost •••");
  expect(await tablesWith(apiKey)).toEqual([]);
  expect(await tablesWith("Canary")).toContain("public.integration_credentials");
});
