import { describe, expect, it } from "vitest";

import { isFromThisMachine } from "./this-machine";

/** As Chromium sends it to a page of the hub, an action, and a page looked ahead at. */
const BROWSER = {
  host: "localhost:3000",
  connection: "keep-alive",
  "cache-control": "max-age=0",
  "sec-ch-ua": '"Chromium";v="142"',
  "sec-ch-ua-mobile": "?0",
  "sec-ch-ua-platform": '"Linux"',
  "upgrade-insecure-requests": "1",
  "user-agent": "Mozilla/5.0",
  accept: "text/html",
  "sec-fetch-site": "same-origin",
  "sec-fetch-mode": "navigate",
  "sec-fetch-user": "?1",
  "sec-fetch-dest": "document",
  "sec-purpose": "prefetch",
  referer: "http://localhost:3000/sign-in",
  origin: "http://localhost:3000",
  "accept-encoding": "gzip, deflate, br, zstd",
  "accept-language": "en-US,en;q=0.9",
  cookie: "fleet-advisor-hub.session=x",
  "content-type": "text/plain;charset=UTF-8",
  "content-length": "2",
  dnt: "1",
  "sec-gpc": "1",
  priority: "u=0, i",
  pragma: "no-cache",
  "if-none-match": '"x"',
  rsc: "1",
  "next-action": "x",
  "next-url": "/sign-in",
  "next-router-state-tree": "x",
  "next-router-prefetch": "1",
  "x-deployment-id": "x",
};
const LOCAL = new URL("http://localhost:3000");

const asked = (headers: Record<string, string> = {}, remoteAddress: string | undefined = "127.0.0.1") => ({
  headers: { ...BROWSER, ...headers },
  httpVersion: "1.1",
  socket: { remoteAddress },
});

describe("a request is from this machine", () => {
  it.each(["127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1"])("by the peer %s", (peer) => {
    expect(isFromThisMachine(asked({}, peer), LOCAL)).toBe(true);
  });

  it.each(["localhost:3000", "LOCALHOST", "127.0.0.1:3000", "127.1.2.3", "[::1]:3000"])("by the name %s", (host) => {
    expect(isFromThisMachine(asked({ host }), LOCAL)).toBe(true);
    expect(isFromThisMachine(asked({ host }), new URL(`http://${host}`))).toBe(true);
  });
});

describe("a request is not", () => {
  it.each(["", "203.0.113.7", "10.0.0.1", "0.0.0.0", "::", "::ffff:10.0.0.1", "fe80::1", "128.0.0.1", "localhost"])(
    "by the peer %j",
    (peer) => {
      expect(isFromThisMachine(asked({}, peer), LOCAL)).toBe(false);
    },
  );
  it("by a peer that is gone", () => {
    expect(isFromThisMachine({ ...asked(), socket: {} }, LOCAL)).toBe(false);
  });

  it.each([
    "",
    "evil.example",
    "evil.example:3000",
    "localhost.evil.example",
    "127.0.0.1.evil.example:3000",
    "localhost:3000@evil.example",
    "192.168.1.10:3000",
    "127.1",
    "0.0.0.0:3000",
    "[::]:3000",
    "abc.ngrok.app",
  ])("under the name %j, be it made to point here", (host) => {
    expect(isFromThisMachine(asked({ host }), LOCAL)).toBe(false);
  });

  it.each([
    "https://hub.example.com",
    "http://192.168.1.10:3000",
    "https://localhost.example.com",
    "http://0.0.0.0:3000",
  ])("where people reach the hub at %s", (appUrl) => {
    expect(isFromThisMachine(asked(), new URL(appUrl))).toBe(false);
  });

  it.each([
    "forwarded",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded",
    "x-original-forwarded-for",
    "x-real-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "true-client-ip",
    "client-ip",
    "via",
    "cf-connecting-ip",
    "cf-ray",
    "cf-visitor",
    "cdn-loop",
    "fly-client-ip",
    "fastly-client-ip",
    "x-amzn-trace-id",
    "x-amz-cf-id",
    "x-azure-ref",
    "x-arr-log-id",
    "x-appengine-country",
    "x-cloud-trace-context",
    "x-envoy-external-address",
    "x-original-host",
    "x-original-url",
    "x-vercel-id",
    "x-varnish",
    "ngrok-skip-browser-warning",
    "tailscale-user-login",
    "x-tunnel-authorization",
    "x-ms-tunnel-id",
    "x-proxyuser-ip",
    "wl-proxy-client-ip",
    "proxy-connection",
    "max-forwards",
    "x-remote-addr",
    "remote-user",
    "x-scheme",
    "x-host",
    "x-ssl-cipher",
    "traceparent",
    "x-request-start",
  ])("with %s, whatever it says", (name) => {
    expect(isFromThisMachine(asked({ [name]: "127.0.0.1" }), LOCAL)).toBe(false);
    expect(isFromThisMachine(asked({ [name]: "" }), LOCAL)).toBe(false);
  });

  it("in HTTP/1.0, as nginx passes on what it was asked, under its own idea of our name", () => {
    expect(isFromThisMachine({ ...asked(), httpVersion: "1.0" }, LOCAL)).toBe(false);
  });
});
