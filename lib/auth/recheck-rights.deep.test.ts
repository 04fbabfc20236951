import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { describe, expect, it } from "vitest";

import type { Account, User } from "@/generated/prisma/client";
import { createApiKey } from "@/lib/api-keys/service";
import { exportAuditLog } from "@/lib/audit-log/export";
import { auditExportInput } from "@/lib/audit-log/schema";
import { createContactInput } from "@/lib/contacts/schema";
import { createContact } from "@/lib/contacts/service";
import { defineRunImport } from "@/lib/imports/run-import";
import { changeRole, leaveAccount, removeMember } from "@/lib/members/service";
import { sqlStateOf } from "@/lib/platform/database/errors";
import { isOutage } from "@/lib/platform/database/state";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { DomainError } from "@/lib/platform/errors";
import { endPools } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { editWebhook } from "@/lib/webhooks/service";
import {
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  makePerson,
  permitFor,
} from "@/prisma/factories/accounts-and-keys";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { expectWholeLogs } from "@/testing/whole-logs";
import { IMPORT_WRITERS } from "@/server/import-writers";
import { findCredential } from "./credentials";
import type { Role } from "./permissions";
import { authorize } from "./permit";

const ROUNDS = 200;
/** Spaces that are worked on at once. */
const SPACES = 4;
/** What takes ten seconds on a machine that has nothing else to do. */
const BUSY_MS = 240_000;

/** Some milliseconds, by which those who act at once start after one another or together. */
const jitter = () => sleep(Math.random() * 6);
/** Waits for a lock that were given up after 2 s, and how long somebody took of whom nobody wants anything. */
const waits = { tooLong: 0, loneMs: 0 };

/** "done" or why it was refused. Who ran into a time-out tries again, as a person does. */
async function outcomeOf(work: () => Promise<unknown>): Promise<string> {
  await jitter();
  for (;;) {
    try {
      await work();
      return "done";
    } catch (error) {
      if (error instanceof DomainError) return error.code;
      if (!(await isOutage(error))) throw error;
      if (sqlStateOf(error) === "55P03") waits.tooLong += 1;
    }
  }
}

/** How fast this machine is at the moment: a change that has its account to itself. */
async function timeLoneChange(): Promise<void> {
  const { account, owner } = await makeAccountWithPeople();
  const permit = await permitFor("contacts.write", { user: owner, account });
  const began = performance.now();
  await outcomeOf(() => createContact(permit, newContact()));
  waits.loneMs = Math.max(waits.loneMs, performance.now() - began);
}

async function inSpaces(round: (space: number) => Promise<() => Promise<void>>): Promise<void> {
  const prepared = await Promise.all(Array.from({ length: SPACES }, (_, space) => round(space)));
  await Promise.all(
    prepared.map(async (once) => {
      for (let done = 0; done < ROUNDS / SPACES; done++) {
        await once();
        if (done % 10 === 0) await timeLoneChange();
      }
    }),
  );
}

/** What the account's log says since it was asked last. */
function logOf({ id: accountId }: Pick<Account, "id">) {
  let seen = 0;
  return async () => {
    const entries = await db().auditEntry.findMany({
      where: { accountId, sequence: { gt: seen } },
      orderBy: { sequence: "asc" },
      select: { sequence: true, action: true, actorKind: true, actorId: true, recordType: true, recordId: true },
    });
    seen = entries.at(-1)?.sequence ?? seen;
    return entries;
  };
}

/** What was done after somebody's membership was changed or ended, by others than those named. */
function doneAfter(
  entries: Awaited<ReturnType<ReturnType<typeof logOf>>>,
  membershipId: number,
  by: Pick<User, "id">,
): readonly string[] {
  const taken = entries.findIndex(
    ({ recordType, recordId }) => recordType === "membership" && recordId === membershipId,
  );
  expect(taken, "the right was taken away").toBeGreaterThanOrEqual(0);
  const others = entries.slice(taken + 1).filter(({ actorKind, actorId }) => actorKind !== "user" || actorId !== by.id);
  // Who leaves ends his own keys by that.
  return others.map(({ action }) => action).filter((action) => action !== "apiKey.revoked");
}

async function putBack(user: Pick<User, "id">, { id: accountId }: Pick<Account, "id">, role: Role): Promise<void> {
  const where = { userId_accountId: { userId: user.id, accountId } };
  const { id } = await bookkeepingDb().membership.upsert({
    where,
    create: { userId: user.id, accountId, role },
    update: { role, limited: false },
  });
  await bookkeepingDb().membershipCustomer.deleteMany({ where: { membershipId: id } });
}

const membershipIdOf = async (user: Pick<User, "id">, { id: accountId }: Pick<Account, "id">) =>
  (
    await db().membership.findUniqueOrThrow({
      where: { userId_accountId: { userId: user.id, accountId } },
      select: { id: true },
    })
  ).id;

const newKey = (customers: readonly string[] | null = null) => ({
  submissionId: randomUUID(),
  name: "Raced",
  apiVersion: "2025-05-05" as const,
  expiry: { kind: "months" as const, months: 12 as const },
  scopes: ["vehicles.read" as const],
  customers: customers === null ? null : [...customers],
  allowedIps: [],
});
const newContact = () => createContactInput.parse({ first_name: "Ina", email: `${randomUUID()}@example.com` });

/** What a key does that somebody made a moment ago and that acts for him. */
async function actByKeyOf(user: User, account: Account): Promise<() => Promise<unknown>> {
  const { token } = await makeApiKey({ account, createdBy: user, scopes: ["contacts.write"] });
  const key = (await findCredential(token, account.token))?.key;
  if (key === undefined) throw new Error("the key was made a moment ago");
  const origin = { ip: null, requestId: null };
  const permit = authorize({ actor: key, account: key.namedAccount, origin }, "contacts.write");
  return () => createContact(permit, newContact());
}

/** What somebody does by what he is, over and over. */
async function actsOf(user: User, account: Account, other: User, mayLeave: boolean) {
  const { webhook } = await makeWebhook({ account });
  const issue = await permitFor("apiKeys.issue", { user, account });
  const contacts = await permitFor("contacts.write", { user, account });
  const people = await permitFor("members.changeRole", { user, account });
  const leave = await permitFor("members.leave", { user, account });
  const webhooks = await permitFor("webhooks.manage", { user, account });
  const log = await permitFor("auditLog.read", { user, account });
  const membershipId = await membershipIdOf(other, account);
  const acts: (() => Promise<unknown>)[] = [
    () => createApiKey(issue, newKey()),
    () => createContact(contacts, newContact()),
    () => changeRole(people, { membershipId, role: "member", customers: null }),
    () => editWebhook(webhooks, { id: webhook.id, changes: { description: randomUUID() } }),
    () => exportAuditLog(log, auditExportInput.parse({ format: "csv" })),
    ...(mayLeave ? [() => leaveAccount(leave)] : []),
  ];
  return acts;
}

/** As an upload and *Start* leave it. */
async function startedImport(user: User, { id: accountId }: Account): Promise<number> {
  const lines = Array.from({ length: 9 }, (_, index) => ({ number: index + 2, cells: [`Ina ${randomUUID()}`] }));
  const { id } = await bookkeepingDb().import.create({
    data: {
      accountId,
      userId: user.id,
      record: "contacts",
      fileName: "raced.csv",
      headers: ["First name"],
      columns: ["first_name"],
      rowCount: lines.length,
      startedAt: new Date(),
    },
    select: { id: true },
  });
  await bookkeepingDb().importRow.createMany({ data: lines.map((line) => ({ accountId, importId: id, ...line })) });
  return id;
}

async function ask<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: env().DATABASE_URL });
  await client.connect();
  return work(client).finally(() => client.end());
}

const deadlocks = () =>
  ask(async (client) => {
    const { rows } = await client.query<{ deadlocks: string }>(
      "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()",
    );
    return Number(rows[0]?.deadlocks);
  });

/** Two who each wait for what the other holds: PostgreSQL ends one of them. */
async function provokeDeadlock(): Promise<void> {
  await ask((one) =>
    ask(async (two) => {
      for (const client of [one, two]) await client.query("BEGIN");
      await one.query("SELECT pg_advisory_xact_lock(1, 1)");
      await two.query("SELECT pg_advisory_xact_lock(1, 2)");
      const waits = [one.query("SELECT pg_advisory_xact_lock(1, 2)"), two.query("SELECT pg_advisory_xact_lock(1, 1)")];
      const outcomes = await Promise.allSettled(
        waits.map((wait, index) => wait.finally(() => [one, two][index]?.query("ROLLBACK"))),
      );
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
    }),
  );
}

describe("rights that are taken away while somebody acts by them", () => {
  it(
    "owners who demote each other: one owner is always left",
    async () => {
      const tally = new Map<string, number>();
      await inSpaces(async (space) => {
        const { account, owner } = await makeAccountWithPeople();
        const second = await makePerson(account, "owner");
        const role = space % 2 === 0 ? "member" : "administrator";
        const act = async (by: User, whom: User) => {
          const permit = await permitFor("members.changeRole", { user: by, account });
          const membershipId = await membershipIdOf(whom, account);
          return () => outcomeOf(() => changeRole(permit, { membershipId, role, customers: null }));
        };
        const [one, two] = [await act(owner, second), await act(second, owner)];
        return async () => {
          const outcomes = (await Promise.all([one(), two()])).sort();
          tally.set(String(outcomes), (tally.get(String(outcomes)) ?? 0) + 1);
          expect(await db().membership.count({ where: { accountId: account.id, role: "owner" } })).toBe(1);
          await putBack(owner, account, "owner");
          await putBack(second, account, "owner");
        };
      });
      // Who comes second is a member, or an administrator who may still, but not what he thought.
      expect(Object.fromEntries(tally)).toEqual({ "done,forbidden": ROUNDS / 2, "conflict,done": ROUNDS / 2 });
    },
    BUSY_MS,
  );

  it(
    "somebody who is removed, leaves or is demoted: nothing of his is written after it",
    async () => {
      const seen = new Set<string>();
      await inSpaces(async (space) => {
        const { account, owner, administrator, member } = await makeAccountWithPeople();
        const isRemoved = space % 2 === 0;
        const acts = await actsOf(administrator, account, member, isRemoved);
        const remover = await permitFor("members.remove", { user: owner, account });
        const demoter = await permitFor("members.changeRole", { user: owner, account });
        const read = logOf(account);
        let next = 0;
        const nextAct = () => acts[next++ % acts.length] ?? (() => Promise.reject(new Error("no act")));
        return async () => {
          const membershipId = await membershipIdOf(administrator, account);
          // A demoted person's key may still do this.
          const byKey = isRemoved ? await actByKeyOf(administrator, account) : nextAct();
          const take = () =>
            isRemoved
              ? removeMember(remover, { membershipId })
              : changeRole(demoter, { membershipId, role: "member", customers: null });
          const outcomes = await Promise.all([take, nextAct(), nextAct(), byKey].map((act) => outcomeOf(act)));
          for (const outcome of outcomes) seen.add(outcome);
          expect(doneAfter(await read(), membershipId, owner)).toEqual([]);
          await putBack(administrator, account, "administrator");
        };
      });
      expect([...seen].sort()).toEqual(["conflict", "done", "forbidden", "key_revoked", "not_found"]);
    },
    BUSY_MS,
  );

  it(
    "an administrator who is limited: no key of his for all customers is made after it",
    async () => {
      const tally: Record<string, number> = {};
      await inSpaces(async () => {
        const { account, owner, administrator, customers } = await makePartnerWithPeople();
        const issue = await permitFor("apiKeys.issue", { user: administrator, account });
        const limiter = await permitFor("members.changeRole", { user: owner, account });
        const membershipId = await membershipIdOf(administrator, account);
        const limited = { membershipId, role: "administrator" as const, customers: [customers[0].token] };
        const read = logOf(account);
        return async () => {
          const [taken, made] = await Promise.all([
            outcomeOf(() => changeRole(limiter, limited)),
            outcomeOf(() => createApiKey(issue, newKey())),
          ]);
          expect(taken).toBe("done");
          tally[made] = (tally[made] ?? 0) + 1;
          expect(doneAfter(await read(), membershipId, owner)).toEqual([]);
          await putBack(administrator, account, "administrator");
          await bookkeepingDb().apiKey.updateMany({
            where: { accountId: account.id, revokedAt: null },
            data: { revokedAt: new Date(), revokedReason: "by_hand" },
          });
        };
      });
      expect(tally).toEqual({ done: expect.any(Number) as number, conflict: expect.any(Number) as number });
    },
    BUSY_MS,
  );

  it(
    "somebody whose import runs: no row is added after he was removed, and the removal need not wait for the file's end",
    async () => {
      const job = defineRunImport(IMPORT_WRITERS, { rowsAtOnce: 3, rowsTogether: 3, mostMs: Infinity });
      const added = new Set<number>();
      let rounds = 0;
      await inSpaces(async () => {
        const { account, owner, member } = await makeAccountWithPeople();
        const remover = await permitFor("members.remove", { user: owner, account });
        const read = logOf(account);
        return async () => {
          const membershipId = await membershipIdOf(member, account);
          const id = await startedImport(member, account);
          const metAt = rounds++ % 4;
          let taken: Promise<string> | undefined;
          for (let batch = 0; batch < 5; batch++) {
            if (batch === metAt) taken = outcomeOf(() => removeMember(remover, { membershipId }));
            await outcomeOf(() => job.perform({ id }));
          }
          expect(await taken).toBe("done");
          expect(doneAfter(await read(), membershipId, owner)).toEqual([]);
          added.add((await db().import.findUniqueOrThrow({ where: { id } })).addedCount);
          await putBack(member, account, "member");
        };
      });
      expect([...added].sort(), "it was met before, between and after batches").toEqual([0, 3, 6, 9]);
    },
    BUSY_MS,
  );

  it("had nobody wait for 2 s", () => {
    // A machine that takes long for a change that nobody waits for says nothing of waiting.
    if (waits.loneMs < 500) expect(waits.tooLong).toBe(0);
    expect(waits.loneMs).toBeGreaterThan(0);
  });

  it("left every log whole", expectWholeLogs);

  it("met in no deadlock that PostgreSQL had to break", async () => {
    // What a connection counts is told when it ends.
    await endPools();
    expect(await deadlocks()).toBe(0);
    await provokeDeadlock();
    expect(await deadlocks(), "one would have been seen").toBe(1);
  });
});
