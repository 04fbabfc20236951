import { describe, expect, it, vi } from "vitest";

import { authorize } from "@/lib/auth/permit";
import { env } from "@/lib/platform/env";
import { log } from "@/lib/platform/log";
import { writeTransaction } from "@/lib/platform/database/write-db";
import { makeAccountWithPeople, permitFor } from "@/prisma/factories/accounts-and-keys";
import { logAuditHeadsJob, verifyAuditLogsJob } from "./jobs";
import { mutate } from "./mutate";
import { verifyChain } from "./queries";
import { chainState, renewVerification } from "./verifications";

const SYSTEM = authorize(
  { actor: { kind: "system", name: "test" }, account: null, origin: { ip: null, requestId: null } },
  "auditLog.verify",
);

async function makeLog(entries: number) {
  const { account, owner } = await makeAccountWithPeople();
  const permit = await permitFor("auditLog.read", { user: owner, account });
  const add = (count: number) =>
    mutate(permit, () =>
      Promise.resolve({
        result: null,
        events: Array.from({ length: count }, () => ({
          name: "vehicle.updated" as const,
          record: { type: "vehicle" as const, id: 1, name: "V" },
          after: { a: 1 },
        })),
      }),
    );
  await add(entries);
  const verify = async (fromStart = false) => {
    await renewVerification(SYSTEM, { accountId: account.id, fromStart });
    const { verifiedTo, fault } = await chainState(permit);
    return { verifiedTo, fault };
  };
  return { account, permit, add, verify };
}

/** As somebody does who owns the database: the triggers are silent for one transaction. */
async function tamper(statement: string): Promise<void> {
  await writeTransaction(async (tx) => {
    await tx.$executeRawUnsafe("SET LOCAL session_replication_role = replica");
    await tx.$executeRawUnsafe(statement);
  });
}

describe("renewVerification", () => {
  it("goes on where it ended", async () => {
    const { permit, add, verify } = await makeLog(3);
    expect(await chainState(permit)).toEqual({ verifiedTo: 0, verifiedAt: null, fault: null });
    expect(await verify()).toEqual({ verifiedTo: 3, fault: null });
    await add(4);
    expect((await chainState(permit)).verifiedTo).toBe(3);
    expect(await verify()).toEqual({ verifiedTo: 7, fault: null });
    expect(await verify()).toEqual({ verifiedTo: 7, fault: null });
  });

  it("looks only at what was added, and from the start at everything; then the fault stays until it is mended", async () => {
    const { account, add, verify } = await makeLog(5);
    await verify();
    await tamper(`UPDATE audit_entries SET record_name = 'W' WHERE account_id = ${account.id} AND sequence = 2`);
    await add(1);
    expect(await verify()).toEqual({ verifiedTo: 6, fault: null });
    expect(await verify(true)).toEqual({ verifiedTo: 1, fault: { sequence: 2, kind: "changed" } });
    expect(await verify()).toEqual({ verifiedTo: 1, fault: { sequence: 2, kind: "changed" } });
    await tamper(`UPDATE audit_entries SET record_name = 'V' WHERE account_id = ${account.id} AND sequence = 2`);
    expect(await verify()).toEqual({ verifiedTo: 6, fault: null });
  });

  it("finds a new entry that was changed, and one that is gone", async () => {
    const { account, add, verify } = await makeLog(2);
    await verify();
    await add(3);
    await tamper(`UPDATE audit_entries SET ip = '1.1.1.1' WHERE account_id = ${account.id} AND sequence = 5`);
    expect(await verify()).toEqual({ verifiedTo: 4, fault: { sequence: 5, kind: "changed" } });
    await tamper(`DELETE FROM audit_entries WHERE account_id = ${account.id} AND sequence = 4`);
    expect(await verify(true)).toEqual({ verifiedTo: 3, fault: { sequence: 4, kind: "missing" } });
  });

  it.each([false, true])("knows a log that was cut together with its head (from the start: %s)", async (fromStart) => {
    const { account, verify } = await makeLog(6);
    await verify();
    await tamper(`DELETE FROM audit_entries WHERE account_id = ${account.id} AND sequence > 4`);
    await tamper(
      `UPDATE audit_heads SET sequence = 4, hash = (SELECT hash FROM audit_entries WHERE account_id = ${account.id} AND sequence = 4) WHERE account_id = ${account.id}`,
    );
    const cut = { verifiedTo: 6, fault: { sequence: 5, kind: "cut" } };
    expect(await verify(fromStart)).toEqual(cut);
    expect(await verify()).toEqual(cut);
  });

  it("knows a tail that was written anew, even with the right secret", async () => {
    const { account, add, verify } = await makeLog(6);
    await verify();
    await tamper(`DELETE FROM audit_entries WHERE account_id = ${account.id} AND sequence > 4`);
    await tamper(
      `UPDATE audit_heads SET sequence = 4, hash = (SELECT hash FROM audit_entries WHERE account_id = ${account.id} AND sequence = 4) WHERE account_id = ${account.id}`,
    );
    await add(5);
    expect((await verifyChain(SYSTEM, { accountId: account.id })).fault).toBeNull();
    expect(await verify()).toMatchObject({ fault: { sequence: 7, kind: "changed" } });
    expect(await verify(true)).toMatchObject({ fault: { sequence: 6, kind: "changed" } });
  });
});

describe("the jobs", () => {
  it("verify every account that has a log, with what the queue's clock adds to the payload; twice is once", async () => {
    const logs = [await makeLog(1), await makeLog(2)];
    const payload = { _cron: { ts: "2026-11-22T03:00:00Z", backfilled: false } };
    await verifyAuditLogsJob.perform(payload);
    await verifyAuditLogsJob.perform(payload);
    expect(await Promise.all(logs.map(async ({ permit }) => (await chainState(permit)).verifiedTo))).toEqual([1, 2]);
  });

  it.each([
    { where: "a hub whose log is kept", embedded: false, level: "info" },
    { where: "the embedded one, whose terminal should not be full of it", embedded: true, level: "debug" },
  ] as const)("write every chain's end to the log, as the verifier takes it: $where", async ({ embedded, level }) => {
    const { account } = await makeLog(2);
    const settings = env();
    const before = settings.HUB_EMBEDDED;
    Object.assign(settings, { HUB_EMBEDDED: embedded });
    const line = vi.spyOn(log(), level).mockImplementation(() => undefined);
    await logAuditHeadsJob.perform({});
    const written = JSON.stringify(line.mock.calls);
    line.mockRestore();
    Object.assign(settings, { HUB_EMBEDDED: before });
    const [, hash = ""] = new RegExp(`"${account.token}:2:([0-9a-f]{64})"`).exec(written) ?? [];
    expect(hash).not.toBe("");
    expect((await verifyChain(SYSTEM, { accountId: account.id, anchor: { sequence: 2, hash } })).fault).toBeNull();
  });
});
