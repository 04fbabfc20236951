import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { env, readEnvironment } from "@/lib/platform/env";
import { parseHostException } from "./address-guard";
import { createOutsideClient, OutsideError, type OutsideClient, type OutsideRequest } from "./outside-client";
import { isOurselves, ownAddress, readApiUrl, type OwnAddress } from "./reach-ourselves";

const HEADERS = { authorization: "Token secret", "account-token": "798819214b" };
const heard: string[] = [];
let hub: Server;
let port: number;

beforeAll(async () => {
  hub = createServer((request, response) => {
    heard.push([request.method, request.headers.host, request.url, request.headers.authorization].join(" "));
    response.end("[]");
  });
  await new Promise<void>((resolve) => hub.listen(0, "127.0.0.1", resolve));
  port = (hub.address() as AddressInfo).port;
});
afterAll(() => {
  hub.closeAllConnections();
  hub.close();
});
beforeEach(() => void heard.splice(0));

function hubAt(appUrl: string): OwnAddress {
  return { appUrl: new URL(appUrl), internalUrl: new URL(`http://127.0.0.1:${port}`) };
}

async function send(own: OwnAddress, url: string, more: Partial<OutsideRequest> = { ownPart: "api" }): Promise<string> {
  const client: OutsideClient = createOutsideClient({ own });
  const bounds = { timeoutMs: 5000, mostReadBytes: 1000 };
  try {
    return String((await client.request({ method: "GET", url, headers: HEADERS, ...bounds, ...more })).status);
  } catch (error) {
    return error instanceof OutsideError ? error.failure : String(error);
  } finally {
    client.close();
  }
}

describe("a request of a client of the API to this very hub", () => {
  it.each(["http://localhost:3000", "https://hub.example.com", "https://hub.internal:8443", "http://10.0.0.5"])(
    "known as %s goes to where it is reached, and asks for that name",
    async (appUrl) => {
      const { origin, host } = new URL(appUrl);
      expect(await send(hubAt(appUrl), `${origin}/api/v1/vehicles?per_page=1`)).toBe("200");
      expect(await send(hubAt(appUrl), `${origin}/api/accounts`, { ownPart: "api", method: "POST" })).toBe("200");
      const secret = HEADERS.authorization;
      expect(heard).toEqual([
        `GET ${host} /api/v1/vehicles?per_page=1 ${secret}`,
        `POST ${host} /api/accounts ${secret}`,
      ]);
    },
  );

  it.each([
    "HTTP://LOCALHOST:3000/api/v1/accounts",
    "http://localhost:3000/api/./v1/%2e%2e/v1/accounts",
    "http://localhost:3000/sign-in/../api/v1/accounts",
  ])("written %s goes there as well", async (url) => {
    expect(await send(hubAt("http://localhost:3000"), url)).toBe("200");
    expect(heard).toEqual([`GET localhost:3000 /api/v1/accounts ${HEADERS.authorization}`]);
  });

  it("knows a scheme's own port, written or not", async () => {
    expect(await send(hubAt("https://hub.internal"), "https://HUB.internal:443/api/v1/accounts")).toBe("200");
    expect(await send(hubAt("http://hub.internal"), "http://hub.internal:80/api/v1/accounts")).toBe("200");
    expect(heard.map((line) => line.split(" ")[1])).toEqual(["hub.internal", "hub.internal"]);
  });

  it.each([
    ["a page", "/"],
    ["a page below a name like the API's", "/apis/v1/accounts"],
    ["the API's own name alone", "/api"],
    ["nothing behind it", "/api/"],
    ["the sign-in", "/api/auth/session"],
    ["the sign-in itself", "/api/auth"],
    ["the sign-in by another way", "/api/v1/../auth/session"],
    ["metrics", "/metrics"],
    ["the outbox", "/outbox"],
    ["the receiver of an exchange", "/key-exchange/0123456789abcdef"],
    ["a page by a way back that is hidden", "/api/v1/%2e%2e%2f%2e%2e%2fmetrics"],
    ["a page by a backslash", "/api/v1/..%5c..%5cmetrics"],
    ["a page behind a semicolon", "/api/v1/..;/..;/metrics"],
    ["a page behind two slashes", "/api//metrics"],
  ])("reaches no more of it than the API: %s", async (_what, path) => {
    for (const appUrl of ["http://localhost:3000", "https://hub.example.com"]) {
      expect(await send(hubAt(appUrl), appUrl + path)).toBe("bad_url");
    }
    expect(heard).toEqual([]);
  });

  it.each([
    ["another scheme", "https://localhost:3000/api/v1/accounts"],
    ["another port", "http://localhost:3001/api/v1/accounts"],
    ["no port", "http://localhost/api/v1/accounts"],
    ["a dot behind the name", "http://localhost.:3000/api/v1/accounts"],
    ["a name before it", "http://me@localhost:3000/api/v1/accounts"],
    ["a name and a password", "http://me:secret@localhost:3000/api/v1/accounts"],
    ["a fragment", "http://localhost:3000/api/v1/accounts#x"],
    ["escaped letters", "http://%6cocalhost:3000/api/v1/accounts"],
    ["letters in circles", "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:3000/api/v1/accounts"],
    ["a backslash", "http://localhost:3000\\@example.com/api/v1/accounts"],
    ["an address of the same machine", "http://127.0.0.1:3000/api/v1/accounts"],
    ["the other address of the same machine", "http://[::1]:3000/api/v1/accounts"],
  ])("is refused where it is written otherwise: %s", async (_what, url) => {
    expect(await send(hubAt("http://localhost:3000"), url)).toBe("bad_url");
    expect(readApiUrl(url, [], hubAt("http://localhost:3000")).ok).toBe(false);
    expect(heard).toEqual([]);
  });

  it("is refused where it names the place behind, or says not what it is for", async () => {
    const own = hubAt("http://localhost:3000");
    expect(await send(own, `http://127.0.0.1:${port}/api/v1/accounts`)).toBe("bad_url");
    expect(await send(own, "http://localhost:3000/api/v1/accounts", {})).toBe("bad_url");
    expect(heard).toEqual([]);
  });

  it("goes to other hosts as ever: to none inside, and to those that are excepted", async () => {
    const own = hubAt("https://hub.example.com");
    const elsewhere = `http://127.0.0.1:${port}/anything`;
    expect(await send(own, elsewhere)).toBe("bad_url");
    expect(await send(own, elsewhere, { ownPart: "api", exceptions: [parseHostException("127.0.0.1")] })).toBe("200");
    expect(heard).toEqual([`GET 127.0.0.1:${port} /anything ${HEADERS.authorization}`]);
  });

  it("reaches no database of ours, were INTERNAL_URL to name it", async () => {
    const { host, hostname } = new URL(env().DATABASE_URL);
    expect(hostname).toMatch(/^(127\.0\.0\.1|localhost)$/);
    const own = { appUrl: new URL("https://hub.example.com"), internalUrl: new URL(`http://${host}`) };
    expect(await send(own, "https://hub.example.com/api/v1/accounts")).toBe("own_database");
  });
});

describe("the address of a host", () => {
  it("may be this hub's, however far inside it is, and no other one inside", () => {
    const own = hubAt("http://localhost:3000");
    for (const url of ["http://localhost:3000", "http://localhost:3000/", "HTTP://Localhost:3000/api/v1"]) {
      expect([isOurselves(url, own), readApiUrl(url, [], own).ok]).toEqual([true, true]);
    }
    for (const url of ["http://localhost:3001", "http://10.0.0.5", "localhost:3000", "nonsense"]) {
      expect([isOurselves(url, own), readApiUrl(url, [], own).ok]).toEqual([false, false]);
    }
    expect(readApiUrl("https://api.example.com", [], own).ok).toBe(true);
  });
});

describe("where this process reaches its hub", () => {
  const settings = (given: Record<string, string>) =>
    readEnvironment({
      DATABASE_URL: "postgresql://hub@db.example.com/hub",
      AUTH_SECRET: "a".repeat(32),
      AUDIT_SECRET: "b".repeat(32),
      RESEND_API_KEY: "re_test",
      APP_URL: "https://hub.example.com",
      PORT: "8080",
      ...given,
    });

  it.each<[string, Record<string, string>, string]>([
    ["its own listener", {}, "http://127.0.0.1:8080"],
    ["its own listener, on this machine alone", { HUB_EMBEDDED: "1" }, "http://127.0.0.1:8080"],
    ["its own listener, at one address", { HOST: "10.0.0.5" }, "http://10.0.0.5:8080"],
    ["its own listener, at every address of IPv6", { HOST: "::" }, "http://[::1]:8080"],
    ["its own listener, at one address of IPv6", { HOST: "fd00::5" }, "http://[fd00::5]:8080"],
    [
      "what everybody reaches, where another process serves the API",
      { HUB_ROLES: "web,worker" },
      "https://hub.example.com",
    ],
    ["what it is told", { INTERNAL_URL: "http://api.internal:3000/" }, "http://api.internal:3000"],
    ["what it is told, without the API", { INTERNAL_URL: "https://api", HUB_ROLES: "worker" }, "https://api"],
  ])("is %s", (_what, given, expected) => {
    const { appUrl, internalUrl } = ownAddress(settings(given));
    expect([appUrl.origin, internalUrl.origin]).toEqual(["https://hub.example.com", expected]);
  });
});
