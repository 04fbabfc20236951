import { describe, expect, it } from "vitest";

import { isPublicAddress, parseHostException, readOutsideUrl } from "./address-guard";

describe("a public address", () => {
  it.each([
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.1",
    "100.63.255.255",
    "100.128.0.1",
    "126.255.255.255",
    "128.0.0.1",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.1",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.1",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "2606:4700:4700::1111",
    "2a00:1450:4001:82a::200e",
  ])("%s may be connected to", (address) => expect(isPublicAddress(address)).toBe(true));

  it.each(["", "localhost", "1.1.1.1:80", "[::1]", "1.1.1.1 ", "fe80::1%eth0", "2606:4700::1%eth0", "1.1.1.256"])(
    "%j is none",
    (text) => expect(isPublicAddress(text)).toBe(false),
  );
});

const complaintOf = (text: string, exceptions: readonly string[] = []) => {
  const read = readOutsideUrl(text, exceptions.map(parseHostException));
  return read.ok ? null : read.complaint;
};

describe("an address as users write it", () => {
  it.each([
    ["https://example.com", "https://example.com/"],
    ["HTTPS://Example.COM/Hooks?key=1", "https://example.com/Hooks?key=1"],
    ["https://hooks.example.com:8443/a/b", "https://hooks.example.com:8443/a/b"],
    ["https://8.8.8.8/hooks", "https://8.8.8.8/hooks"],
    ["https://[2606:4700:4700::1111]/hooks", "https://[2606:4700:4700::1111]/hooks"],
    ["https://[2606:4700:4700:0:0:0:0:1111]", "https://[2606:4700:4700::1111]/"],
    ["https://bücher.example/hooks", "https://xn--bcher-kva.example/hooks"],
    ["https://xn--bcher-kva.example/hooks", "https://xn--bcher-kva.example/hooks"],
    ["https://under_score.example.com", "https://under_score.example.com/"],
    ["https://example.com/a%20b?q=%23", "https://example.com/a%20b?q=%23"],
  ])("%s is fit to be sent to", (text, href) => {
    const read = readOutsideUrl(text, []);
    expect(read.ok && read.url.href).toBe(href);
  });

  it.each([
    ["no address", "example"],
    ["no scheme", "example.com/hooks"],
    ["another scheme", "ftp://example.com/hooks"],
    ["a script", "javascript:alert(1)"],
    ["one slash", "https:/example.com"],
    ["three slashes", "https:///example.com"],
    ["no slashes", "https:example.com"],
    ["backslashes", "https:\\\\example.com"],
    ["a backslash after the host", "https://example.com\\@10.0.0.1/"],
    ["a space", "https://example.com/a b"],
    ["a line break", "https://example.com/\r\nX-Injected: 1"],
    ["a tab in the host", "https://exam\tple.com"],
    ["a NUL", "https://example.com/\0"],
    ["a user name", "https://user@example.com/"],
    ["credentials", "https://user:secret@example.com/"],
    ["empty credentials", "https://:@example.com/"],
    ["nothing before the @", "https://@example.com/"],
    ["a fragment", "https://example.com/#a"],
    ["an empty fragment", "https://example.com/#"],
    ["port 0", "https://example.com:0/"],
    ["an empty port", "https://example.com:/"],
    ["a port beyond 65535", "https://example.com:65536/"],
    ["plain http", "http://example.com/"],
    ["a trailing dot", "https://example.com./"],
    ["two dots", "https://example..com/"],
    ["a host in percent encoding", "https://ex%61mple.com/"],
    ["letters that only look like others", "https://ｅxample.com/"],
    ["a full-width dot", "https://example。com/"],
    ["a label that is too long", `https://${"a".repeat(64)}.example.com/`],
    ["a name that is too long", `https://${"a.".repeat(130)}example.com/`],
    ["too long", `https://example.com/${"a".repeat(1000)}`],
  ])("%s is refused: %s", (_case, text) => {
    expect(complaintOf(text)).toMatch(/^(Use|Write|Leave|Name|Check) [^\n]+\.$/);
  });
});

describe("an exception", () => {
  it.each([
    ["localhost", "http://localhost:9000/hooks"],
    ["localhost:9000", "http://localhost:9000/hooks"],
    ["LOCALHOST:9000", "http://localhost:9000/hooks"],
    ["10.0.0.5", "https://10.0.0.5/"],
    ["10.0.0.5:80", "http://10.0.0.5/"],
    ["[::1]:9000", "http://[::1]:9000/"],
    ["receiver", "http://receiver/"],
  ])("%s lets %s pass", (exception, url) => expect(complaintOf(url, [exception])).toBeNull());

  it.each([
    ["localhost:9000", "http://localhost:9001/"],
    ["localhost:9000", "http://localhost/"],
    ["localhost:9000", "http://127.0.0.1:9000/"],
    ["localhost", "http://sub.localhost/"],
    ["localhost", "http://localhost.example.com/"],
    ["localhost", "http://localhost./"],
    ["localhost", "http://user@localhost/"],
    ["10.0.0.5", "http://10.0.0.50/"],
    ["10.0.0.5", "http://0x0a.0.0.5/"],
  ])("%s does not let %s pass", (exception, url) => expect(complaintOf(url, [exception])).not.toBeNull());

  it.each(["", "http://localhost", "localhost/hooks", "user@localhost", "a b", "localhost:99999", "*"])(
    "%j is no exception",
    (text) => {
      if (text === "*") expect(complaintOf("http://10.0.0.5/", [text])).not.toBeNull();
      else expect(() => parseHostException(text)).toThrow(/is no host such as/);
    },
  );
});
