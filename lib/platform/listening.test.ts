import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { connect } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { freePort } from "@/testing/free-port";
import { createHttpServer } from "@/server/http-server";
import { listenAt, listeningPlaces } from "./listening";

const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === "::1"));
const BOTH = listeningPlaces({ HUB_EMBEDDED: true });

async function listening(port: number, place: string) {
  const server = createServer();
  server.listen(port, place);
  await once(server, "listening");
  return { close: () => new Promise((resolve) => server.close(resolve)) };
}

describe("where a hub listens", () => {
  it("is where it is told", () => {
    expect(listeningPlaces({ HOST: "10.0.0.1", HUB_EMBEDDED: true })).toEqual(["10.0.0.1"]);
  });

  it("is both loopbacks with its own database, and everything without", () => {
    expect(BOTH).toEqual(["127.0.0.1", "::1"]);
    expect(listeningPlaces({ HUB_EMBEDDED: false })).toEqual(["0.0.0.0", "::"]);
  });
});

describe.runIf(hasIpv6)("a server at two places", () => {
  it("answers at both, also what cannot be read, and leaves both", async () => {
    const port = await freePort();
    const { listen, stop } = createHttpServer((req, res) => res.end(req.socket.remoteAddress));
    await listen(port, BOTH);
    const ask = async (place: string) => (await fetch(`http://${place}:${port}`)).text();
    expect([await ask("127.0.0.1"), await ask("[::1]")]).toEqual(["127.0.0.1", "::1"]);
    const socket = connect(port, "::1").end("no request\r\n\r\n");
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1.1 400 .*X-Request-Id/is);
    await stop(1000);
    await expect(ask("127.0.0.1")).rejects.toThrow();
    await expect(ask("[::1]")).rejects.toThrow();
  });

  it.each(BOTH)("listens at none where another program has %s", async (place) => {
    const port = await freePort();
    const other = await listening(port, place);
    await expect(listenAt(createServer(), port, BOTH)).rejects.toMatchObject({ code: "EADDRINUSE" });
    await other.close();
    for (const free of BOTH) await (await listening(port, free)).close();
  });

  it("takes IPv4 as it is where it listens on everything", async () => {
    const port = await freePort();
    const { listen, stop } = createHttpServer((req, res) => res.end(req.socket.remoteAddress));
    await listen(port, listeningPlaces({ HUB_EMBEDDED: false }));
    expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe("127.0.0.1");
    await stop(1000);
  });
});

it("does without a place that the machine has not", async () => {
  const server = createServer();
  const close = await listenAt(server, await freePort(), ["127.0.0.1", "2001:db8::1"]);
  expect(server.listening).toBe(true);
  await close();
  await new Promise((resolve) => server.close(resolve));
});
