import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { authorize } from "@/lib/auth/permit";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { mutate } from "./mutate";
import { findChain, listChains, recordHistory, verifyChain } from "./queries";

const system = { kind: "system", name: "A test" } as const;
const verifier = authorize({ actor: system, account: null, origin: { ip: null, requestId: null } }, "auditLog.verify");
const verify = (account: Account, anchor?: { sequence: number; hash: string } | null) =>
  verifyChain(verifier, { accountId: account.id, anchor });

let owner: Client;

beforeAll(async () => {
  owner = new Client({ connectionString: process.env.DATABASE_URL });
  await owner.connect();
});

afterAll(() => owner.end());

/** What somebody does who owns the tables: the trigger is off only inside of his own transaction. */
async function tamper(statement: string, values: unknown[]): Promise<void> {
  await owner.query("BEGIN");
  await owner.query("ALTER TABLE audit_entries DISABLE TRIGGER USER");
  await owner.query(statement, values);
  await owner.query("ALTER TABLE audit_entries ENABLE TRIGGER USER");
  await owner.query("COMMIT");
}

/** An account whose log holds so many entries about two keys by turns. */
async function accountWithLog(entries: number): Promise<AccountWithPeople> {
  const people = await makeAccountWithPeople();
  const permit = await permitFor("apiKeys.manage", { user: people.owner, account: people.account });
  for (let id = 1; id <= entries; id++) {
    await mutate(permit, () =>
      Promise.resolve({
        result: null,
        events: [
          {
            name: "apiKey.edited",
            record: { type: "apiKey", id: 1 + (id % 2), name: `Key ${id}` },
            before: { name: "Ümlaut \u{1F511}", list: [1, 2.5, null] },
            after: { z: 1, a: { y: true, b: "x" } },
          },
        ],
      }),
    );
  }
  return people;
}

describe("verifyChain", () => {
  it("finds a log whole, says how many entries it has and where it ends", async () => {
    const { account } = await accountWithLog(5);
    const verdict = await verify(account);
    expect(verdict).toMatchObject({
      accountToken: account.token,
      entries: 5,
      fault: null,
      anchor: { sequence: 5, hash: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect((await verify(account, verdict.anchor)).fault).toBeNull();
  });

  it("finds an account without a log whole", async () => {
    const { account } = await makeAccountWithPeople();
    expect(await verify(account)).toMatchObject({ entries: 0, fault: null, anchor: null });
  });

  it("reads a log longer than a batch", async () => {
    const { account, owner: user } = await makeAccountWithPeople();
    const permit = await permitFor("apiKeys.manage", { user, account });
    const event = { name: "apiKey.edited", record: { type: "apiKey", id: 1, name: "Key" } } as const;
    for (let part = 0; part < 4; part++)
      await mutate(permit, () => Promise.resolve({ result: null, events: Array.from({ length: 130 }, () => event) }));
    expect(await verify(account)).toMatchObject({ entries: 520, fault: null });
    await tamper("DELETE FROM audit_entries WHERE account_id = $1 AND sequence = 501", [account.id]);
    expect((await verify(account)).fault).toEqual({ sequence: 501, kind: "missing" });
  });

  it.each([
    ["occurred_at", "occurred_at + interval '1 millisecond'"],
    ["actor_kind", "'system'"],
    ["actor_id", "actor_id + 1"],
    ["actor_id", "NULL"],
    ["actor_name", "'Somebody else'"],
    ["action", "'apiKey.renewed'"],
    ["record_type", "'user'"],
    ["record_id", "record_id + 1"],
    ["record_name", "record_name || ' '"],
    ["before", "NULL"],
    ["before", `jsonb_set(before, '{list,1}', '2.6')`],
    ["after", `after || '{"z": 2}'`],
    ["after", `after || '{"extra": null}'`],
    ["ip", "'192.0.2.1'"],
    ["request_id", "NULL"],
    ["previous_hash", "decode(repeat('ab', 32), 'hex')"],
    ["hash", "decode(repeat('cd', 32), 'hex')"],
  ])("names the entry whose %s was set to %s", async (column, value) => {
    const { account } = await accountWithLog(4);
    await tamper(`UPDATE audit_entries SET ${column} = ${value} WHERE account_id = $1 AND sequence = 2`, [account.id]);
    expect((await verify(account)).fault).toEqual({ sequence: 2, kind: "changed" });
  });

  it("is not put off by key order or the spelling of a number, which jsonb does not keep", async () => {
    const { account } = await accountWithLog(2);
    await tamper(`UPDATE audit_entries SET after = '{"a": {"b": "x", "y": true}, "z": 1.0}' WHERE account_id = $1`, [
      account.id,
    ]);
    expect((await verify(account)).fault).toBeNull();
  });

  it.each([1, 3])("notices that entry %i is gone", async (sequence) => {
    const { account } = await accountWithLog(5);
    await tamper("DELETE FROM audit_entries WHERE account_id = $1 AND sequence = $2", [account.id, sequence]);
    expect((await verify(account)).fault).toEqual({ sequence, kind: "missing" });
  });

  it("notices entries moved up into a gap, and entries of another account", async () => {
    const [{ account }, { account: other }] = [await accountWithLog(4), await accountWithLog(4)];
    await tamper("DELETE FROM audit_entries WHERE account_id = $1 AND sequence = 2", [account.id]);
    await tamper("UPDATE audit_entries SET sequence = sequence - 1 WHERE account_id = $1 AND sequence > 2", [
      account.id,
    ]);
    expect((await verify(account)).fault).toEqual({ sequence: 2, kind: "changed" });
    await tamper("UPDATE audit_entries SET account_id = $1, sequence = 4 WHERE account_id = $2 AND sequence = 4", [
      account.id,
      other.id,
    ]);
    expect((await verify(account)).fault).toEqual({ sequence: 2, kind: "changed" });
  });

  it("notices a tail that was cut, by the head or, where that was cut back too, by an anchor", async () => {
    const { account } = await accountWithLog(5);
    const { anchor } = await verify(account);
    await tamper("DELETE FROM audit_entries WHERE account_id = $1 AND sequence > 3", [account.id]);
    expect((await verify(account)).fault).toEqual({ sequence: 4, kind: "cut" });
    await owner.query(
      `UPDATE audit_heads h SET sequence = 3, hash = e.hash FROM audit_entries e
       WHERE h.account_id = $1 AND e.account_id = $1 AND e.sequence = 3`,
      [account.id],
    );
    expect((await verify(account)).fault).toBeNull();
    expect((await verify(account, anchor)).fault).toEqual({ sequence: 4, kind: "cut" });
    await tamper("DELETE FROM audit_entries WHERE account_id = $1", [account.id]);
    await owner.query("DELETE FROM audit_heads WHERE account_id = $1", [account.id]);
    expect((await verify(account)).fault).toBeNull();
    expect((await verify(account, anchor)).fault).toEqual({ sequence: 1, kind: "cut" });
  });

  it("notices a log that was written anew after an anchor was kept", async () => {
    const { account } = await accountWithLog(3);
    const { anchor } = await verify(account);
    const other = { sequence: anchor?.sequence ?? 0, hash: "00".repeat(32) };
    expect((await verify(account, other)).fault).toEqual({ sequence: 3, kind: "changed" });
  });

  it("notices a head that was turned back or changed alone", async () => {
    const { account } = await accountWithLog(3);
    await owner.query("UPDATE audit_heads SET sequence = 2 WHERE account_id = $1", [account.id]);
    expect((await verify(account)).fault).toEqual({ sequence: 3, kind: "unaccounted" });
    await owner.query(
      "UPDATE audit_heads SET sequence = 3, hash = decode(repeat('00', 32), 'hex') WHERE account_id = $1",
      [account.id],
    );
    expect((await verify(account)).fault).toEqual({ sequence: 3, kind: "changed" });
  });
});

describe("listChains and findChain", () => {
  it("find every account that has a log, also one whose head is gone", async () => {
    const { account } = await accountWithLog(1);
    await owner.query("DELETE FROM audit_heads WHERE account_id = $1", [account.id]);
    expect(await listChains(verifier, { after: account.id - 1 })).toContainEqual({
      accountId: account.id,
      accountToken: account.token,
    });
    expect((await verify(account)).fault).toEqual({ sequence: 1, kind: "unaccounted" });
    expect(await findChain(verifier, { accountToken: account.token })).toEqual({
      accountId: account.id,
      accountToken: account.token,
    });
    expect(await findChain(verifier, { accountToken: "zzzzzzzzzz" })).toBeNull();
  });
});

describe("the table itself", () => {
  it.each([
    ["UPDATE", "UPDATE audit_entries SET ip = NULL WHERE account_id = $1"],
    ["DELETE", "DELETE FROM audit_entries WHERE account_id = $1"],
    ["TRUNCATE", "TRUNCATE audit_entries CASCADE"],
  ])("refuses %s", async (_, statement) => {
    const { account } = await accountWithLog(1);
    await expect(owner.query(statement, statement.includes("$1") ? [account.id] : [])).rejects.toThrow("append-only");
    expect((await verify(account)).fault).toBeNull();
  });
});

describe("recordHistory", () => {
  it("tells what happened to one record of the account, newest first", async () => {
    const { account, administrator } = await accountWithLog(5);
    const other = await accountWithLog(2);
    const permit = await permitFor("auditLog.read", { user: administrator, account });
    const history = await recordHistory(permit, { type: "apiKey", id: 2 });
    expect(history.map(({ sequence }) => sequence)).toEqual([5, 3, 1]);
    expect(history[0]).toMatchObject({
      action: "apiKey.edited",
      says: "edited API key",
      actorKind: "user",
      after: { z: 1 },
      ip: "203.0.113.7",
    });
    expect(history[0]?.occurredAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(await recordHistory(permit, { type: "apiKey", id: 99 })).toEqual([]);
    expect(other.account.id).not.toBe(account.id);
  });

  it("stops at fifty", async () => {
    const { account, owner: user } = await makeAccountWithPeople();
    const permit = await permitFor("apiKeys.manage", { user, account });
    const event = { name: "apiKey.edited", record: { type: "apiKey", id: 7, name: "Key" } } as const;
    await mutate(permit, () => Promise.resolve({ result: null, events: Array.from({ length: 60 }, () => event) }));
    const history = await recordHistory(await permitFor("auditLog.read", { user, account }), { type: "apiKey", id: 7 });
    expect(history.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 50 }, (_, index) => 60 - index));
  });
});
