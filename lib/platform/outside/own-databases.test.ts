import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it } from "vitest";

import { env } from "@/lib/platform/env";
import { parseHostException } from "./address-guard";
import { createSafeFetch } from "./safe-fetch";
import { OutsideError } from "./outside-client";
import { isOwnDatabase } from "./own-databases";

const before = { ...env() };
afterEach(() => Object.assign(env(), before));

const ofThisMachine = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address }) => address));

describe("a database of the hub's own", () => {
  const HERE = [
    "127.0.0.1",
    "127.0.0.2",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "0.0.0.0",
    "::",
    ...ofThisMachine,
  ];
  it.each([
    "postgresql://hub@127.0.0.1:5544/hub",
    "postgresql://hub@localhost:5544/hub",
    "postgresql://hub@[::1]:5544/hub",
    "postgresql://hub@%2Frun%2Fpostgresql:5544/hub",
  ])("at %s is known by every address of this machine, at its port alone", async (DATABASE_URL) => {
    Object.assign(env(), { DATABASE_URL });
    for (const address of HERE) expect([address, await isOwnDatabase(address, 5544)]).toEqual([address, true]);
    for (const address of HERE) expect([address, await isOwnDatabase(address, 5545)]).toEqual([address, false]);
    expect(await isOwnDatabase("93.184.216.34", 5544)).toBe(false);
  });

  it("elsewhere is known by its address, also in IPv6's way of writing it, and the one that migrates as well", async () => {
    const [DATABASE_URL, MIGRATION_DATABASE_URL] = [
      "postgresql://hub@93.184.216.34/hub",
      "postgresql://hub@[2606:4700::6810:1]:6432/hub",
    ];
    Object.assign(env(), { DATABASE_URL, MIGRATION_DATABASE_URL });
    const asked: [string, number, boolean][] = [
      ["93.184.216.34", 5432, true],
      ["::ffff:93.184.216.34", 5432, true],
      ["93.184.216.34", 443, false],
      ["93.184.216.35", 5432, false],
      ["2606:4700:0:0:0:0:6810:1", 6432, true],
      ["127.0.0.1", 5432, false],
    ];
    for (const [address, port, isOwn] of asked) expect(await isOwnDatabase(address, port)).toBe(isOwn);
  });

  it("counts as everywhere at its port while its name leads nowhere", async () => {
    Object.assign(env(), { DATABASE_URL: "postgresql://hub@database.invalid:5544/hub" });
    expect(await isOwnDatabase("93.184.216.34", 5544)).toBe(true);
    expect(await isOwnDatabase("93.184.216.34", 443)).toBe(false);
  });

  it.each(["127.0.0.1", "localhost", "[::1]", "127.0.0.3"])("is sent nothing by %s, be it excepted", async (host) => {
    const port = Number(new URL(env().DATABASE_URL).port || 5432);
    const client = createSafeFetch({ exceptions: [parseHostException(host)] });
    const sent = client.post({ url: `http://${host}:${port}/`, headers: {}, body: "" });
    const failure = await sent.catch((error: unknown) => error);
    client.close();
    expect(failure).toBeInstanceOf(OutsideError);
    expect(failure).toMatchObject({ failure: "own_database" });
  });

  it("is sent nothing by a public name that leads to it", async () => {
    Object.assign(env(), { DATABASE_URL: "postgresql://hub@93.184.216.34:5432/hub" });
    const client = createSafeFetch({ resolve: () => Promise.resolve(["93.184.216.34"]) });
    const sent = client.post({ url: "https://hooks.example.com:5432/", headers: {}, body: "" });
    await expect(sent).rejects.toMatchObject({ failure: "own_database" });
    client.close();
  });
});
