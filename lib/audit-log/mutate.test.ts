import { describe, expect, it } from "vitest";

import { Prisma } from "@/generated/prisma/client";
import { abandonChanges, mayHaveChanged } from "@/lib/auth/track-commits";
import { db, databaseNow } from "@/lib/platform/database/db";
import { DomainError } from "@/lib/platform/errors";
import { makeAccount, makeAccountWithPeople, permitFor } from "@/prisma/factories/accounts-and-keys";
import type { DomainEvent } from "./events";
import { mutate, mutateTogether, readOnce } from "./mutate";

const edited = (name: string, accountId?: number): DomainEvent => ({
  name: "apiKey.edited",
  record: { type: "apiKey", id: 1, name },
  ...(accountId && { accountId }),
});

async function setUp() {
  const { account, owner } = await makeAccountWithPeople();
  const permit = await permitFor("apiKeys.manage", { user: owner, account });
  const log = async () =>
    (await db().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } })).map(
      ({ sequence, recordName }) => [sequence, recordName],
    );
  const rename = (tx: Parameters<Parameters<typeof mutate>[1]>[0], name: string) =>
    tx.account.update({ where: { id: account.id }, data: { name } });
  const name = async () => (await db().account.findUniqueOrThrow({ where: { id: account.id } })).name;
  return { account, permit, log, rename, name };
}

describe("mutate", () => {
  it("writes change and events together, and gives the database's now", async () => {
    const { permit, log, rename, name } = await setUp();
    const before = await databaseNow();
    const given = await mutate(permit, async (tx, now) => {
      await rename(tx, "Renamed");
      return { result: now, events: [edited("one"), edited("two")] };
    });
    expect(given.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(given.getTime()).toBeLessThanOrEqual((await databaseNow()).getTime());
    expect([await name(), await log()]).toEqual([
      "Renamed",
      [
        [1, "one"],
        [2, "two"],
      ],
    ]);
  });

  it("undoes the change when it is refused, and tries no refusal again", async () => {
    const { account, permit, log, rename, name } = await setUp();
    let calls = 0;
    const refused = mutate(permit, async (tx) => {
      calls += 1;
      await rename(tx, "Renamed");
      throw new DomainError("conflict", "No.");
    });
    await expect(refused).rejects.toMatchObject({ code: "conflict" });
    expect([calls, await name(), await log()]).toEqual([1, account.name, []]);
  });

  it("commits nothing for a request that was answered meanwhile, and lets nobody be told that nothing was changed afterwards", async () => {
    const { account, permit, log, rename, name } = await setUp();
    const forgone = mutate(permit, async (tx) => {
      await rename(tx, "Renamed");
      expect(abandonChanges(permit.origin)).toBe(true);
      return { result: null, events: [edited("one")] };
    });
    await expect(forgone).rejects.toMatchObject({ code: "unavailable" });
    expect([await name(), await log(), mayHaveChanged(permit.origin)]).toEqual([account.name, [], false]);
    const other = await setUp();
    await mutate(other.permit, () => Promise.resolve({ result: null, events: [edited("one")] }));
    expect([mayHaveChanged(other.permit.origin), abandonChanges(other.permit.origin)]).toEqual([true, false]);
  });

  it("undoes the change when its record cannot be written", async () => {
    const { account, permit, log, rename, name } = await setUp();
    const broken = mutate(permit, async (tx) => {
      await rename(tx, "Renamed");
      return { result: null, events: [edited("fine"), edited("of nobody", 2_147_483_647)] };
    });
    await expect(broken).rejects.toThrow();
    expect([await name(), await log()]).toEqual([account.name, []]);
  });

  it("tries a serialization failure up to three times", async () => {
    const { permit, log } = await setUp();
    const failure = () =>
      new Prisma.PrismaClientKnownRequestError("write conflict", { code: "P2034", clientVersion: "test" });
    let calls = 0;
    const succeedAt = (call: number) =>
      mutate(permit, () => {
        calls += 1;
        return calls < call
          ? Promise.reject(failure())
          : Promise.resolve({ result: calls, events: [edited(`call ${calls}`)] });
      });
    expect(await succeedAt(3)).toBe(3);
    calls = 0;
    await expect(succeedAt(4)).rejects.toMatchObject({ code: "P2034" });
    expect([calls, await log()]).toEqual([3, [[1, "call 3"]]]);
  });

  it("keeps the sequence without a gap, whoever writes at once", async () => {
    const { permit, log } = await setUp();
    await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        mutate(permit, () => Promise.resolve({ result: null, events: [edited(`${index}`)] })),
      ),
    );
    expect((await log()).map(([sequence]) => sequence)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });

  it("locks the logs of several accounts in one order: nobody waits for ever", async () => {
    const { account, permit } = await setUp();
    const other = await makeAccount();
    const both = (ids: number[]) =>
      mutate(permit, () => Promise.resolve({ result: null, events: ids.map((id) => edited("both", id)) }));
    await Promise.all(
      Array.from({ length: 10 }, (_, index) => both(index % 2 ? [account.id, other.id] : [other.id, account.id])),
    );
    for (const { id } of [account, other]) expect(await db().auditEntry.count({ where: { accountId: id } })).toBe(10);
  });
});

describe("mutateTogether", () => {
  it("makes one of many changes, and undoes alone what one of them refuses", async () => {
    const { permit, log, rename, name } = await setUp();
    const nows = await mutateTogether(permit, async (_tx, now) => {
      const first = await mutate(permit, async (tx, own) => {
        await rename(tx, "First");
        return { result: own, events: [edited("one")] };
      });
      const refused = mutate(permit, async (tx) => {
        await rename(tx, "Refused");
        await tx.$executeRaw`SELECT 1 / 0`;
        return { result: null, events: [edited("refused")] };
      });
      await expect(refused).rejects.toThrow();
      await mutate(permit, () => Promise.resolve({ result: null, events: [edited("two")] }));
      expect(await log()).toEqual([]);
      return [now, first];
    });
    expect(nows[1]).toEqual(nows[0]);
    expect([await name(), await log()]).toEqual([
      "First",
      [
        [1, "one"],
        [2, "two"],
      ],
    ]);
  });

  it("looks up once what all its changes ask for; others each for themselves", async () => {
    const { permit } = await setUp();
    let asked = 0;
    const change = () =>
      mutate(permit, async () => ({ result: await readOnce("it", () => Promise.resolve(++asked)), events: [] }));
    expect(await mutateTogether(permit, async () => [await change(), await change()])).toEqual([1, 1]);
    expect([await mutateTogether(permit, change), await change(), await change()]).toEqual([2, 3, 4]);
  });

  it("leaves nothing of any when the whole breaks off", async () => {
    const { account, permit, log, rename, name } = await setUp();
    const broken = mutateTogether(permit, async () => {
      await mutate(permit, async (tx) => {
        await rename(tx, "First");
        return { result: null, events: [edited("one")] };
      });
      throw new Error("the process ends here");
    });
    await expect(broken).rejects.toThrow("the process ends here");
    expect([await name(), await log()]).toEqual([account.name, []]);
    await mutate(permit, () => Promise.resolve({ result: null, events: [edited("after")] }));
    expect(await log()).toEqual([[1, "after"]]);
  });

  it("takes in no change that another permit allows", async () => {
    const [{ permit }, stranger] = [await setUp(), await setUp()];
    const mixed = mutateTogether(permit, () =>
      mutate(stranger.permit, () => Promise.resolve({ result: null, events: [edited("not his")] })),
    );
    await expect(mixed).rejects.toThrow("by their permit alone");
    expect(await stranger.log()).toEqual([]);
  });
});
