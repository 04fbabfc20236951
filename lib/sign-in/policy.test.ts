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
