import { describe, expect, it } from "vitest";

import { nextPath, normalizeEmail } from "./policy";

describe("nextPath", () => {
  it.each([
    "/",
    "/798819214b/api-keys",
    "/798819214b/api-keys?status=active&page=a%2Fb#top",
    "/api-keys",
    "/sign-inspection",
  ])("goes on to %s", (path) => {
    expect(nextPath(path)).toBe(path);
  });

  it("is what any header can hold", () => {
    expect(nextPath("/日本/é?q=ü#ß")).toBe("/%E6%97%A5%E6%9C%AC/%C3%A9?q=%C3%BC#%C3%9F");
    expect(nextPath("/\u{1f600}\ud800")).toBe("/%F0%9F%98%80%EF%BF%BD");
    expect(nextPath("/a/../b/./c")).toBe("/b/c");
  });

  it.each([
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/..//evil.example",
    "/%2e%2e//evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    " /x",
    "/a b",
    "javascript:alert(1)",
    "evil.example",
    "",
    "/x\u0085",
    "/\u2028/evil.example\u0000",
    "/%0d%0a/../..//evil.example",
    `/${"日".repeat(300)}`,
    "/x/../sign-in",
    "/sign-in",
    "/sign-in/link?token=x",
    "/api/auth/signout",
    `/${"a".repeat(2001)}`,
    null,
    undefined,
    7,
    ["/a", "/b"],
  ])("does not go on to %j", (value) => {
    expect(nextPath(value)).toBeNull();
  });
});

describe("normalizeEmail", () => {
  it("has one spelling for full-width letters, capitals and spaces around", () => {
    expect(normalizeEmail("  Ｏlivia@Ｅxample.COM ")).toBe("olivia@example.com");
  });
});
