import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { findOwner, findRunningPostgres } from "@/lib/platform/database/embedded-postgres";
import { expect, test as base } from "./fixtures";
import { startOwnServer, type OwnServer } from "./own-server";

interface Started {
  readonly directory: string;
  readonly server: OwnServer;
}

const test = base.extend<object, Started>({
  directory: [
    async ({ browserName: _ }, use) => {
      const directory = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-edge-"));
      await use(directory);
      rmSync(directory, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],
  server: [
    async ({ directory }, use) => {
      const server = await startOwnServer(directory, { LOG_LEVEL: "info" });
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ server }, use) => use(server.address),
});

const OFFERS = {
  // What Java's HttpClient sends by default, and `curl --http2`.
  "HTTP/2": "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n",
  websocket:
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
};

/** Opens a connection, says something, and waits for what `answer` finds in what comes back. */
function say(port: number, text: string, answer: RegExp): Promise<{ socket: Socket; found: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    let heard = "";
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer to ${text}, but ${heard}`)));
    socket.on("error", reject);
    socket.on("close", () => reject(new Error(`closed after ${heard}`)));
    socket.on("data", (chunk) => {
      const [found] = answer.exec((heard += String(chunk))) ?? [];
      if (found !== undefined) resolve({ socket, found });
    });
  });
}

async function statusesOf(port: number, offer: string): Promise<Record<string, string>> {
  const statuses: Record<string, string> = {};
  for (const at of ["/healthz", "/api/v1/api_key", "/sign-in", "/nowhere", "/_next/hmr"]) {
    const request = `GET ${at} HTTP/1.1\r\nHost: localhost:${port}\r\n${offer}\r\n`;
    const { socket, found } = await say(port, request, /^HTTP\/1\.1 \d{3}/);
    socket.destroy();
    statuses[at] = found.slice(-3);
  }
  return statuses;
}

const portOf = ({ address }: OwnServer) => Number(new URL(address).port);
const socketsOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length;

test("a request that offers to speak something else is answered as any other, before and after a page", async ({
  server,
  directory,
}) => {
  const port = portOf(server);
  const expected = {
    "/healthz": "200",
    "/api/v1/api_key": "401",
    "/sign-in": "200",
    "/nowhere": "404",
    "/_next/hmr": "404",
  };
  // The second round comes after pages were served, by which a framework may have begun to listen.
  for (const round of [1, 2])
    for (const [name, offer] of Object.entries(OFFERS))
      expect({ round, name, ...(await statusesOf(port, offer)) }).toEqual({ round, name, ...expected });
  const { found } = await say(
    port,
    "CONNECT elsewhere:443 HTTP/1.1\r\nHost: elsewhere:443\r\n\r\n",
    /^HTTP\/1\.1 \d{3}/,
  );
  expect(found).toBe("HTTP/1.1 405");

  const pid = findOwner(directory) ?? 0;
  const before = socketsOf(pid);
  for (let count = 0; count < 100; count += 1) {
    const offer = `GET /healthz HTTP/1.1\r\nHost: localhost:${port}\r\n${OFFERS.websocket}\r\n`;
    const { socket } = await say(port, offer, /^HTTP\/1\.1 200/);
    socket.destroy();
  }
  await expect.poll(() => socketsOf(pid)).toBeLessThan(before + 20);
});

/** Numbers that follow from a seed alone: a body that fails is the same one again. */
function drawnFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const BOUNDARY = "----b";
const MULTIPART = `multipart/form-data; boundary=${BOUNDARY}`;

function multipart(fields: readonly (readonly [name: string, value: string])[], end = `--${BOUNDARY}--\r\n`): string {
  const parts = fields.map(
    ([name, value]) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  return parts.join("") + end;
}

interface Form {
  readonly what: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the arguments of an action can be written as, and what nobody could have written. */
const ARGUMENTS = [
  ...["", "[", "]", "{}", "null", "1", '"x"', "true", "[,]", "[1e999]", "\u0000", "\u00ff\u00fe", "x".repeat(50_000)],
  ...[
    "$K1",
    "$F1",
    "$h1",
    "$Q1",
    "$W1",
    "$i1",
    "$@1",
    "$B1",
    "$A1",
    "$O1",
    "$R1",
    "$r1",
    "$X1",
    "$x1",
    "$T",
    "$Dx",
    "$zz",
  ].map((reference) => `["${reference}"]`),
  ...["$1", "$0", "$0:0", "$-1", "$1:__proto__:x", "$1:constructor:prototype", "$undefined", "$NaN", "$Infinity"].map(
    (reference) => `["${reference}"]`,
  ),
  `["$n${"9".repeat(5000)}"]`,
  '[{"__proto__":{"a":1}}]',
  '[{"then":"$1"}]',
  '[{"toString":1,"constructor":{"prototype":1}}]',
  "[".repeat(100_000),
  "[".repeat(50_000) + "]".repeat(50_000),
  `[${"1,".repeat(1500)}1]`,
  '["fah_0123456789abcdefghijklmnopqrstuvwxyz',
];

function malformedForms(actionId: string, origin: string): Form[] {
  const called = { origin, accept: "text/x-component", "next-action": actionId };
  const bound = `{"id":"${actionId}","bound":"$@1"}`;
  const named = [
    ["$ACTION_REF_1", ""],
    ["$ACTION_1:0", bound],
  ] as const;
  const ofArguments = ARGUMENTS.flatMap((text): Form[] => [
    { what: "text", headers: { ...called, "content-type": "text/plain;charset=UTF-8" }, body: text },
    { what: "no type", headers: called, body: text },
    { what: "urlencoded", headers: { ...called, "content-type": "application/x-www-form-urlencoded" }, body: text },
    {
      what: "parts",
      headers: { ...called, "content-type": MULTIPART },
      body: multipart([
        ["0", text],
        ["1", '"$@1"'],
      ]),
    },
    {
      what: "form",
      headers: { origin, "content-type": MULTIPART },
      body: multipart([...named, ["$ACTION_1:1", text]]),
    },
    {
      what: "bound",
      headers: { origin, "content-type": MULTIPART },
      body: multipart([named[0], ["$ACTION_1:0", `{"id":"${actionId}","bound":${text}}`]]),
    },
  ]);
  const types = [
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=zz",
    "multipart/form-data;;;",
    "multipart/mixed; boundary=b",
    `multipart/form-data; boundary=${"x".repeat(500)}`,
  ];
  const bodies = [
    "",
    "garbage",
    multipart([["0", "[]"]]),
    multipart([["0", "[]"]], ""),
    multipart([[`$ACTION_ID_${actionId}`, ""]], ""),
    `--${BOUNDARY}\r\n\r\nx\r\n--${BOUNDARY}--`,
  ];
  const ofTypes = [...types, MULTIPART].flatMap((type) =>
    bodies.flatMap((body): Form[] => [
      { what: "type of a call", headers: { ...called, "content-type": type }, body },
      { what: "type of a form", headers: { origin, "content-type": type }, body },
    ]),
  );
  const ids = [
    "x",
    "toString",
    "__proto__",
    "0".repeat(42),
    "7f".padEnd(42, "a"),
    "fah_0123456789abcdefghijklmnopqrstuvwxyz",
  ];
  const ofIds = ids.map((id): Form => ({ what: "id", headers: { ...called, "next-action": id }, body: "[]" }));
  const origins = ["https://elsewhere.example", "null", "garbage", "http://", "file://", `${origin}.elsewhere.example`];
  const ofOrigins = origins.flatMap((from): Form[] => [
    { what: "origin of a call", headers: { ...called, origin: from }, body: "[]" },
    {
      what: "origin of a form",
      headers: { origin: from, "content-type": MULTIPART },
      body: multipart([[`$ACTION_ID_${actionId}`, ""]]),
    },
  ]);
  return [...ofArguments, ...ofTypes, ...ofIds, ...ofOrigins];
}

/** Whole ones with something taken out, doubled or changed, anywhere. */
function mangledForms(actionId: string, origin: string, count: number): Form[] {
  const draw = drawnFrom(20_261_130);
  const whole = multipart([
    ["$ACTION_REF_1", ""],
    ["$ACTION_1:0", `{"id":"${actionId}","bound":"$@1"}`],
    ["$ACTION_1:1", '[{"email":"$Q2"}]'],
    ["$ACTION_1:2", "[]"],
  ]);
  const headers = { origin, "content-type": MULTIPART };
  return Array.from({ length: count }, () => {
    const [from, length] = [draw(whole.length), 1 + draw(20)];
    const instead = ["", whole.slice(from, from + length).repeat(2), String.fromCharCode(draw(128))][draw(3)] ?? "";
    const isCalled = draw(2) === 0;
    const body = whole.slice(0, from) + instead + whole.slice(from + length);
    return { what: "mangled", headers: isCalled ? { ...headers, "next-action": actionId } : headers, body };
  });
}

test("a form that cannot be read is refused as such, by every page, and each line of the log is ours", async ({
  server,
}) => {
  const { node } = JSON.parse(readFileSync(".next/server/server-reference-manifest.json", "utf8")) as {
    node: Record<string, { workers: Record<string, unknown> }>;
  };
  const [actionId = ""] = Object.entries(node).find(([, { workers }]) => "app/sign-in/page" in workers) ?? [];
  expect(actionId).toMatch(/^[0-9a-f]{42}$/);
  const forms = [...malformedForms(actionId, server.address), ...mangledForms(actionId, server.address, 150)];
  expect(forms.length).toBeGreaterThan(400);
  const broken: string[] = [];
  for (const [at, some] of [
    ["/sign-in", forms],
    ["/0123456789/api-keys", forms.filter((_form, index) => index % 4 === 0)],
  ] as const) {
    for (const { what, headers, body } of some) {
      const answer = await fetch(server.address + at, {
        method: "POST",
        headers,
        body: Buffer.from(body, "latin1"),
        redirect: "manual",
      });
      await answer.arrayBuffer();
      if (answer.status >= 500)
        broken.push(`${answer.status} ${at} ${what} ${JSON.stringify(headers)} ${body.slice(0, 100)}`);
      if (what.startsWith("origin")) expect([what, answer.status]).toEqual([what, 403]);
    }
  }
  expect(broken).toEqual([]);
  for (const at of ["/_next/image", "/_next/image?url=%2Ficon.svg&w=64&q=75", "/_next/image/"])
    expect([at, (await fetch(server.address + at)).status]).toEqual([at, 404]);
  for (const at of ["/sign-in", "/healthz", "/readyz"]) expect((await fetch(server.address + at)).status).toBe(200);

  const lines = linesOf(server);
  expect(lines.filter(({ level }) => level >= 50)).toEqual([]);
  expect(lines.filter(({ msg }) => msg === "a form could not be read").length).toBeGreaterThan(100);
  expect(server.output()).not.toContain("fah_0123");
});

/** Every line that the server wrote since it was ready; each is one of ours, or the test ends here. */
function linesOf(server: OwnServer): { level: number; msg: string }[] {
  const [, log = ""] = server.output().split("Ctrl-C stops it.\n");
  return log
    .trim()
    .split("\n")
    .map((line) => {
      const read = JSON.parse(line) as { level: number; msg: string; pid: number; time: string };
      expect(read).toMatchObject({ pid: expect.any(Number), time: expect.stringMatching(/Z$/) });
      return read;
    });
}

/** What would be a line of its own, and red, were it written as it comes. */
const MARK = "written-by-a-caller";
const INJECTED = `x\n{"level":60,"time":"2026-11-30T00:00:00.000Z","msg":"${MARK}"}\n\u001b[31m${MARK}\u001b[0m`;

/** Everything that a caller may say, where nobody has to know him. */
function everywhere(): { at: string; method: string; headers?: Record<string, string>; body?: string }[] {
  const inAddress = encodeURIComponent(INJECTED);
  const addresses = [
    `/_next/image?url=${inAddress}&w=64&q=75`,
    `/_next/static/${inAddress}.js`,
    `/_next/data/${inAddress}/sign-in.json`,
    ...["/", "/sign-in", "/invitation", "/developers", "/outbox", "/healthz", "/readyz"].map(
      (at) => `${at}?${inAddress}`,
    ),
    ...["", "0123456789/", "0123456789/vehicles/", "api/v1/", "api/auth/", "api/auth/callback/"].map(
      (at) => `/${at}${inAddress}`,
    ),
    `/sign-in/link?token=${inAddress}`,
    `/api/v1/vehicles?q=${inAddress}`,
    ...["error", "signin", "callback/email", "callback/oidc"].map((at) => `/api/auth/${at}?error=${inAddress}`),
  ];
  const types = ["text/plain;charset=UTF-8", "application/json", "application/x-www-form-urlencoded", MULTIPART];
  const targets = [
    ...["/sign-in", "/0123456789/api-keys", "/api/auth/_log", "/api/auth/signin/email", "/api/auth/callback/email"],
    ...["/api/v1/vehicles", "/api/v1/api_keys/revoke_leaked", "/api/secret-scanning", "/api/resend-webhook"],
    "/0123456789/imports/upload",
  ];
  const bodies = [INJECTED, JSON.stringify({ level: "error", code: INJECTED, message: INJECTED, token: INJECTED })];
  const asked: readonly Record<string, string>[] = [
    {},
    { "next-action": MARK },
    { "next-action": "7f".padEnd(42, "a") },
  ];
  const posts = targets.flatMap((at) =>
    types.flatMap((type) =>
      bodies.flatMap((body) =>
        asked.map((more) => ({
          at,
          method: "POST",
          headers: { "content-type": type, "user-agent": MARK, "x-client-platform": MARK, ...more },
          body,
        })),
      ),
    ),
  );
  return [
    ...addresses.map((at) => ({ at, method: "GET", headers: { referer: `http://localhost/${MARK}` } })),
    ...posts,
  ];
}

test("what a caller sends is no line of the log, and no part of one", async ({ server }) => {
  const calls = everywhere();
  expect(calls.length).toBeGreaterThan(200);
  for (const { at, ...call } of calls) {
    for (const origin of [server.address, "https://elsewhere.example"]) {
      const headers = { ...call.headers, origin };
      await (await fetch(server.address + at, { ...call, headers, redirect: "manual" })).arrayBuffer();
    }
  }
  for (const text of [`${MARK} / HTTP/1.1`, `GET / HTTP/1.1\r\n${MARK}`, `GET /${MARK} HTTP/9.9`])
    await say(portOf(server), `${text}\r\n\r\n`, /^HTTP\/1\.1 \d{3}/).then(({ socket }) => socket.destroy());
  expect(linesOf(server).length).toBeGreaterThan(calls.length);
  expect(linesOf(server).filter(({ level }) => level >= 50)).toEqual([]);
  for (const unwanted of [MARK, "\u001b", "\\u001b"]) expect(server.output()).not.toContain(unwanted);
});

test("told to stop, the server goes within its grace and takes its database along, whoever holds a connection", async ({
  server,
  directory,
}) => {
  const port = portOf(server);
  const held = await Promise.all(
    ["/healthz", "/sign-in"].map((at) =>
      say(port, `GET ${at} HTTP/1.1\r\nHost: localhost:${port}\r\n${OFFERS.websocket}\r\n`, /^HTTP\/1\.1 200/),
    ),
  );
  for (const { socket } of held) socket.removeAllListeners("close");
  const startedAtMs = performance.now();
  await server.stop();
  expect(performance.now() - startedAtMs).toBeLessThan(15_000);
  expect(await findRunningPostgres(directory)).toBeNull();
});
