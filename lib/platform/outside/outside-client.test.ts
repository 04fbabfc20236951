import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import net, { createServer as createListener, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";

import { isPublicAddress, parseHostException } from "./address-guard";
import { createOutsideClient, OutsideError, type OutsideAnswer, type OutsideRequest } from "./outside-client";
import { createSafeFetch, safeFetch, type SafeFetch, type SafeFetchOptions } from "./safe-fetch";

const REQUEST = { body: '{"id":"msg_1"}', headers: { "Content-Type": "application/json" } };
const clients: SafeFetch[] = [];
const servers: Server[] = [];

function safeFetchWith(options: SafeFetchOptions): SafeFetch {
  const client = createSafeFetch(options);
  clients.push(client);
  return client;
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function failureOf(sending: Promise<OutsideAnswer>): Promise<string> {
  const error: unknown = await sending.then(
    () => "answered",
    (caught: unknown) => caught,
  );
  return error instanceof OutsideError ? error.failure : String(error);
}

/** Listens at every address of this machine, and counts who knocks. */
async function listenInside(): Promise<{ port: number; knocks: () => number; close: () => void }> {
  let knocks = 0;
  const listener = createListener((socket) => {
    knocks += 1;
    socket.destroy();
  });
  const listen = (host: string) =>
    new Promise<void>((resolve, reject) => listener.once("error", reject).listen(0, host, resolve));
  await listen("::").catch(() => listen("0.0.0.0"));
  return { port: (listener.address() as AddressInfo).port, knocks: () => knocks, close: () => listener.close() };
}

/** A receiver on this machine, which an exception lets through. */
async function receive(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const folder = mkdtempSync(path.join(tmpdir(), "fleet-advisor-hub-tls-"));
const certificate = { key: "", cert: "" };

beforeAll(() => {
  const subject = ["-subj", "/CN=hooks.example.com", "-addext", "subjectAltName=DNS:hooks.example.com"];
  const where = ["-keyout", path.join(folder, "key.pem"), "-out", path.join(folder, "cert.pem")];
  const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
  expect(spawnSync("openssl", ["req", "-x509", ...kind, ...subject, ...where]).status).toBe(0);
  certificate.key = readFileSync(path.join(folder, "key.pem"), "utf8");
  certificate.cert = readFileSync(path.join(folder, "cert.pem"), "utf8");
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One whose certificate is for hooks.example.com; `names` are those that it was asked for. */
async function receiveEncrypted(): Promise<{ port: number; names: unknown[] }> {
  const names: unknown[] = [];
  const server = createTlsServer(certificate, (request, response) => {
    names.push((request.socket as unknown as { servername: unknown }).servername, request.headers.host);
    response.end("taken");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { port: (server.address() as AddressInfo).port, names };
}

const LOOPBACK = { exceptions: [parseHostException("127.0.0.1")] };

describe("an inside host", () => {
  let inside: Awaited<ReturnType<typeof listenInside>>;
  beforeAll(async () => {
    inside = await listenInside();
  });
  afterAll(() => inside.close());

  const ADDRESSES = [
    ["this host", ["0.0.0.0", "0.1.2.3", "::"]],
    ["loopback", ["127.0.0.1", "127.0.0.2", "127.127.127.127", "127.255.255.254", "::1"]],
    ["private", ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255"]],
    ["carrier-grade NAT", ["100.64.0.1", "100.100.100.200", "100.127.255.255"]],
    ["link-local and cloud metadata", ["169.254.0.1", "169.254.169.254", "169.254.170.2", "fe80::1", "fd00:ec2::254"]],
    ["a cloud's own host", ["168.63.129.16", "192.0.0.192"]],
    ["unique local and site-local", ["fc00::1", "fd12:3456:789a::1", "fec0::1"]],
    ["multicast and broadcast", ["224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1", "ff05::2"]],
    ["documentation", ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"]],
    ["benchmarks", ["198.18.0.1", "198.19.255.255", "2001:2::1"]],
    ["reserved", ["192.0.0.1", "192.88.99.1", "240.0.0.1", "254.255.255.255", "100::1", "5f00::1", "4000::1"]],
    ["IPv4 mapped", ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:7f00:1", "::ffff:0:0"]],
    ["IPv4 compatible and translated", ["::127.0.0.1", "::7f00:1", "::ffff:0:127.0.0.1"]],
    ["IPv4 in NAT64", ["64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::7f00:1"]],
    [
      "IPv4 in 6to4, Teredo and ISATAP",
      ["2002:7f00:1::1", "2002:a00:1::", "2001:0:7f00:1::", "2606:4700::5efe:7f00:1"],
    ],
  ] as const;
  const cases = ADDRESSES.flatMap(([kind, addresses]) => addresses.map((address) => [kind, address] as const));

  it("is tried in at least 45 addresses", () =>
    expect(new Set(cases.map(([, a]) => a)).size).toBeGreaterThanOrEqual(45));

  it.each(cases)("%s %s is not connected to: as it is, and behind a name", async (_kind, address) => {
    expect(isPublicAddress(address)).toBe(false);
    const before = inside.knocks();
    const resolve = vi.fn<() => Promise<string[]>>().mockResolvedValue([address]);
    const { post } = safeFetchWith({ resolve, timeoutMs: 2000 });
    const host = address.includes(":") ? `[${address}]` : address;
    expect(await failureOf(post({ ...REQUEST, url: `https://${host}:${inside.port}/` }))).toBe("bad_url");
    expect(resolve).not.toHaveBeenCalled();
    const url = `https://hooks.example.com:${inside.port}/`;
    expect(await failureOf(post({ ...REQUEST, url }))).toBe("refused_address");
    resolve.mockResolvedValue(["93.184.216.34", address]);
    expect(await failureOf(post({ ...REQUEST, url }))).toBe("refused_address");
    expect(inside.knocks()).toBe(before);
  });

  const SPELLINGS = [
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0177.0.0.01",
    "0x7f.0.0.1",
    "0x7f.1",
    "0X7F.1",
    "0x7f000001",
    "0x7f.0x0.0x0.0x1",
    "2130706433",
    "017700000001",
    "0000000000000000017700000001",
    "127.0.0.1.",
    "127.0.0.01",
    "0",
    "0.0",
    "0x0",
    "１２７.０.０.１",
    "127。0。0。1",
    "127．0．0．1",
    "①②⑦.0.0.1",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "%6c%6f%63%61%6c%68%6f%73%74",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "LOCALHOST",
    "localhost",
    "localhost.",
    "sub.localhost",
    "localhost.localdomain",
    "user@127.0.0.1",
    "example.com@127.0.0.1",
    "127.0.0.1\\@example.com",
    "example.com\\@127.0.0.1",
    "127.0.0.1%00.example.com",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[0000::1]",
    "[::ffff:127.0.0.1]",
    "[::FFFF:7F00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::1%25lo]",
    "metadata.google.internal",
    "metadata.google.internal.",
    "metadata.goog",
    "metadata",
    "instance-data",
    "instance-data.ec2.internal",
    "kubernetes.default.svc.cluster.local",
    "host.docker.internal",
    "printer.lan",
    "router.home.arpa",
  ];

  it("is tried in at least 30 spellings", () => expect(new Set(SPELLINGS).size).toBeGreaterThanOrEqual(30));

  it.each(SPELLINGS)("https://%s is refused before any name is asked for", async (host) => {
    const before = inside.knocks();
    const resolve = vi.fn(() => Promise.resolve(["127.0.0.1"]));
    const { post } = safeFetchWith({ resolve, timeoutMs: 2000 });
    for (const url of [`https://${host}:${inside.port}/`, `http://${host}:${inside.port}/latest/meta-data/`])
      expect(await failureOf(post({ ...REQUEST, url }))).toBe("bad_url");
    expect(resolve).not.toHaveBeenCalled();
    expect(inside.knocks()).toBe(before);
  });

  it("knocks where it is excepted: the listener listens", async () => {
    const before = inside.knocks();
    const { post } = safeFetchWith({ exceptions: [parseHostException(`127.0.0.1:${inside.port}`)] });
    expect(await failureOf(post({ ...REQUEST, url: `http://127.0.0.1:${inside.port}/` }))).toBe("not_connected");
    expect(inside.knocks()).toBe(before + 1);
  });

  it("is not excepted unless the environment says so", async () => {
    const before = inside.knocks();
    expect(await failureOf(safeFetch().post({ ...REQUEST, url: `http://127.0.0.1:${inside.port}/` }))).toBe("bad_url");
    expect(inside.knocks()).toBe(before);
  });

  it("is not reached by a redirect", async () => {
    const before = inside.knocks();
    const asked: string[] = [];
    const statuses = [301, 302, 303, 307, 308, 300];
    const url = await receive((request, response) => {
      asked.push(String(request.url));
      const status = statuses[asked.length - 1] ?? 500;
      response
        .writeHead(status, {
          location: `http://127.0.0.1:${inside.port}/`,
          refresh: `0; url=http://127.0.0.1:${inside.port}/`,
        })
        .end();
    });
    const { post } = safeFetchWith(LOOPBACK);
    for (const status of statuses) expect(await post({ ...REQUEST, url })).toMatchObject({ status });
    expect(asked).toHaveLength(statuses.length);
    expect(inside.knocks()).toBe(before);
  });

  it("is not reached by a second answer of the name server", async () => {
    const { port } = await receiveEncrypted();
    const before = inside.knocks();
    const connected = connectElsewhere(port);
    const resolve = vi.fn<(name: string) => Promise<string[]>>().mockResolvedValue(["127.0.0.1"]);
    resolve.mockResolvedValueOnce(["93.184.216.34"]);
    const url = `https://hooks.example.com:${inside.port}/`;
    // The answer that was checked is the one that is connected to …
    const lasting = safeFetchWith({ resolve, ca: certificate.cert });
    for (let i = 0; i < 3; i += 1) expect(await lasting.post({ ...REQUEST, url })).toMatchObject({ body: "taken" });
    expect(resolve).toHaveBeenCalledTimes(1);
    // … and when the name is asked again, so is its answer checked again.
    resolve.mockReset().mockResolvedValue(["127.0.0.1"]).mockResolvedValueOnce(["93.184.216.34"]);
    const hasty = safeFetchWith({ resolve, ca: certificate.cert, checkEveryMs: 0 });
    expect(await hasty.post({ ...REQUEST, url })).toMatchObject({ body: "taken" });
    expect(await failureOf(hasty.post({ ...REQUEST, url }))).toBe("refused_address");
    expect(new Set(connected)).toEqual(new Set(["93.184.216.34"]));
    expect(inside.knocks()).toBe(before);
  });
});

type Lead = (socket: net.Socket, asked: net.TcpNetConnectOpts) => net.TcpNetConnectOpts;
type Connect = (this: net.Socket, asked: net.TcpNetConnectOpts, done?: () => void) => net.Socket;

/** Stands for the internet: every new connection is led to where `lead` says. */
function leadConnections(lead: Lead): void {
  const connect = Object.getOwnPropertyDescriptor(net.Socket.prototype, "connect")?.value as Connect;
  vi.spyOn(net.Socket.prototype, "connect").mockImplementation(function (this: net.Socket, ...given: unknown[]) {
    const [asked, done] = (Array.isArray(given[0]) ? given[0] : given) as Parameters<Connect>;
    return connect.call(this, lead(this, asked), done);
  });
}

/** Notes each address that is connected to; a port of this machine says that it is there. */
function connectElsewhere(port: number): string[] {
  const connected: string[] = [];
  leadConnections((socket, asked) => {
    let address = String(asked.host);
    asked.lookup?.(address, { all: false }, (_error, found) => (address = found as string));
    connected.push(address);
    Object.defineProperty(socket, "remoteAddress", { get: () => address });
    return { port, host: "127.0.0.1" };
  });
  return connected;
}

describe("an exchange", () => {
  it("sends one POST and gives status, headers and body", async () => {
    const seen: unknown[] = [];
    const url = await receive((request, response) => {
      let body = "";
      request.on("data", (chunk) => (body += String(chunk)));
      request.on("end", () => {
        seen.push({ method: request.method, path: request.url, host: request.headers.host, body });
        response.writeHead(202, { "x-answer": "yes" }).end("Käfer \0 taken");
      });
    });
    const answer = await safeFetchWith(LOOPBACK).post({ ...REQUEST, url: `${url}/hooks?a=1` });
    expect(seen).toEqual([{ method: "POST", path: "/hooks?a=1", host: new URL(url).host, body: REQUEST.body }]);
    expect(answer).toMatchObject({ status: 202, body: "Käfer \ufffd taken", isCut: false });
    expect(answer.headers).toMatchObject({ "x-answer": "yes" });
  });

  it("keeps a connection open for the next one", async () => {
    const ports = new Set<unknown>();
    const url = await receive((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    });
    const { post } = safeFetchWith(LOOPBACK);
    for (let i = 0; i < 10; i += 1) await post({ ...REQUEST, url });
    expect(ports.size).toBeLessThan(10);
  });

  it("lets no header of a user's override ours, or break out of its line", async () => {
    let received: Record<string, unknown> = {};
    const url = await receive((request, response) => {
      received = request.headers;
      response.end();
    });
    const { post } = safeFetchWith(LOOPBACK);
    const customHeaders = {
      Authorization: "Bearer theirs",
      "CONTENT-TYPE": "text/html",
      Host: "elsewhere.example.com",
      "Content-Length": "1",
      "Transfer-Encoding": "chunked",
      Connection: "close, x-ours",
      "X-Ours": "theirs",
    };
    await post({ ...REQUEST, headers: { ...REQUEST.headers, "x-ours": "ours" }, customHeaders, url });
    expect(received).toMatchObject({
      authorization: "Bearer theirs",
      "content-type": "application/json",
      host: new URL(url).host,
      "content-length": String(REQUEST.body.length),
      "x-ours": "ours",
    });
    expect(received).not.toHaveProperty("transfer-encoding");
    for (const value of ["a\r\nX-Injected: 1", "a\nb", "a\rb", "a\0b", "snowman ☃"]) {
      expect(await failureOf(post({ ...REQUEST, url, customHeaders: { Authorization: value } }))).toBe("bad_header");
    }
    expect(await failureOf(post({ ...REQUEST, url, customHeaders: { "a b": "c" } }))).toBe("bad_header");
  });

  it("reads 20 kB of an endless answer, then drops the connection", async () => {
    let isDropped = false;
    let written = 0;
    const url = await receive((_request, response) => {
      response.writeHead(200);
      const write = () => {
        while (written < 1_000_000_000 && response.write(Buffer.alloc(65_536, "x"))) written += 65_536;
      };
      response.on("drain", write).on("close", () => (isDropped = true));
      write();
    });
    const answer = await safeFetchWith(LOOPBACK).post({ ...REQUEST, url });
    expect(answer).toMatchObject({ status: 200, isCut: true });
    expect(answer.body).toBe("x".repeat(20_000));
    await vi.waitFor(() => expect(isDropped).toBe(true));
    expect(written).toBeLessThan(100_000_000);
  });

  it.each<[string, RequestListener]>([
    ["says nothing", () => undefined],
    ["hangs in the middle of the body", (_request, response) => void response.writeHead(200).write("half")],
    [
      "sends a byte now and then",
      (_request, response) => {
        const timer = setInterval(() => response.write("."), 20);
        response.on("close", () => clearInterval(timer)).writeHead(200);
      },
    ],
  ])("is over after its time when the receiver %s", async (_case, answer) => {
    const { post } = safeFetchWith({ ...LOOPBACK, timeoutMs: 300 });
    expect(await failureOf(post({ ...REQUEST, url: await receive(answer) }))).toBe("timed_out");
  });

  it("is over after its time when the name server is silent", async () => {
    const resolve = () => sleep(60_000, [], { ref: false });
    const { post } = safeFetchWith({ resolve, timeoutMs: 300 });
    expect(await failureOf(post({ ...REQUEST, url: "https://silent.example.com/" }))).toBe("timed_out");
  });

  it("says that a name leads nowhere", async () => {
    for (const resolve of [() => Promise.resolve([]), () => Promise.reject(new Error("ENOTFOUND"))]) {
      const { post } = safeFetchWith({ resolve });
      expect(await failureOf(post({ ...REQUEST, url: "https://gone.example.com/" }))).toBe("not_resolved");
    }
  });

  it("says that there was no connection, that it broke off, or that it was no HTTP", async () => {
    const { post } = safeFetchWith(LOOPBACK);
    expect(await failureOf(post({ ...REQUEST, url: "http://127.0.0.1:1/" }))).toBe("not_connected");
    const broken = await receive((_request, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half");
      setImmediate(() => response.destroy());
    });
    expect(await failureOf(post({ ...REQUEST, url: broken }))).toBe("not_connected");
    const rude = createListener((socket) => {
      socket.on("error", () => undefined).once("data", () => socket.end("SSH-2.0-OpenSSH\r\n\r\n"));
    });
    await new Promise<void>((resolve) => rude.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/`;
    expect(await failureOf(post({ ...REQUEST, url }))).toBe("bad_answer");
    rude.close();
  });
});

describe("a request", () => {
  it.each<OutsideRequest["method"]>(["GET", "POST", "PATCH", "PUT", "DELETE"])(
    "by %s goes out as it was asked for, within the bounds that were given",
    async (method) => {
      const body = method === "GET" ? undefined : '{"name":"é"}';
      const url = await receive((request, response) => {
        let sent = "";
        request.on("data", (chunk: Buffer) => (sent += chunk.toString()));
        request.on("end", () => response.end([request.method, request.url, request.headers.accept, sent].join(" ")));
      });
      const client = createOutsideClient();
      const asked = { method, url: `${url}/a?b=c`, headers: { Accept: "application/json" }, body, ...LOOPBACK };
      const line = [method, "/a?b=c", "application/json", body ?? ""].join(" ");
      const whole = await client.request({ ...asked, timeoutMs: 2000, mostReadBytes: 1000 });
      expect(whole).toMatchObject({ status: 200, body: line, isCut: false });
      expect(await client.request({ ...asked, timeoutMs: 2000, mostReadBytes: 4 })).toMatchObject({
        body: line.slice(0, 4),
        isCut: true,
      });
      client.close();
    },
  );

  it("is over when its own time is, and goes inside for whom it is excepted alone", async () => {
    const url = await receive(() => undefined);
    const client = createOutsideClient();
    const asked = { method: "GET", url, headers: {}, mostReadBytes: 10 } as const;
    expect(await failureOf(client.request({ ...asked, ...LOOPBACK, timeoutMs: 100 }))).toBe("timed_out");
    expect(await failureOf(client.request({ ...asked, timeoutMs: 100 }))).toBe("bad_url");
    client.close();
  });
});

describe("an encrypted connection", () => {
  it("is made to the checked address, and asks for the name's certificate", async () => {
    const { port, names } = await receiveEncrypted();
    const connected = connectElsewhere(port);
    const { post } = safeFetchWith({ resolve: () => Promise.resolve(["93.184.216.34"]), ca: certificate.cert });
    expect(await post({ ...REQUEST, url: "https://hooks.example.com/" })).toMatchObject({ status: 200 });
    expect([connected, names]).toEqual([["93.184.216.34"], ["hooks.example.com", "hooks.example.com"]]);
    expect(await failureOf(post({ ...REQUEST, url: "https://other.example.com/" }))).toBe("tls_failed");
  });

  it("is given up where it ends elsewhere than was checked", async () => {
    const { port, names } = await receiveEncrypted();
    leadConnections(() => ({ port, host: "127.0.0.1" }));
    const { post } = safeFetchWith({ resolve: () => Promise.resolve(["93.184.216.34"]), ca: certificate.cert });
    expect(await failureOf(post({ ...REQUEST, url: "https://hooks.example.com/" }))).toBe("refused_address");
    expect(names).toEqual([]);
  });

  it("fails where nobody vouches for the certificate, or it is another name's", async () => {
    const { port, names } = await receiveEncrypted();
    const { post } = safeFetchWith(LOOPBACK);
    expect(await failureOf(post({ ...REQUEST, url: `https://127.0.0.1:${port}/` }))).toBe("tls_failed");
    const believing = safeFetchWith({ exceptions: [parseHostException("localhost")], ca: certificate.cert });
    expect(await failureOf(believing.post({ ...REQUEST, url: `https://localhost:${port}/` }))).toBe("tls_failed");
    expect(names).toEqual([]);
  });

  it("fails where the other side speaks plainly", async () => {
    const url = await receive((_request, response) => void response.end());
    const { post } = safeFetchWith(LOOPBACK);
    expect(await failureOf(post({ ...REQUEST, url: url.replace("http:", "https:") }))).toBe("tls_failed");
  });
});
