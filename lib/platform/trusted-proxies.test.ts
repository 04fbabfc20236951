import { describe, expect, it } from "vitest";

import { clientAddress, isInRanges, normaliseAddress, parseAddressRange } from "./trusted-proxies";

const proxies = ["10.0.0.0/8", "fd00::/8", "192.0.2.1"].map(parseAddressRange);

describe("clientAddress", () => {
  it.each([
    ["no proxy: the peer, whatever is claimed", "198.51.100.9", "203.0.113.7", "198.51.100.9"],
    ["a trusted proxy: what it wrote last", "10.1.2.3", "203.0.113.7", "203.0.113.7"],
    ["a client's own invention before it does not count", "10.1.2.3", "6.6.6.6, 203.0.113.7", "203.0.113.7"],
    ["two proxies: the first stranger from the end", "10.1.2.3", "6.6.6.6, 203.0.113.7, 192.0.2.1", "203.0.113.7"],
    ["proxies all the way: the furthest", "10.1.2.3", "10.9.9.9", "10.9.9.9"],
    ["a proxy without the header: itself", "10.1.2.3", undefined, "10.1.2.3"],
    ["IPv4-mapped peer", "::ffff:10.1.2.3", "203.0.113.7", "203.0.113.7"],
    ["IPv4-mapped client", "10.1.2.3", "::ffff:203.0.113.7", "203.0.113.7"],
    ["IPv6 proxy and client", "fd00::1", "2001:DB8:0::1", "2001:db8::1"],
    ["with ports", "10.1.2.3", "203.0.113.7:51234", "203.0.113.7"],
    ["IPv6 with a port", "10.1.2.3", "[2001:db8::1]:51234", "2001:db8::1"],
    ["a hop that is no address: the proxy that wrote it", "10.1.2.3", "203.0.113.7, unknown", "10.1.2.3"],
    ["no peer", undefined, "203.0.113.7", null],
  ])("%s", (_case, peer, forwardedFor, client) => {
    expect(clientAddress(peer, forwardedFor, proxies)).toBe(client);
  });

  it("reads the header when it was sent in several lines", () => {
    expect(clientAddress("10.1.2.3", ["6.6.6.6", "203.0.113.7"], proxies)).toBe("203.0.113.7");
  });
});

describe("isInRanges", () => {
  it.each([
    ["203.0.113.7", "203.0.113.0/24", true],
    ["203.0.114.7", "203.0.113.0/24", false],
    ["::ffff:203.0.113.7", "203.0.113.7", true],
    ["203.0.113.7", "::ffff:203.0.113.0/120", true],
    ["203.0.113.7", "::/0", false],
    ["2001:db8::1", "2001:db8::/32", true],
    ["2001:db9::1", "2001:db8::/32", false],
    ["2001:db8::1", "0.0.0.0/0", false],
    ["fe80::1%eth0", "fe80::/10", true],
    ["fe80::1%eth0", "fe80::1", true],
    ["::ffff:203.0.113.7%eth0", "203.0.113.0/24", true],
    ["::ffff:cb00:7107", "203.0.113.7", true],
    ["nonsense", "0.0.0.0/0", false],
  ])("%s in %s: %s", (address, range, expected) => {
    expect(isInRanges(address, [parseAddressRange(range)])).toBe(expected);
  });
});

describe("parseAddressRange", () => {
  it.each(["", "10.0.0.0/33", "example.com", "10.0.0.0/8/8"])("names the wrong %s", (text) => {
    expect(() => parseAddressRange(text)).toThrow(`"${text}"`);
  });
});

describe("normaliseAddress", () => {
  it("gives one spelling for one address, and null for none", () => {
    expect(normaliseAddress("2001:DB8::0:1")).toBe("2001:db8::1");
    expect(normaliseAddress("::ffff:1.2.3.4")).toBe("1.2.3.4");
    expect(normaliseAddress("nobody")).toBeNull();
    expect(normaliseAddress(undefined)).toBeNull();
  });
});
