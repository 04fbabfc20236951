import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { useOwnDatabase } from "@/testing/own-database";
import type { ChainAnchor } from "./queries";
import type { LogVerdict } from "./verdicts";

// It looks at every log there is: a database of its own.
const dropDatabase = await useOwnDatabase("verdicts");
const { authorize } = await import("@/lib/auth/permit");
const { endPools } = await import("@/lib/platform/database/pool");
const { bookkeepingDb, writeTransaction } = await import("@/lib/platform/database/write-db");
const { makeAccountWithPeople, permitFor } = await import("@/prisma/factories/accounts-and-keys");
const { mutate } = await import("./mutate");
const { listLostLogs, verifyChain } = await import("./queries");
const { verifyLogs } = await import("./verdicts");
const { chainState, renewAllVerifications, renewVerification } = await import("./verifications");

afterAll(async () => {
  await endPools();
  await dropDatabase();
});

const system = { kind: "system", name: "A test" } as const;
const verifier = authorize({ actor: system, account: null, origin: { ip: null, requestId: null } }, "auditLog.verify");

async function makeLog(entries: number) {
  const { account, owner } = await makeAccountWithPeople();
  const permit = await permitFor("auditLog.read", { user: owner, account });
  const event = { name: "apiKey.edited", record: { type: "apiKey", id: 7, name: "Keycafe" } } as const;
  const add = (count: number) =>
    mutate(permit, () => Promise.resolve({ result: null, events: Array.from({ length: count }, () => event) }));
  await add(entries);
  return { account, permit, add };
}

/** As somebody does who owns the database. */
async function tamper(...statements: readonly string[]): Promise<void> {
  await writeTransaction(async (tx) => {
    await tx.$executeRawUnsafe("SET LOCAL session_replication_role = replica");
    for (const statement of statements) await tx.$executeRawUnsafe(statement);
  });
}

/** Back to what it was at that entry, the head too. */
const cutTo = ({ id }: Account, sequence: number) =>
  tamper(
    `DELETE FROM audit_entries WHERE account_id = ${id} AND sequence > ${sequence}`,
    `UPDATE audit_heads SET sequence = ${sequence}, hash = (SELECT hash FROM audit_entries WHERE account_id = ${id} AND sequence = ${sequence}) WHERE account_id = ${id}`,
  );

const removeWithItsLog = ({ id }: Account, ...more: readonly string[]) =>
  tamper(
    ...["audit_entries", "audit_heads", "memberships", ...more].map(
      (table) => `DELETE FROM ${table} WHERE account_id = ${id}`,
    ),
    `DELETE FROM accounts WHERE id = ${id}`,
  );

async function anchorOf({ id }: Account): Promise<ChainAnchor> {
  const { anchor } = await verifyChain(verifier, { accountId: id });
  if (anchor === null) throw new Error("an empty log has no anchor");
  return anchor;
}

/** What is said of one account when all are looked at. */
async function verdictOn({ token }: Account, anchors: readonly ChainAnchor[] = []): Promise<LogVerdict | null> {
  const given = new Map(anchors.length > 0 ? [[token, anchors]] : []);
  for await (const verdict of verifyLogs(verifier, { anchors: given }))
    if (verdict.accountToken === token) return verdict;
  return null;
}

describe("verifyLogs", () => {
  it("tells each log once, with its anchor, and one alone where one is asked for", async () => {
    const [{ account }, { account: other }] = [await makeLog(2), await makeLog(3)];
    const verdicts: string[] = [];
    const anchors = new Map([[other.token, [await anchorOf(other)]]]);
    for await (const verdict of verifyLogs(verifier, { anchors })) verdicts.push(verdict.accountToken);
    for (const { token } of [account, other]) expect(verdicts.filter((name) => name === token)).toEqual([token]);
    const alone: LogVerdict[] = [];
    for await (const verdict of verifyLogs(verifier, { accountToken: account.token, anchors: new Map() }))
      alone.push(verdict);
    expect(alone).toMatchObject([{ accountToken: account.token, entries: 2, fault: null, lostTo: null }]);
  });

  it("holds a log to every anchor, not to the latest alone", async () => {
    const { account, add } = await makeLog(2);
    const early = await anchorOf(account);
    await add(2);
    const late = await anchorOf(account);
    expect(await verdictOn(account, [early, late])).toMatchObject({ fault: null });
    const forged = { ...early, hash: "00".repeat(32) };
    for (const anchors of [
      [forged, late],
      [late, forged],
    ])
      expect(await verdictOn(account, anchors)).toMatchObject({ fault: { sequence: 2, kind: "changed" } });
  });

  it("says that an account is gone which an anchor names, and goes on with the others", async () => {
    const [{ account }, { account: other }] = [await makeLog(3), await makeLog(1)];
    const anchors = new Map([[account.token, [await anchorOf(account)]]]);
    await removeWithItsLog(account, "audit_verifications");
    const verdicts = new Map<string, LogVerdict>();
    for await (const verdict of verifyLogs(verifier, { anchors })) verdicts.set(verdict.accountToken, verdict);
    expect(verdicts.get(account.token)).toMatchObject({ lostTo: 3 });
    expect(verdicts.get(other.token)).toMatchObject({ lostTo: null, fault: null });
  });

  it("knows an account that is gone with its log without an anchor, where the hub had verified it", async () => {
    const { account } = await makeLog(4);
    await renewVerification(verifier, { accountId: account.id, fromStart: true });
    await removeWithItsLog(account);
    expect(await verdictOn(account)).toMatchObject({ lostTo: 4 });
    await bookkeepingDb().auditVerification.delete({ where: { accountId: account.id } });
    expect(await verdictOn(account)).toBeNull();
  });

  it("knows entries whose account is gone", async () => {
    const { account } = await makeLog(2);
    await tamper(
      `DELETE FROM memberships WHERE account_id = ${account.id}`,
      `DELETE FROM accounts WHERE id = ${account.id}`,
    );
    expect(await listLostLogs(verifier)).toContainEqual({ accountToken: `number ${account.id}`, reached: 2 });
    await tamper(
      ...["audit_entries", "audit_heads"].map((table) => `DELETE FROM ${table} WHERE account_id = ${account.id}`),
    );
  });

  it("knows a tail that was cut together with its head by how far the hub itself had come", async () => {
    const { account } = await makeLog(6);
    await renewVerification(verifier, { accountId: account.id, fromStart: true });
    await cutTo(account, 4);
    expect(await verdictOn(account)).toMatchObject({ fault: { sequence: 5, kind: "cut" } });
  });
});

describe("the migration that lets a log begin at 1", () => {
  const isValidated = async () => {
    const rows = await bookkeepingDb().$queryRaw<{ convalidated: boolean }[]>`
      SELECT convalidated FROM pg_constraint WHERE conname = 'audit_entries_begin_at_one'`;
    return rows.map(({ convalidated }) => convalidated);
  };

  it("passes over bad rows that stand already, and from then on refuses more", async () => {
    expect(await isValidated()).toEqual([true]);
    const { account } = await makeLog(1);
    const insert = (sequence: number) =>
      `INSERT INTO audit_entries SELECT (jsonb_populate_record(e, '{"sequence": ${sequence}}')).* FROM audit_entries e WHERE account_id = ${account.id} AND sequence = 1`;
    const sql = readFileSync("prisma/migrations/0025_a_log_begins_at_one/migration.sql", "utf8");
    const constraints = sql.slice(sql.indexOf("ALTER TABLE audit_entries"), sql.indexOf("DO $$"));
    const validation = sql.slice(sql.indexOf("DO $$"), sql.indexOf("END $$;") + "END $$;".length);
    await tamper(
      "ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_begin_at_one",
      "ALTER TABLE audit_heads DROP CONSTRAINT audit_heads_begin_at_nought",
      insert(0),
      ...constraints.trim().split("\n"),
      validation,
    );
    expect(await isValidated()).toEqual([false]);
    await expect(tamper(insert(-1))).rejects.toThrow("audit_entries_begin_at_one");
    expect(await verdictOn(account)).toMatchObject({ fault: { sequence: 0, kind: "unaccounted" } });
    await tamper(`DELETE FROM audit_entries WHERE account_id = ${account.id} AND sequence = 0`, validation);
    expect(await isValidated()).toEqual([true]);
  });
});

describe("the hub's own walk", () => {
  it("finds what was put before a log's beginning, though the log has not grown", async () => {
    const { account, permit } = await makeLog(2);
    await renewVerification(verifier, { accountId: account.id, fromStart: true });
    await tamper(
      "ALTER TABLE audit_entries DROP CONSTRAINT audit_entries_begin_at_one",
      `INSERT INTO audit_entries SELECT (jsonb_populate_record(e, '{"sequence": -1}')).* FROM audit_entries e WHERE account_id = ${account.id} AND sequence = 1`,
      "ALTER TABLE audit_entries ADD CONSTRAINT audit_entries_begin_at_one CHECK (sequence >= 1) NOT VALID",
    );
    await renewAllVerifications(verifier, { fromStart: false });
    await tamper(`DELETE FROM audit_entries WHERE account_id = ${account.id} AND sequence < 1`);
    expect((await chainState(permit)).fault).toEqual({ sequence: -1, kind: "unaccounted" });
    await renewAllVerifications(verifier, { fromStart: false });
    expect((await chainState(permit)).fault).toBeNull();
  });
});
