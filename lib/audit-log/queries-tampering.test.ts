import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { authorize } from "@/lib/auth/permit";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { getEntry, listActions, listActors, listEntries, recordName } from "./entries";
import { exportAuditLog } from "./export";
import { mutate } from "./mutate";
import { recordHistory, verifyChain } from "./queries";
import { auditExportInput, auditListQuery } from "./schema";
import { chainState, renewVerification } from "./verifications";

const system = { kind: "system", name: "A test" } as const;
const verifier = authorize({ actor: system, account: null, origin: { ip: null, requestId: null } }, "auditLog.verify");
const verify = (account: Account) => verifyChain(verifier, { accountId: account.id });

let owner: Client;

beforeAll(async () => {
  owner = new Client({ connectionString: process.env.DATABASE_URL });
  await owner.connect();
});

afterAll(() => owner.end());

/** As somebody does who owns the database, or did so before there was a constraint. */
async function tamper(...statements: readonly string[]): Promise<void> {
  await owner.query("BEGIN; SET LOCAL session_replication_role = replica");
  try {
    await owner.query("ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_begin_at_one");
    for (const statement of statements) await owner.query(statement);
    await owner.query(
      "ALTER TABLE audit_entries ADD CONSTRAINT audit_entries_begin_at_one CHECK (sequence >= 1) NOT VALID",
    );
    await owner.query("COMMIT");
  } catch (error) {
    await owner.query("ROLLBACK");
    throw error;
  }
}

async function makeLog(entries: number): Promise<AccountWithPeople> {
  const people = await makeAccountWithPeople();
  const permit = await permitFor("apiKeys.manage", { user: people.owner, account: people.account });
  const record = { type: "apiKey", id: 7, name: "Keycafe" } as const;
  const event = { name: "apiKey.edited", record, after: { limit: 2.5 } } as const;
  await mutate(permit, () => Promise.resolve({ result: null, events: Array.from({ length: entries }, () => event) }));
  return people;
}

const forged = (account: Account, sequence: number) => `
  INSERT INTO audit_entries (account_id, sequence, occurred_at, actor_kind, actor_id, actor_name, action, record_type, record_id, record_name, previous_hash, hash)
  VALUES (${account.id}, ${sequence}, now() - interval '90 days', 'user', 77, 'Forged', 'apiKey.forged', 'apiKey', 7, 'Forged', sha256('a'), sha256('b'))`;

describe("an entry that was put before the log's beginning", () => {
  it("is refused by the table", async () => {
    const { account } = await makeLog(1);
    for (const sequence of [0, -5])
      await expect(owner.query(forged(account, sequence))).rejects.toThrow("audit_entries_begin_at_one");
    await expect(
      owner.query("UPDATE audit_heads SET sequence = -1 WHERE account_id = $1", [account.id]),
    ).rejects.toThrow("audit_heads_begin_at_nought");
  });

  it.each([0, -5])("is named where it stands there already, at %i", async (sequence) => {
    const { account, owner: user } = await makeLog(2);
    await tamper(forged(account, sequence));
    const fault = { sequence, kind: "unaccounted" };
    expect(await verify(account)).toMatchObject({ fault, verified: { sequence: 2 } });
    const permit = await permitFor("auditLog.read", { user, account });
    // At once, and by the run that looks only at what was added.
    expect(await chainState(permit)).toMatchObject({ fault });
    await renewVerification(verifier, { accountId: account.id, fromStart: false });
    await renewVerification(verifier, { accountId: account.id, fromStart: false });
    expect(await chainState(permit)).toMatchObject({ verifiedTo: 2, fault });
  });
});

describe("what does not stand between the first entry and the log's head", () => {
  it.each([
    ["before the beginning", [-3, 0]],
    ["beyond the head", [5, 9]],
  ])("is shown and exported nowhere: %s", async (_where, sequences) => {
    const { account, owner: user } = await makeLog(4);
    const permit = await permitFor("auditLog.read", { user, account });
    await tamper(...sequences.map((sequence) => forged(account, sequence)));
    const list = await listEntries(permit, auditListQuery.parse({}));
    expect([list.count, list.rows.map(({ sequence }) => sequence)]).toEqual([4, [4, 3, 2, 1]]);
    for (const given of [
      { q: "Forged" },
      { actor: "user:77" },
      { action: "apiKey.forged" },
      { to: "2190-01-01T00:00:00Z" },
    ])
      expect(
        (await listEntries(permit, auditListQuery.parse(given))).rows.map(({ recordName: name }) => name),
      ).not.toContain("Forged");
    expect((await listEntries(permit, auditListQuery.parse({ after: "1" }))).rows).toEqual([]);
    expect((await listEntries(permit, auditListQuery.parse({ before: "4" }))).rows).toEqual([]);
    for (const sequence of sequences)
      await expect(getEntry(permit, sequence)).rejects.toMatchObject({ code: "not_found" });
    expect(await getEntry(permit, 1)).toMatchObject({ hasOlder: false });
    expect(await getEntry(permit, 4)).toMatchObject({ hasNewer: false });
    expect((await listActors(permit)).map(({ name }) => name)).toEqual([user.name]);
    expect(await listActions(permit)).toEqual(["apiKey.edited"]);
    expect(await recordName(permit, { record: "apiKey:7" })).toBe("Keycafe");
    const history = await recordHistory(permit, { type: "apiKey", id: 7 });
    expect(history.map(({ sequence }) => sequence)).toEqual([4, 3, 2, 1]);
  });

  it.each(["csv", "jsonl"] as const)("stops an export as %s, which could not say so", async (format) => {
    const { account, owner: user } = await makeLog(3);
    const permit = await permitFor("auditLog.read", { user, account });
    await tamper(forged(account, -3));
    const refused = exportAuditLog(permit, auditExportInput.parse({ format }));
    await expect(refused).rejects.toMatchObject({ code: "conflict", reason: expect.stringContaining("Entry -3") });
    expect((await listEntries(permit, auditListQuery.parse({}))).count).toBe(3);
  });
});

describe("the verifier names", () => {
  it.each([
    [
      "an entry there twice",
      3,
      (id: number) => [
        `INSERT INTO audit_entries SELECT * FROM audit_entries WHERE account_id = ${id} AND sequence = 3`,
      ],
      "repeated",
    ],
    [
      "an entry beyond the head",
      5,
      (id: number) => [
        `INSERT INTO audit_entries SELECT (jsonb_populate_record(e, '{"sequence": 5}')).* FROM audit_entries e WHERE account_id = ${id} AND sequence = 4`,
      ],
      "unaccounted",
    ],
    ["a deleted head", 1, (id: number) => [`DELETE FROM audit_heads WHERE account_id = ${id}`], "unaccounted"],
    [
      "a gap that was closed by renumbering, the head too",
      2,
      (id: number) => [
        `DELETE FROM audit_entries WHERE account_id = ${id} AND sequence = 2`,
        `UPDATE audit_entries SET sequence = sequence - 1 WHERE account_id = ${id} AND sequence > 2`,
        `UPDATE audit_heads SET sequence = 3 WHERE account_id = ${id}`,
      ],
      "changed",
    ],
    [
      "a head that was set on",
      5,
      (id: number) => [`UPDATE audit_heads SET sequence = 6 WHERE account_id = ${id}`],
      "cut",
    ],
    [
      "no facts before, become a number without an end",
      2,
      (id: number) => [`UPDATE audit_entries SET before = '1e400' WHERE account_id = ${id} AND sequence = 2`],
      "changed",
    ],
    [
      "no facts before, become a null of JSON",
      2,
      (id: number) => [`UPDATE audit_entries SET before = 'null' WHERE account_id = ${id} AND sequence = 2`],
      "changed",
    ],
    [
      "a number with more digits than one can see",
      2,
      (id: number) => [
        `UPDATE audit_entries SET after = '{"limit": 2.50000000000000000000001}' WHERE account_id = ${id} AND sequence = 2`,
      ],
      "changed",
    ],
    [
      "a time that is none",
      2,
      (id: number) => [`UPDATE audit_entries SET occurred_at = 'infinity' WHERE account_id = ${id} AND sequence = 2`],
      "changed",
    ],
    [
      "a hash cut short",
      2,
      (id: number) => [`UPDATE audit_entries SET hash = '' WHERE account_id = ${id} AND sequence = 2`],
      "changed",
    ],
  ] as const)("%s", async (_what, sequence, statements, kind) => {
    const { account } = await makeLog(4);
    const [drop, add] = [
      "ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_pkey",
      "ALTER TABLE audit_entries ADD CONSTRAINT audit_entries_pkey PRIMARY KEY (account_id, sequence)",
    ];
    if (kind !== "repeated") {
      await tamper(...statements(account.id));
      return expect((await verify(account)).fault).toEqual({ sequence, kind });
    }
    await tamper(drop, ...statements(account.id));
    const { fault } = await verify(account);
    await tamper(
      `DELETE FROM audit_entries e WHERE account_id = ${account.id} AND ctid = (SELECT max(ctid) FROM audit_entries WHERE account_id = e.account_id AND sequence = 3)`,
      add,
    );
    expect(fault).toEqual({ sequence, kind });
  });
});
