import { readdirSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";

import type { Account, ApiKey, Invitation, Membership } from "@/generated/prisma/client";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { actionInput, downloadQuery, NAMED_ACTIONS, UPLOAD_QUERIES, type Named } from "@/testing/action-inputs";
import {
  makeAccountWithPeople,
  makeApiKey,
  makeMembership,
  makePartnerWithPeople,
  makePerson,
  makeSession,
  makeUser,
} from "@/prisma/factories/accounts-and-keys";
import { makeCredential } from "@/prisma/factories/credentials";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeWebhook } from "@/prisma/factories/webhooks";
import type { ActionResult } from "@/lib/entry/action";
import { entryOf, type EntryKind } from "./entries";
import { ruleOf, type Permission } from "./permissions";
import type { RequestIdentity } from "./session";

const LIB = path.resolve(import.meta.dirname, "..");
/** No record has it, though one could. */
const UNKNOWN_ID = 2_147_483_647;
const UNKNOWN_TOKEN = "ffffffffff";

interface Way {
  readonly name: string;
  readonly value: unknown;
  readonly permission: Permission;
}

async function waysOf(kind: EntryKind): Promise<Way[]> {
  const ways: Way[] = [];
  for (const file of readdirSync(LIB, { recursive: true, encoding: "utf8" }).sort()) {
    if (path.basename(file) !== `${kind}s.ts`) continue;
    for (const [name, value] of Object.entries((await import(path.join(LIB, file))) as object)) {
      const entry = entryOf(value);
      if (entry?.kind === kind) ways.push({ name, value, permission: entry.permission });
    }
  }
  return ways;
}

const [actions, downloads, uploads] = [await waysOf("action"), await waysOf("download"), await waysOf("upload")];

const identity = (sessionToken: string): RequestIdentity => ({
  sessionToken,
  requestedFrom: env().APP_URL,
  ip: "203.0.113.7",
  requestId: "the-request",
});

interface Asker {
  readonly session: string;
  readonly account: Account;
}

/** What an action answers. */
function perform(
  { value, permission }: Way,
  { session, account }: Asker,
  input: unknown,
): Promise<ActionResult<unknown>> {
  const { invoke } = value as { invoke: (...given: unknown[]) => Promise<ActionResult<unknown>> };
  const rule = ruleOf(permission);
  return rule.self || rule.anyone ? invoke(identity(session), input) : invoke(identity(session), account.token, input);
}

/** What a download answers, read to its end. */
async function download({ value }: Way, { session, account }: Asker, query: unknown) {
  const { invoke } = value as { invoke: (...given: unknown[]) => Promise<Response> };
  const answer = await invoke(identity(session), account.token, query);
  return { status: answer.status, body: await answer.text() };
}

function upload({ value }: Way, { session, account }: Asker, query: unknown) {
  const { invoke } = value as { invoke: (...given: unknown[]) => Promise<{ status: number; result: unknown }> };
  return invoke(identity(session), account.token, query, () => Promise.resolve(Buffer.from("Name\nVan 1\n")));
}

const named = { id: 7, customer: UNKNOWN_TOKEN };
const inputOf = ({ name }: Way, of: Named) => actionInput(name)?.(of) ?? {};

describe("every way in", () => {
  it("has an input below, and no input is of none", () => {
    const names = (ways: readonly Way[]) => ways.map(({ name }) => name).sort();
    expect(names(actions).filter((name) => actionInput(name) === null)).toEqual([]);
    expect(names(downloads).filter((name) => downloadQuery(name) === null)).toEqual([]);
    expect(NAMED_ACTIONS.filter((name) => !names(actions).includes(name))).toEqual([]);
    expect(names(uploads)).toEqual(Object.keys(UPLOAD_QUERIES).sort());
  });
});

/** Ids that no record has, or can have. */
const NO_IDS = [2 ** 31, 2 ** 53, -1, 0, 1.5, "1e9", Number.NaN];

/** Where an input has a number. */
function placesOfNumbers(input: unknown): string[] {
  if (typeof input === "number") return [""];
  if (typeof input !== "object" || input === null) return [];
  return Object.entries(input).flatMap(([name, part]) =>
    placesOfNumbers(part).map((place) => (place === "" ? name : `${name}.${place}`)),
  );
}

/** The same input with something else wherever it has a number. */
function withForNumbers(input: unknown, other: unknown): unknown {
  if (typeof input === "number") return other;
  if (typeof input !== "object" || input === null) return input;
  if (Array.isArray(input)) return input.map((part) => withForNumbers(part, other));
  return Object.fromEntries(Object.entries(input).map(([name, part]) => [name, withForNumbers(part, other)]));
}

describe("an id that no record can have", () => {
  let owner: Asker;
  beforeAll(async () => {
    const people = await makeAccountWithPeople();
    owner = { session: await makeSession(people.owner), account: people.account };
  });

  const withNumbers = actions.filter((way) => placesOfNumbers(inputOf(way, named)).length > 0);

  it("has somewhere to be sent to", () => expect(withNumbers.length).toBeGreaterThan(35));

  it.each(withNumbers)("is refused by $name at its field", async (way) => {
    const input = inputOf(way, named);
    const results = await Promise.all(NO_IDS.map((id) => perform(way, owner, withForNumbers(input, id))));
    for (const [at, result] of results.entries()) {
      if (result.ok) throw new Error(`${String(NO_IDS[at])} was taken`);
      expect([result.error.code, Object.keys(result.error.fields).sort()], String(NO_IDS[at])).toEqual([
        "invalid_input",
        placesOfNumbers(input).sort(),
      ]);
    }
  });

  it.each(downloads)("gives $name no file that breaks off", async (way) => {
    for (const id of NO_IDS) {
      const query = downloadQuery(way.name)?.({ ...named, id: id as number });
      expect([200, 404, 422]).toContain((await download(way, owner, query)).status);
    }
  });

  it.each(uploads)("is refused by $name", async (way) => {
    for (const id of NO_IDS) {
      const query = { ...UPLOAD_QUERIES[way.name]?.(named), record: String(id) };
      expect((await upload(way, owner, query)).status).toBe(422);
    }
  });
});

describe("to somebody limited to some customers", () => {
  let limited: Asker;
  let mine: Account;
  let theirs: Account;
  let hidden: {
    keys: ApiKey[];
    invitations: Invitation[];
    memberships: Membership[];
    webhooks: { id: number }[];
    credentials: { id: number }[];
    others: { id: number }[];
  };
  let own: { key: ApiKey; invitation: Invitation; colleague: Membership };
  let canaries: string[];
  let hiddenSubmission: string;

  beforeAll(async () => {
    const partner = await makePartnerWithPeople();
    const { account } = partner;
    [mine, theirs] = partner.customers;
    limited = { session: await makeSession(partner.limited), account };
    const creator = await makeUser({ name: "Canary Creator" });
    const hiddenKey = async (choice: object) =>
      (await makeApiKey({ account, createdBy: creator, name: "Canary key", ...choice })).key;
    const keys = [
      await hiddenKey({}),
      await hiddenKey({ customers: [mine, theirs] }),
      await hiddenKey({ customers: [theirs] }),
      await hiddenKey({ customers: [] }),
      await hiddenKey({ account: theirs }),
    ];
    const invite = (email: string, reach: { limited: boolean; customerIds: number[] }, accountId = account.id) =>
      bookkeepingDb().invitation.create({
        data: { accountId, email, role: "member", invitedById: partner.owner.id, expiresAt: new Date(4e12), ...reach },
      });
    const everywhere = { limited: false, customerIds: [] };
    const invitations = [
      await invite("canary-everywhere@example.com", everywhere),
      await invite("canary-both@example.com", { limited: true, customerIds: [mine.id, theirs.id] }),
      await invite("canary-owner@example.com", everywhere, theirs.id),
    ];
    const theirOwner = await makePerson(theirs, "owner", { name: "Canary Owner", email: "canary-person@example.com" });
    const memberships = await bookkeepingDb().membership.findMany({ where: { userId: theirOwner.id } });
    const { webhook } = await makeWebhook({ account, description: "Canary webhook" });
    const { credential } = await makeCredential({ account, name: "Canary credential" });
    const credentials = [credential];
    hidden = {
      keys,
      invitations,
      memberships,
      webhooks: [webhook],
      credentials,
      others: [await makeVehicle({ account: theirs })],
    };
    const colleague = await makeMembership({ user: await makeUser(), account, role: "member", limitedTo: [mine] });
    own = {
      key: (await makeApiKey({ account, createdBy: partner.limited, customers: [mine] })).key,
      invitation: await invite("own@example.com", { limited: true, customerIds: [mine.id] }),
      colleague,
    };
    hiddenSubmission = String(keys[0]?.submissionId);
    canaries = ["Canary", "canary-", theirs.name, theirs.token, ...keys.map(({ prefix }) => prefix)];
  }, 60_000);

  /** The hidden records of the kind that an action acts on, and one that he may act on. */
  function recordsFor({ name }: Way): { theirs: readonly { id: number }[]; own: { id: number } } {
    if (/ApiKey/.test(name)) return { theirs: hidden.keys, own: own.key };
    if (/Invitation/.test(name)) return { theirs: hidden.invitations, own: own.invitation };
    if (/Member|Role/.test(name)) return { theirs: hidden.memberships, own: own.colleague };
    if (/Webhook|TestEvent|redeliver|FailedSince/.test(name))
      return { theirs: hidden.webhooks, own: { id: UNKNOWN_ID } };
    if (/Credential/.test(name)) return { theirs: hidden.credentials, own: { id: UNKNOWN_ID } };
    return { theirs: hidden.others, own: { id: UNKNOWN_ID } };
  }

  /** An answer, in which what was asked for has no name. */
  function said(answer: unknown, { id, customer }: Named): string {
    const text = JSON.stringify(answer)
      .replaceAll(customer, "CUSTOMER")
      .replaceAll(new RegExp(`\\b${id}\\b`, "g"), "ID");
    for (const canary of canaries) expect(text.includes(canary), `${canary} in ${text}`).toBe(false);
    return text;
  }

  const ofAccount = actions.filter(({ permission }) => !ruleOf(permission).self && !ruleOf(permission).anyone);
  const naming = (of: Named, mark: string) =>
    ofAccount.filter((way) => JSON.stringify(inputOf(way, of)).includes(mark));
  const byId = naming({ id: UNKNOWN_ID, customer: "" }, String(UNKNOWN_ID));
  const byCustomer = naming(named, named.customer);

  it("something can be named", () => {
    expect(byId.length).toBeGreaterThan(35);
    expect(byCustomer.map(({ name }) => name).sort()).toEqual([
      "changeCustomerPlanAction",
      "changeRoleAction",
      "createApiKeyAction",
      "deactivateCustomerAction",
      "inviteMemberAction",
      "inviteOwnerAction",
      "makeCredentialAction",
      "reactivateCustomerAction",
    ]);
  });

  it.each(byId)("$name knows no record beyond his reach, as it knows none with no such id", async (way) => {
    const ask = async (id: number) => {
      const of = { id, customer: mine.token };
      return said(await perform(way, limited, inputOf(way, of)), of);
    };
    const unknown = await ask(UNKNOWN_ID);
    for (const { id } of recordsFor(way).theirs) expect(await ask(id)).toBe(unknown);
    expect(unknown).toMatch(/not_found|forbidden|"refused":\[\{"id":ID,"reason":"There is no such/);
  });

  it.each(byCustomer)("$name knows no customer beyond his reach, as it knows none with no such token", async (way) => {
    const ask = async (customer: string) => {
      const of = { id: recordsFor(way).own.id, customer };
      return said(await perform(way, limited, inputOf(way, of)), of);
    };
    const unknown = await ask(UNKNOWN_TOKEN);
    expect(unknown).toMatch(/not_found|forbidden|invalid_input/);
    expect(await ask(theirs.token)).toBe(unknown);
  });

  it.each([...downloads, ...uploads])("$name tells nothing of what is beyond his reach", async (way) => {
    const isUpload = way.name in UPLOAD_QUERIES;
    const ask = async (id: number) => {
      const of = { id, customer: mine.token };
      const answer = isUpload
        ? await upload(way, limited, UPLOAD_QUERIES[way.name]?.(of))
        : await download(way, limited, downloadQuery(way.name)?.(of));
      return said(answer, of);
    };
    const unknown = await ask(UNKNOWN_ID);
    for (const { id } of [...hidden.others, ...hidden.keys]) expect(await ask(id)).toBe(unknown);
  });

  it("a form that somebody else has sent names no key", async () => {
    const way = actions.find(({ name }) => name === "createApiKeyAction");
    if (way === undefined) throw new Error("no action makes a key");
    const of = { id: 0, customer: mine.token };
    const answer = said(await perform(way, limited, { ...inputOf(way, of), submissionId: hiddenSubmission }), of);
    expect(answer).toContain("already_done");
  });

  it("what he does to his own tells nothing either, and touches nothing beyond", async () => {
    const beyond = () =>
      Promise.all([
        db().apiKey.findMany({
          where: { id: { in: hidden.keys.map(({ id }) => id) } },
          include: { tokens: true },
          orderBy: { id: "asc" },
        }),
        db().invitation.findMany({
          where: { id: { in: hidden.invitations.map(({ id }) => id) } },
          orderBy: { id: "asc" },
        }),
        db().membership.findMany({ where: { id: { in: hidden.memberships.map(({ id }) => id) } } }),
        db().account.findUnique({ where: { id: theirs.id } }),
      ]);
    const before = await beyond();
    const done: string[] = [];
    const leaving = ofAccount.filter(({ name }) => name === "leaveAccountAction");
    for (const way of [...ofAccount.filter((other) => !leaving.includes(other)), ...leaving]) {
      const of = { id: recordsFor(way).own.id, customer: mine.token };
      const result = await perform(way, limited, inputOf(way, of));
      said(result, of);
      if (result.ok) done.push(way.name);
    }
    expect(done).toEqual(
      expect.arrayContaining([
        "createApiKeyAction",
        "editApiKeyAction",
        "inviteMemberAction",
        "withdrawInvitationAction",
        "leaveAccountAction",
      ]),
    );
    expect(await beyond()).toEqual(before);
  });
});
