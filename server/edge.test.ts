import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseAddressRange } from "@/lib/platform/trusted-proxies";
import { call, type TestCall } from "@/testing/serve-api";
import { createEdge, type AdmittedRequest, type EdgeOptions } from "./edge";

const OPTIONS: EdgeOptions = {
  appUrl: "http://localhost:3000",
  https: false,
  development: false,
  trustedProxies: [],
  ownHostOnly: false,
};

/** Answers with what would reach the application. */
function echo(req: IncomingMessage, res: ServerResponse, admitted: AdmittedRequest): void {
  res.writeHead(200, { "Content-Type": "application/json" });
  res.end(JSON.stringify({ admitted, headers: req.headers }));
}

async function serve(options: Partial<EdgeOptions> = {}) {
  const edge = createEdge({ ...OPTIONS, ...options });
  const server = createServer((req, res) => {
    const admitted = edge(req, res);
    if (admitted) echo(req, res, admitted);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    call: (path: string, options?: TestCall) =>
      call(port, path, { ...options, headers: { host: "localhost:3000", ...options?.headers } }),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

let app: Awaited<ReturnType<typeof serve>>;
beforeAll(async () => {
  app = await serve();
});
afterAll(() => app.close());

/** Writes a request by hand, for what no client library would send. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(text));
    let answer = "";
    socket.on("data", (chunk: Buffer) => (answer += chunk.toString()));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

describe("a living key or a webhook's secret in an address", () => {
  const TOKEN = "fah_0000000000000000000000000000002C8GjS";
  const SECRET = `whsec_${Buffer.alloc(32, "/").toString("base64")}`;
  const address = `/api-keys?q=${TOKEN}&x=${encodeURIComponent(SECRET)}`;
  const clean = "/api-keys?q=fah_000000&x=whsec_left_out";

  it("is left out, and whoever reads a page is sent there", async () => {
    for (const method of ["GET", "HEAD"]) {
      const { status, headers } = await app.call(address, { method });
      expect([status, headers.location]).toEqual([307, clean]);
    }
    const { json } = await app.call(address, { method: "POST", headers: { origin: "http://localhost:3000" } });
    expect(json.headers).toMatchObject({ "x-page-path": clean });
  });

  it("stands in no request id either, and a link stays one", async () => {
    const { headers } = await app.call("/", { headers: { "x-request-id": TOKEN } });
    expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    const link = `/sign-in/link?token=${"a".repeat(43)}`;
    expect((await app.call(link)).json.headers).toMatchObject({ "x-page-path": link });
  });
});

describe("where a request goes", () => {
  it.each([
    ["/", "page"],
    ["/798819214b/api-keys?status=active", "page"],
    ["/api/auth/session", "page"],
    ["/api/auth", "page"],
    ["/apis", "page"],
    ["/api/v1/vehicles", "api"],
    ["/api/authors", "api"],
    ["/api?x=1", "api"],
    ["/healthz", "health"],
    ["/readyz?verbose", "health"],
  ])("%s to the %s", async (path, to) => {
    const { json } = await app.call(path);
    expect(json.admitted).toMatchObject({ to, path: path.split("?")[0], ip: "127.0.0.1" });
  });
});

describe("methods", () => {
  it.each(["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])("%s on a page is 405", async (method) => {
    const { status, headers } = await app.call("/", { method });
    expect([status, headers.allow]).toEqual([405, "GET, HEAD, POST"]);
  });

  it.each(["GET", "HEAD", "POST"])("%s on a page goes on", async (method) => {
    expect((await app.call("/", { method })).status).toBe(200);
  });

  it("on the API are the API's own business", async () => {
    expect((await app.call("/api/v1/vehicles", { method: "TRACE" })).json.admitted).toMatchObject({ to: "api" });
  });

  it("a proxy's form of the target is refused", async () => {
    expect(
      await raw(
        app.port,
        "GET http://elsewhere.example/ HTTP/1.1\r\nHost: localhost:3000\r\nConnection: close\r\n\r\n",
      ),
    ).toMatch(/^HTTP\/1.1 400 /);
  });
});

describe("what is not for Next to answer", () => {
  it.each(["/_next/image", "/_next/image?url=%2Ficon.svg&w=64&q=75", "/_next/image/x"])(
    "%s is not there",
    async (path) => {
      expect((await app.call(path)).status).toBe(404);
    },
  );

  const CALL = { "next-action": "7f", "content-type": "text/plain;charset=UTF-8" };
  const FORM = { "content-type": "Multipart/form-data; boundary=b" };

  it.each(["https://evil.example", "http://localhost:3001", "null", "garbage", "", "http://"])(
    "a form or an action from %s is refused",
    async (origin) => {
      for (const headers of [CALL, FORM]) {
        const { status, text } = await app.call("/", { method: "POST", headers: { ...headers, origin } });
        expect([status, text]).toEqual([
          403,
          "This can only be done on http://localhost:3000. Open the page there and try again.\n",
        ]);
      }
    },
  );

  it("from here, from nowhere, and by another scheme, of which each action says itself what it thinks, they go on", async () => {
    for (const origin of ["http://localhost:3000", null, "https://localhost:3000"])
      for (const headers of [CALL, FORM]) {
        const sent = { ...headers, ...(origin !== null && { origin }) };
        expect((await app.call("/", { method: "POST", headers: sent })).status).toBe(200);
      }
  });

  it("what a single sign-on's provider posts goes on", async () => {
    const headers = { "content-type": "application/x-www-form-urlencoded", origin: "https://login.example" };
    expect((await app.call("/api/auth/callback/oidc", { method: "POST", headers })).status).toBe(200);
  });
});

describe("bodies of pages", () => {
  it("over 1 MiB are refused before they are sent", async () => {
    const { status, headers } = await app.call("/", {
      method: "POST",
      headers: { "content-length": String(1024 * 1024 + 1), expect: "100-continue" },
    });
    expect([status, headers.connection]).toEqual([413, "close"]);
  });

  it("over 5 MiB are refused where a file is sent to, and nowhere else may it be more than 1", async () => {
    const sent = async (path: string, bytes: number) =>
      (await app.call(path, { method: "POST", headers: { "content-length": String(bytes), expect: "100-continue" } }))
        .status;
    const upload = "/0123456789/imports/upload?record=vehicles&name=fleet.csv";
    expect(await sent(upload, 5 * 1024 * 1024 + 1)).toBe(413);
    expect(await sent("/0123456789/imports/upload/x", 1024 * 1024 + 1)).toBe(413);
    expect(await sent("/x?/0123456789/imports/upload", 1024 * 1024 + 1)).toBe(413);
    expect((await app.call(upload, { method: "POST", body: "x".repeat(2 * 1024 * 1024) })).status).toBe(200);
  });

  it("of no stated length are refused", async () => {
    expect((await app.call("/", { method: "POST", body: "x", chunked: true })).status).toBe(411);
  });

  it("of 1 MiB go on", async () => {
    expect((await app.call("/", { method: "POST", body: "x".repeat(1024 * 1024) })).status).toBe(200);
  });
});

describe("request ids", () => {
  it.each(["abc", "A.b_c-1", "x".repeat(128)])("echo %s", async (id) => {
    const { headers, json } = await app.call("/", { headers: { "x-request-id": id } });
    expect(headers["x-request-id"]).toBe(id);
    expect(json.headers).toMatchObject({ "x-request-id": id });
  });

  it.each([["a b"], ["<script>"], ["x".repeat(129)], [""]])("replace %s", async (id) => {
    for (const path of ["/", "/api/v1/vehicles", "/healthz"]) {
      const { headers } = await app.call(path, { headers: { "x-request-id": id } });
      expect(headers["x-request-id"]).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe("what a client says of itself", () => {
  const claims = {
    "x-forwarded-for": "6.6.6.6",
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "1",
    forwarded: "for=6.6.6.6",
    "x-real-ip": "6.6.6.6",
    "x-middleware-subrequest": "middleware:middleware",
    "x-middleware-prefetch": "1",
    "x-invoke-path": "/secret",
    "x-matched-path": "/secret",
    "x-nextjs-data": "1",
    "next-resume": "1",
    "x-csp-nonce": "mine",
    "content-security-policy": "script-src 'nonce-mine'",
    "x-page-path": "/elsewhere",
    "x-prefetch": "1",
    "x-this-machine": "1",
  };

  it("does not count, and does not reach Next", async () => {
    const { json } = await app.call("/x?y=1", { headers: { ...claims, host: "evil.example" } });
    const seen = json.headers as unknown as Record<string, string>;
    expect(seen).toMatchObject({
      host: "localhost:3000",
      "x-forwarded-host": "localhost:3000",
      "x-forwarded-proto": "http",
      "x-forwarded-for": "127.0.0.1",
      "x-page-path": "/x?y=1",
    });
    expect(JSON.stringify(seen)).not.toMatch(/6\.6\.6\.6|evil|mine|secret|elsewhere/);
    for (const name of Object.keys(claims)) {
      if (
        ![
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-proto",
          "x-csp-nonce",
          "content-security-policy",
          "x-page-path",
        ].includes(name)
      )
        expect(seen).not.toHaveProperty(name);
    }
  });

  it.each([
    [{ "next-router-prefetch": "1" }],
    [{ "next-router-segment-prefetch": "/_tree" }],
    [{ "sec-purpose": "prefetch;prerender" }],
    [{ purpose: "prefetch" }],
  ])("is told to pages that are only looked ahead at: %j", async (headers) => {
    expect((await app.call("/", { headers })).json.headers).toMatchObject({ "x-prefetch": "1" });
    expect((await app.call("/", { headers: { rsc: "1" } })).json.headers).not.toHaveProperty("x-prefetch");
  });

  it("reaches Next where Next needs it", async () => {
    const kept = {
      "next-action": "abc",
      "next-router-state-tree": "%5B%5D",
      rsc: "1",
      "next-url": "/x",
      origin: "http://localhost:3000",
      cookie: "a=b",
    };
    const { json } = await app.call("/", { headers: kept });
    expect(json.headers).toMatchObject(kept);
  });

  it("counts from a trusted proxy, for its address alone", async () => {
    const behind = await serve({ trustedProxies: [parseAddressRange("127.0.0.0/8")] });
    const { json } = await behind.call("/", {
      headers: { "x-forwarded-for": "6.6.6.6, 203.0.113.7", "x-forwarded-host": "evil.example" },
    });
    await behind.close();
    expect(json).toMatchObject({
      admitted: { ip: "203.0.113.7" },
      headers: { "x-forwarded-for": "203.0.113.7", "x-forwarded-host": "localhost:3000" },
    });
  });
});

describe("headers of a page", () => {
  it("hold the policy with a new nonce each time, which Next is told", async () => {
    const answers = [await app.call("/"), await app.call("/")];
    const nonces = answers.map(({ headers, json }) => {
      const policy = String(headers["content-security-policy"]);
      const nonce = /script-src 'nonce-([^']+)' 'strict-dynamic';/.exec(policy)?.[1];
      expect(json.headers).toMatchObject({ "x-csp-nonce": nonce, "content-security-policy": policy });
      expect(policy).toContain(`style-src-elem 'self' 'nonce-${nonce ?? ""}'`);
      for (const part of [
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
        "style-src-attr 'unsafe-inline'",
      ])
        expect(policy).toContain(part);
      expect(policy).not.toContain("unsafe-eval");
      expect(policy.replace("style-src-attr 'unsafe-inline'", "")).not.toContain("unsafe-inline");
      return nonce;
    });
    expect(new Set(nonces).size).toBe(2);
    expect(Buffer.from(nonces[0] ?? "", "base64")).toHaveLength(16);
  });

  it("say no to sniffing, framing, sharing and keeping", async () => {
    const { headers } = await app.call("/");
    expect(headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin-when-cross-origin",
      "cross-origin-opener-policy": "same-origin",
      "cache-control": "private, no-store",
    });
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("strict-transport-security");
  });

  it("leave the build's own files to be kept", async () => {
    expect((await app.call("/_next/static/chunks/a.js")).headers).not.toHaveProperty("cache-control");
  });

  it("ask for https where the address is https", async () => {
    const secure = await serve({ https: true, appUrl: "https://hub.example.com" });
    for (const path of ["/", "/api/v1/x"])
      expect((await secure.call(path)).headers["strict-transport-security"]).toMatch(/max-age=\d{8}/);
    expect((await secure.call("/")).json.headers).toMatchObject({
      host: "hub.example.com",
      "x-forwarded-proto": "https",
    });
    await secure.close();
  });
});

describe("another name of this machine", () => {
  it.each(["127.0.0.1:3000", "[::1]:3000", "127.0.0.1:8080"])("%s leads to the configured address", async (host) => {
    const { status, headers } = await app.call("/x?y=1", { headers: { host } });
    expect([status, headers.location]).toEqual([307, "http://localhost:3000/x?y=1"]);
  });

  it("does not for forms, the API, or names that are not this machine's", async () => {
    expect((await app.call("/x", { method: "POST", headers: { host: "127.0.0.1:3000" } })).status).toBe(200);
    expect((await app.call("/api/v1/x", { headers: { host: "127.0.0.1:3000" } })).status).toBe(200);
    expect((await app.call("/x", { headers: { host: "evil.example" } })).status).toBe(200);
  });

  it("does not where the configured address is no loopback", async () => {
    const far = await serve({ appUrl: "https://hub.example.com", https: true });
    expect((await far.call("/", { headers: { host: "127.0.0.1:3000" } })).status).toBe(200);
    await far.close();
  });
});

describe("whether it is this machine that asks", () => {
  const thisMachineHeader = async (headers: Record<string, string>, options: Partial<EdgeOptions> = {}) => {
    const hub = await serve(options);
    const { json } = await hub.call("/outbox", { headers });
    await hub.close();
    return (json.headers as unknown as Record<string, string>)["x-this-machine"];
  };

  it("is handed on: nothing else in the request can tell once a proxy's headers were taken away", async () => {
    expect(await thisMachineHeader({})).toBe("1");
  });

  it.each([
    [{ "x-forwarded-for": "203.0.113.7" }, {}],
    [{ "cf-connecting-ip": "203.0.113.7" }, {}],
    [{ via: "1.1 caddy" }, {}],
    [{ host: "hub.example.com" }, {}],
    [{}, { appUrl: "https://hub.example.com", https: true }],
    [{ "x-forwarded-for": "127.0.0.1" }, { trustedProxies: [parseAddressRange("127.0.0.0/8")] }],
    [{ "x-forwarded-for": "203.0.113.7", "x-this-machine": "1" }, {}],
  ])("is not said with %j and %j", async (headers, options) => {
    expect(await thisMachineHeader(headers, options)).toBeUndefined();
  });
});

describe("a name that is not ours, where no proxy stands before us", () => {
  it("gets no page, so that another site cannot read the local outbox by pointing its name here", async () => {
    const own = await serve({ ownHostOnly: true });
    try {
      const foreign = await own.call("/outbox", { headers: { host: "evil.example:3000" } });
      expect(foreign.status).toBe(421);
      expect(foreign.text).toContain("http://localhost:3000");
      expect((await own.call("/outbox")).status).toBe(200);
      expect((await own.call("/outbox", { headers: { host: "127.0.0.1:3000" } })).status).toBe(307);
      expect((await own.call("/healthz", { headers: { host: "evil.example" } })).status).toBe(200);
    } finally {
      await own.close();
    }
  });
});
