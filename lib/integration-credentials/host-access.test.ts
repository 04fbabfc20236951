import { describe, expect, it } from "vitest";

import { baseUrlOf, withoutSecret } from "./host-access";

describe("where a host's API begins", () => {
  it.each([
    ["https://hub.example.com", "https://hub.example.com/api/v1"],
    ["https://hub.example.com/", "https://hub.example.com/api/v1"],
    ["https://HUB.example.com:443/api/v2//", "https://hub.example.com/api/v2"],
    ["https://hub.example.com/fleet/api", "https://hub.example.com/fleet/api"],
  ])("%s is kept as %s", (given, kept) => {
    expect(baseUrlOf(given)).toBe(kept);
  });
});

describe("what a host answered", () => {
  const apiKey = 'k+y"(1)/sécret';
  const base64 = Buffer.from(apiKey).toString("base64");
  it.each([
    ["as it is", apiKey],
    ["in capitals", apiKey.toUpperCase()],
    ["in an address", encodeURIComponent(apiKey)],
    ["in JSON", JSON.stringify(apiKey).slice(1, -1)],
    ["in base64", base64],
    ["in base64 for addresses", Buffer.from(apiKey).toString("base64url")],
    ["in hex", Buffer.from(apiKey).toString("hex")],
  ])("loses the secret %s", (_how, spelling) => {
    expect(withoutSecret(`You sent <${spelling}>, and again ${spelling}.`, { apiKey })).toMatch(
      /^You sent <•••=*>, and again •••=*\.$/,
    );
  });

  it("loses nothing else", () => {
    expect(withoutSecret("key sécret k+y", { apiKey })).toBe("key sécret k+y");
  });
});
