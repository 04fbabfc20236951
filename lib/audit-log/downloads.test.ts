import { describe, expect, it } from "vitest";

import type { RequestIdentity } from "@/lib/auth/session";
import { entryOf } from "@/lib/auth/entries";
import {
  makeAccountWithPeople,
  makeSession,
  permitFor,
  type AccountWithPeople,
} from "@/prisma/factories/accounts-and-keys";
import { downloadAuditLog } from "./downloads";
import { listEntries } from "./entries";
import { mutate } from "./mutate";
import { auditListQuery } from "./schema";

async function identityOf(user: AccountWithPeople["owner"] | null): Promise<RequestIdentity> {
  const sessionToken = user === null ? null : await makeSession(user);
  return { sessionToken, requestedFrom: null, ip: "203.0.113.9", requestId: "test-export" };
}

/** An account with three entries, the last of them about a record with a dangerous name. */
async function makeLog() {
  const people = await makeAccountWithPeople();
  const permit = await permitFor("auditLog.read", { user: people.owner, account: people.account });
  const names = ["Truck 1", 'Say "hi", twice\nor more', "=HYPERLINK(1)"];
  for (const [at, name] of names.entries()) {
    await mutate(permit, () =>
      Promise.resolve({
        result: null,
        events: [
          { name: "vehicle.created" as const, record: { type: "vehicle" as const, id: at + 1, name }, after: { name } },
        ],
      }),
    );
  }
  const count = async () => (await listEntries(permit, auditListQuery.parse({}))).count;
  return { ...people, permit, count };
}

/** Reads records of RFC 4180, without knowing how they were written. */
function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? "");
    if (end === "\r\n") rows.push([]);
  }
  return rows.slice(0, -1);
}

describe("who may export", () => {
  it.each([
    ["nobody", null, 401],
    ["a member", "member", 404],
    ["an administrator", "administrator", 200],
    ["an owner", "owner", 200],
  ] as const)("%s: %s %i", async (_who, role, status) => {
    const log = await makeLog();
    const response = await downloadAuditLog.invoke(await identityOf(role && log[role]), log.account.token, {
      format: "csv",
    });
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await log.count()).toBe(status === 200 ? 4 : 3);
    if (status !== 200) expect(text).not.toContain("Truck 1");
  });

  it("another account's owner finds nothing", async () => {
    const [log, other] = [await makeLog(), await makeAccountWithPeople()];
    const response = await downloadAuditLog.invoke(await identityOf(other.owner), log.account.token, { format: "csv" });
    expect([response.status, await response.text()]).toEqual([
      404,
      "There is no such page, or you have no access to it.\n",
    ]);
    expect(await log.count()).toBe(3);
  });

  it("says of itself what it is", () => {
    expect(entryOf(downloadAuditLog)).toEqual({ kind: "download", permission: "auditLog.read" });
  });
});

describe("what is asked for", () => {
  it.each([
    ["no format", {}],
    ["another format", { format: "xml" }],
    ["a name given twice", { format: ["csv", "csv"] }],
    ["an unknown name", { format: "csv", account: "798819214b" }],
    ["a filter that is none", { format: "csv", actor: "olivia" }],
    ["a year that is none", { format: "csv", from: "0000-01-01T00:00:00Z" }],
  ])("%s is refused, and leaves no record", async (_name, input) => {
    const log = await makeLog();
    const response = await downloadAuditLog.invoke(await identityOf(log.owner), log.account.token, input);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain("Nothing was exported.");
    expect(await log.count()).toBe(3);
  });
});

describe("the file", () => {
  it("is CSV with every fact, harmless in a spreadsheet, its own record first", async () => {
    const log = await makeLog();
    const response = await downloadAuditLog.invoke(await identityOf(log.owner), log.account.token, { format: "csv" });
    const day = new Date().toISOString().slice(0, 10);
    expect(response.headers.get("content-type")).toBe("text/csv; charset=utf-8; header=present");
    expect(response.headers.get("content-disposition")).toBe(
      `attachment; filename="audit-log-${log.account.token}-${day}.csv"`,
    );
    const [head = [], ...rows] = readCsv(await response.text());
    const column = (name: string) => rows.map((row) => row[head.indexOf(name)]);
    expect(column("entry")).toEqual(["4", "3", "2", "1"]);
    expect(column("what")).toEqual(["exported audit log", "created vehicle", "created vehicle", "created vehicle"]);
    expect(column("record_name")).toEqual(["Audit log", "'=HYPERLINK(1)", 'Say "hi", twice\nor more', "Truck 1"]);
    expect(column("after")[0]).toBe('{"format":"csv"}');
    expect(column("ip")[0]).toBe("203.0.113.9");
    expect(column("previous_hash")[0]).toBe(column("hash")[1]);
  });

  it("is JSON Lines, one entry a line, as it was written", async () => {
    const log = await makeLog();
    const response = await downloadAuditLog.invoke(await identityOf(log.owner), log.account.token, {
      format: "jsonl",
      q: "hyper",
    });
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      entry: 3,
      action: "vehicle.created",
      record_name: "=HYPERLINK(1)",
      after: { name: "=HYPERLINK(1)" },
      before: null,
      actor_id: log.owner.id,
    });
    const [own] = (await listEntries(log.permit, auditListQuery.parse({ action: "auditLog.exported" }))).rows;
    expect(own).toMatchObject({ sequence: 4, actorName: log.owner.name });
  });

  it("is on record before its first byte, whoever reads it or not", async () => {
    const log = await makeLog();
    const response = await downloadAuditLog.invoke(await identityOf(log.owner), log.account.token, { format: "csv" });
    expect(await log.count()).toBe(4);
    await response.body?.cancel();
  });
});
