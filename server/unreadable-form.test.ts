import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createGzip } from "node:zlib";
import { afterEach, describe, expect, it } from "vitest";

import { currentRequestProgress, markReached } from "@/lib/platform/request-progress";
import { call } from "@/testing/serve-api";
import { answerForm } from "./unreadable-form";

const servers: ReturnType<typeof createServer>[] = [];
afterEach(() => servers.splice(0).forEach((server) => server.close()));

/** What is posted goes through `handle`, as through Next. */
async function post(
  handle: (req: IncomingMessage, res: ServerResponse) => Promise<void>,
  headers: Record<string, string> = {},
) {
  const server = createServer((req, res) => {
    res.setHeader("X-Request-Id", "r-1");
    void answerForm(handle, req, res, { to: "page", path: "/", ip: null, requestId: "r-1" });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return call((server.address() as AddressInfo).port, "/", { method: "POST", body: "x", headers });
}

const later = () => new Promise((resolve) => setImmediate(resolve));

describe("a form", () => {
  it("that nothing of ours was reached by is answered 400, whatever way the framework says 500", async () => {
    const ways: ((res: ServerResponse) => void)[] = [
      (res) => res.writeHead(500, { "X-Frame": "1" }).end("broken"),
      (res) => Object.assign(res, { statusCode: 500 }).end("broken"),
      (res) => {
        res.statusCode = 500;
        res.setHeader("Content-Type", "text/x-component");
        res.flushHeaders();
        res.write("bro");
        res.end("ken");
      },
      // As something that compresses does it: it takes these over, and calls what was there.
      (res) => {
        const [write, end] = [res.write.bind(res), res.end.bind(res)];
        const gzip = createGzip()
          .on("data", (chunk: Buffer) => write(chunk))
          .on("end", () => end());
        Object.assign(res, { write: (chunk: string) => gzip.write(chunk), end: () => gzip.end() });
        res.statusCode = 500;
        res.write("broken");
        res.end();
      },
    ];
    for (const way of ways) {
      const { status, text, headers } = await post(async (_req, res) => {
        await later();
        way(res);
      });
      expect([status, text]).toEqual([400, "The form could not be read. Reload the page and send it again.\n"]);
      expect(headers).toMatchObject({ "x-request-id": "r-1", "content-type": "text/plain; charset=utf-8" });
      expect(headers).not.toHaveProperty("x-frame");
    }
  });

  it("that reached our code and broke it is answered 500", async () => {
    const { status, text } = await post(async (_req, res) => {
      await later();
      markReached();
      res.writeHead(500).end("broken");
    });
    expect([status, text]).toEqual([500, "broken"]);
  });

  it.each([200, 303, 404, 409, 503])("that is answered %i is left alone", async (answered) => {
    const { status, text } = await post(async (_req, res) => {
      await later();
      res.writeHead(answered);
      res.write("as ");
      res.end("it is");
    });
    expect([status, text]).toEqual([answered, "as it is"]);
  });

  it("whose action was sent on, and brought nothing back, is not answered as if it had done nothing", async () => {
    const nothing = async (_req: IncomingMessage, res: ServerResponse) => {
      await later();
      markReached();
      res.setHeader("Content-Type", "application/json; charset=utf-8");
      res.end("{}");
    };
    const { status, text, headers } = await post(nothing, { "Next-Action": "of-another-page" });
    expect([status, headers["retry-after"], text]).toEqual([
      503,
      "5",
      "No answer came back, so it is not known whether this was done. Look whether it was, then try again.\n",
    ]);
    // A file that is sent is answered in JSON, and is no action.
    expect((await post(nothing)).text).toBe("{}");
  });

  it("is compressed as any other page", async () => {
    const { status, text } = await post(async (_req, res) => {
      await later();
      const [write, end] = [res.write.bind(res), res.end.bind(res)];
      Object.assign(res, { write: (part: string) => write(part.toUpperCase()), end: () => end("!") });
      res.write("loud");
      res.end();
    });
    expect([status, text]).toEqual([200, "LOUD!"]);
  });

  it("knows nothing of another one", async () => {
    await post((_req, res) => {
      markReached();
      res.end();
      return Promise.resolve();
    });
    expect(currentRequestProgress()).toBeUndefined();
  });
});
