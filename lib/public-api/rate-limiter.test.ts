import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { writePool } from "@/lib/platform/database/pool";
import { makeApiKey, makePartnerWithPeople } from "@/prisma/factories/accounts-and-keys";
import { countRequest, MemoryCounter, peekRate, purgeOldCounts, type RateSubject } from "./rate-limiter";

// Before the environment is first read.
process.env.RATE_LIMIT_STORE = "postgres";

let subject: RateSubject;
let name: string;

beforeEach(async () => {
  const { account } = await makePartnerWithPeople();
  const { key } = await makeApiKey({ account });
  subject = { apiKeyId: key.id, accountId: account.id, plan: "premium", ownQuota: 10 };
  name = `${key.id}:${account.id}`;
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const countedRows = async () => (await writePool().query("SELECT 1 FROM rate_limits WHERE key = $1", [name])).rowCount;
const letTheMinutePass = () =>
  writePool().query("UPDATE rate_limits SET expire = expire - 60000 WHERE key = $1", [name]);

describe("the shared count of several instances", () => {
  it("is exact, and is told without counting", async () => {
    expect(await peekRate(subject)).toMatchObject({ remaining: 10, isExceeded: false });
    const states = await Promise.all(Array.from({ length: 30 }, () => countRequest(subject)));
    expect(states.filter(({ isExceeded }) => !isExceeded)).toHaveLength(10);
    const left = states.map(({ remaining }) => remaining).toSorted((a, b) => b - a);
    expect(left).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, ...Array.from({ length: 21 }, () => 0)]);
    expect(await peekRate(subject)).toMatchObject({ remaining: 0, isExceeded: true });
  });

  it("begins anew when the minute is over by the database's clock, whatever this process's says", async () => {
    for (let request = 0; request < 11; request += 1) await countRequest(subject);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
    expect(await countRequest(subject)).toMatchObject({ isExceeded: true });
    await letTheMinutePass();
    expect(await peekRate(subject)).toMatchObject({ remaining: 10, isExceeded: false });
    expect(await countRequest(subject)).toMatchObject({ remaining: 9, resetSeconds: 60 });
  });

  it("is forgotten when the minute is over, and not before", async () => {
    await countRequest(subject);
    await purgeOldCounts();
    expect(await countedRows()).toBe(1);
    await letTheMinutePass();
    await purgeOldCounts();
    expect(await countedRows()).toBe(0);
  });

  it("is each instance's own while the database takes no change, and a failure of any other kind is one", async () => {
    await countRequest(subject);
    const query = vi.spyOn(writePool() as unknown as { query: () => Promise<unknown> }, "query");
    const refuseWith = (code: string) => query.mockRejectedValue(Object.assign(new Error("refused"), { code }));
    refuseWith("25006");
    expect(await countRequest(subject)).toMatchObject({ remaining: 9 });
    expect(await peekRate(subject)).toMatchObject({ remaining: 9 });
    refuseWith("42P01");
    await expect(countRequest(subject)).rejects.toMatchObject({ code: "42P01" });
  });
});

describe("the count of one process", () => {
  const start = () => {
    vi.useFakeTimers({ toFake: ["performance", "Date"] });
    return new MemoryCounter();
  };

  it("begins a minute with the first request, and tells what it has had without counting", async () => {
    const counter = start();
    expect(await counter.peek("a")).toBeNull();
    expect(await counter.count("a")).toEqual({ requests: 1, msBeforeNext: 60_000 });
    vi.advanceTimersByTime(59_000);
    expect(await counter.count("a")).toEqual({ requests: 2, msBeforeNext: 1000 });
    expect(await counter.count("b")).toEqual({ requests: 1, msBeforeNext: 60_000 });
    expect(await counter.peek("a")).toEqual({ requests: 2, msBeforeNext: 1000 });
    vi.advanceTimersByTime(1000);
    expect(await counter.peek("a")).toBeNull();
    expect(await counter.count("a")).toEqual({ requests: 1, msBeforeNext: 60_000 });
  });

  it("goes on whatever the machine's clock is set to", async () => {
    const counter = start();
    await counter.count("a");
    vi.setSystemTime(Date.now() + 86_400_000);
    expect(await counter.count("a")).toMatchObject({ requests: 2 });
    vi.setSystemTime(Date.now() - 2 * 86_400_000);
    expect(await counter.count("a")).toMatchObject({ requests: 3, msBeforeNext: 60_000 });
  });

  it("holds nothing of who asked once and never again", async () => {
    const counter = start();
    for (let key = 0; key < 5000; key += 1) await counter.count(`key ${key}`);
    expect(counter.size).toBe(5000);
    vi.advanceTimersByTime(60_000);
    await counter.count("another");
    expect(counter.size).toBe(1);
  });
});
