import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

import { databaseState, isOutage } from "./state";
import { readPool } from "./pool";

/** Stands between this process and the real database, and can cut or stall the line. */
class Line {
  #state: "open" | "cut" | "stalled" = "open";
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;

  constructor(port: number) {
    this.#server = createServer((near) => {
      if (this.#state === "cut") return void near.destroy();
      const far = connect(port, "127.0.0.1");
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on("error", () => undefined).on("close", () => [near, far].forEach((end) => end.destroy()));
      }
      near.on("data", (chunk) => this.#state === "open" && far.write(chunk));
      far.on("data", (chunk) => this.#state === "open" && near.write(chunk));
    });
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  set(state: "open" | "cut" | "stalled"): void {
    this.#state = state;
    if (state !== "stalled") this.#hangUp();
  }

  close(): void {
    this.#hangUp();
    this.#server.close();
  }

  #hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
  }
}

let line: Line;

beforeAll(async () => {
  const address = new URL(process.env.DATABASE_URL ?? "");
  line = new Line(Number(address.port));
  address.port = String(await line.listen());
  process.env.DATABASE_URL = address.href;
  databaseState().start();
});
afterAll(async () => {
  await databaseState().stop();
  await readPool().end();
  line.close();
});

const becomes = (down: boolean, withinMs: number) =>
  vi.waitFor(() => expect(databaseState().isDown()).toBe(down), { timeout: withinMs, interval: 50 });

describe("the watch over the database", () => {
  it.each(["cut", "stalled"] as const)(
    "notices within 3 seconds that the line is %s, tells who waits, and its return within 5",
    async (how) => {
      expect(await databaseState().check()).toBe(true);
      const listener = vi.fn();
      const removed = vi.fn();
      databaseState().onDown(listener);
      databaseState().onDown(removed)();
      line.set(how);
      await becomes(true, 3000);
      expect(listener).toHaveBeenCalledTimes(1);
      expect(removed).not.toHaveBeenCalled();
      databaseState().onDown(listener);
      expect(listener).toHaveBeenCalledTimes(2);
      line.set("open");
      await becomes(false, 5000);
    },
  );
});

describe("isOutage", () => {
  it("tells a database that is away from a bug", async () => {
    expect(await isOutage(new Error("a bug"))).toBe(false);
    expect(await isOutage(Object.assign(new Error("no table"), { code: "42P01" }))).toBe(false);
    for (const code of ["ECONNREFUSED", "57P01", "57P03", "08006", "53300", "P1001"])
      expect(await isOutage(Object.assign(new Error("away"), { code }))).toBe(true);
  });

  it("asks the database where no code tells", async () => {
    line.set("cut");
    const error: unknown = await readPool()
      .query("SELECT 1")
      .catch((reason: unknown) => reason);
    expect(await isOutage(error)).toBe(true);
    expect(await isOutage(new Error("Connection terminated unexpectedly"))).toBe(true);
    line.set("open");
  });
});
