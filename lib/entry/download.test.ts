import { describe, expect, it, vi } from "vitest";
import { z } from "zod";

import { DomainError } from "@/lib/platform/errors";
import { log } from "@/lib/platform/log";
import { makeAccountWithPeople, makeSession } from "@/prisma/factories/accounts-and-keys";
import { defineDownload, type Download } from "./download";
import { entryOf } from "@/lib/auth/entries";

/** Counts what it was asked for, and notes that it was told to end. */
function countedParts(failAt = Infinity) {
  const seen = { made: 0, ended: false };
  async function* make(): AsyncGenerator<string> {
    try {
      for (;;) {
        seen.made += 1;
        if (seen.made === failAt) throw new Error("the disk is on fire");
        yield await Promise.resolve(`part ${seen.made}\n`);
      }
    } finally {
      seen.ended = true;
    }
  }
  return { seen, parts: make() };
}

const input = z.strictObject({ format: z.enum(["csv"]).default("csv") });

function define(run: () => Promise<Download>) {
  return defineDownload({ permission: "auditLog.read", input, run });
}

const file = (parts: AsyncIterable<string>): Download => ({
  fileName: "log.csv",
  contentType: "text/csv; charset=utf-8",
  parts,
});

async function ask(download: ReturnType<typeof define>, given: unknown = {}, role: "owner" | "member" = "owner") {
  const people = await makeAccountWithPeople();
  const identity = { sessionToken: await makeSession(people[role]), requestedFrom: null, ip: null, requestId: "r-1" };
  return download.invoke(identity, people.account.token, given);
}

describe("a download", () => {
  it("makes only what is read, and ends when its reader leaves", async () => {
    const { seen, parts } = countedParts();
    const response = await ask(define(() => Promise.resolve(file(parts))));
    expect([response.status, response.headers.get("content-disposition")]).toEqual([
      200,
      'attachment; filename="log.csv"',
    ]);
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("part 1\n");
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(seen).toEqual({ made: 2, ended: false });
    await reader?.cancel();
    expect(seen).toEqual({ made: 2, ended: true });
  });

  it("that breaks off is no whole file", async () => {
    const { parts } = countedParts(3);
    const response = await ask(define(() => Promise.resolve(file(parts))));
    await expect(response.text()).rejects.toThrow("the disk is on fire");
  });

  it("asks for the permission before it looks at the query", async () => {
    const run = vi.fn(() => Promise.resolve(file(countedParts().parts)));
    const response = await ask(define(run), { format: "none" }, "member");
    expect([response.status, await response.text()]).toEqual([
      404,
      "There is no such page, or you have no access to it.\n",
    ]);
    expect((await ask(define(run), { format: "none" })).status).toBe(422);
    expect(run).not.toHaveBeenCalled();
  });

  it("says what a refusal says, and nothing of a surprise", async () => {
    const refused = await ask(define(() => Promise.reject(new DomainError("too_many_requests", "Wait a minute."))));
    expect([refused.status, await refused.text()]).toEqual([429, "Wait a minute.\n"]);
    const failed = await ask(define(() => Promise.reject(new Error("password in the connection string"))));
    expect([failed.status, failed.headers.get("content-type")]).toEqual([500, "text/plain; charset=utf-8"]);
    expect(await failed.text()).toMatch(/^Something unexpected happened.* r-1\.\n$/);
  });

  it("is under way three times an account at most, until one was read, left or broke off; another account's is its own", async () => {
    const people = await makeAccountWithPeople();
    const sessionToken = await makeSession(people.owner);
    const identity = { sessionToken, requestedFrom: null, ip: null, requestId: "r-1" };
    const run = vi.fn((failAt?: number) => Promise.resolve(file(countedParts(failAt).parts)));
    const start = (failAt?: number) => define(() => run(failAt)).invoke(identity, people.account.token, {});
    // None of these readers reads.
    const [first, second, third] = [await start(2), await start(), await start()];
    const refused = await start();
    expect([refused.status, refused.headers.get("retry-after"), await refused.text()]).toEqual([
      429,
      "60",
      "3 files of this account are being exported already, and more at a time are not. Wait until one is finished, then export again.\n",
    ]);
    // What was refused left no record of an export.
    expect(run).toHaveBeenCalledTimes(3);
    expect((await ask(define(() => run()))).status).toBe(200);
    await expect(first.text()).rejects.toThrow("the disk is on fire");
    await second.body?.cancel();
    const again = [await start(), await start()];
    expect(again.map(({ status }) => status)).toEqual([200, 200]);
    expect((await start()).status).toBe(429);
    for (const { body } of [third, ...again]) await body?.cancel();
    const broken = define(() => Promise.reject(new DomainError("conflict", "No.")));
    for (let n = 0; n < 4; n += 1) expect((await broken.invoke(identity, people.account.token, {})).status).toBe(409);
  });

  it("ends, and frees its place, where its reader leaves before he has read anything", async () => {
    const people = await makeAccountWithPeople();
    const identity = { sessionToken: await makeSession(people.owner), requestedFrom: null, ip: null, requestId: "r-1" };
    const made = Array.from({ length: 5 }, () => countedParts());
    const start = (n: number, left?: AbortSignal) =>
      define(() => Promise.resolve(file(made[n]?.parts ?? countedParts().parts))).invoke(
        identity,
        people.account.token,
        {},
        left,
      );
    const leaving = [new AbortController(), new AbortController()];
    leaving[1]?.abort();
    // Nobody reads them, and of what nobody reads the framework cancels nothing.
    const answers = [await start(0, leaving[0]?.signal), await start(1, leaving[1]?.signal), await start(2)];
    leaving[0]?.abort();
    const again = [await start(3), await start(4)];
    expect(again.map(({ status }) => status)).toEqual([200, 200]);
    expect((await start(5)).status).toBe(429);
    await expect(answers[0]?.text()).rejects.toThrow("nobody reads this file any more");
    expect(made.map(({ seen }) => seen.made)).toEqual([0, 0, 0, 0, 0]);
    for (const { body } of [...answers.slice(2), ...again]) await body?.cancel();
  });

  it("whose reader leaves while a part is made tells of no failure", async () => {
    const said = vi.spyOn(log(), "error");
    let make: ((part: string) => void) | null = null;
    async function* slowly(): AsyncGenerator<string> {
      yield await new Promise<string>((resolve) => (make = resolve));
    }
    const response = await ask(define(() => Promise.resolve(file(slowly()))));
    const reader = response.body?.getReader();
    const reading = reader?.read();
    const late = await vi.waitFor(() => make ?? Promise.reject(new Error("not yet")));
    const leaving = reader?.cancel();
    late("late");
    await Promise.all([reading, leaving]);
    expect(said).not.toHaveBeenCalled();
    said.mockRestore();
  });

  it("is marked as one, with its permission", () => {
    expect(entryOf(define(() => Promise.reject(new Error())))).toEqual({
      kind: "download",
      permission: "auditLog.read",
    });
  });
});

describe("as a route", () => {
  const context = { params: Promise.resolve({ accountToken: "798819214b" }) };
  const download = define(() => Promise.reject(new Error("not to be reached")));

  it("answers GET alone, for HEAD would leave a record of a file that nobody got", async () => {
    const head = await download(new Request("http://localhost:3000/798819214b/x", { method: "HEAD" }), context);
    expect([head.status, head.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("is not asked for by another site", async () => {
    const request = new Request("http://localhost:3000/798819214b/x", { headers: { "sec-fetch-site": "cross-site" } });
    expect((await download(request, context)).status).toBe(403);
  });
});
