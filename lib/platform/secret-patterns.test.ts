import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { KEYS, secretComplaints, findSecret, redactSecrets, redactSecretsWithin } from "./secret-patterns";

/** With the checksums that `lib/auth/api-key-token.test.ts` knows from elsewhere. */
const TOKEN = "fah_0000000000000000000000000000002C8GjS";
const OTHER = "fah_zzzzzzzzzzzzzzzzzzzzzzzzzzzzzz4IlJEz";
const MISTYPED = "fah_0000000000000000000000000000002C8GjT";
const SECRET = `whsec_${Buffer.alloc(32, "/").toString("base64")}`;
const LINK = `https://hub.example/sign-in/link?token=${"a".repeat(43)}&email=a%40b.example`;

describe("withoutSecrets", () => {
  it.each([
    [TOKEN, "fah_000000"],
    [`Keycafe ${TOKEN}, ${OTHER}.`, "Keycafe fah_000000, fah_zzzzzz."],
    [`x${TOKEN}y`, "xfah_000000y"],
    [`fah_${"a".repeat(33)}${TOKEN}`, `fah_${"a".repeat(33)}fah_000000`],
    [`{"name":"${TOKEN}\\n"}`, '{"name":"fah_000000\\n"}'],
    [`secret=${SECRET};`, "secret=whsec_left_out;"],
    [SECRET.replace("=", ""), "whsec_left_out"],
    [encodeURIComponent(SECRET), "whsec_left_out"],
    [`whsec_whsec_${SECRET}`, "whsec_whsec_whsec_left_out"],
    [LINK, "https://hub.example/sign-in/link?token=left_out&email=a%40b.example"],
    [`/invitation?token=${"-".repeat(43)}`, "/invitation?token=left_out"],
  ])("of %s leaves %s", (given, left) => expect(redactSecrets(given)).toBe(left));

  it.each([MISTYPED, TOKEN.toLowerCase().replace("fah", "FAH"), "fah_000000", "whsec_short", "token=abc", ""])(
    "leaves %j alone",
    (given) => {
      expect(redactSecrets(given)).toBe(given);
      expect(findSecret(given)).toBeNull();
    },
  );

  it("knows every secret of a webhook, wherever it stands", () => {
    for (let made = 0; made < 500; made++) {
      const key = randomBytes(32);
      for (const text of [key.toString("base64"), key.toString("base64url")])
        expect(redactSecrets(`a whsec_${text}`)).toBe("a whsec_left_out");
    }
  });

  it("finds what stands between any other texts, and leaves those as they are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, after) => {
        expect(redactSecrets(before + TOKEN + after)).toBe(`${before}fah_000000${after}`);
      }),
    );
  });

  it("leaves a link where it is told to look for keys alone", () => {
    expect(redactSecrets(`${LINK}#${TOKEN}`, KEYS)).toBe(`${LINK}#fah_000000`);
  });

  it("takes no longer for a text made to be slow", () => {
    const slow = `${"fah_".repeat(50_000)}${"whsec_a".repeat(50_000)}${"/invitation?".repeat(5_000)}token`;
    const began = performance.now();
    expect(redactSecrets(slow) === slow).toBe(true);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

it("withoutSecretsWithin masks names and texts, and keeps what is no text", () => {
  const at = new Date(0);
  expect(redactSecretsWithin({ [TOKEN]: [TOKEN, 1, null, { deep: SECRET }], at })).toEqual({
    fah_000000: ["fah_000000", 1, null, { deep: "whsec_left_out" }],
    at,
  });
});

it("secretComplaints says where, without saying what", () => {
  const given = { name: `x ${TOKEN}`, [TOKEN]: 1, list: ["fine", SECRET], fine: MISTYPED, link: { to: LINK } };
  const complaint = (kind: string) => [`holds ${kind}; take it out, this is no place for a secret`];
  expect(secretComplaints(given)).toEqual({
    name: complaint("an API key"),
    fah_000000: complaint("an API key"),
    "list.1": complaint("a webhook’s secret"),
    "link.to": complaint("a sign-in or invitation link"),
  });
  expect(secretComplaints(TOKEN)).toEqual({ base: complaint("an API key") });
  expect(secretComplaints({ name: MISTYPED, at: new Date(0) })).toBeNull();
});

it("secretComplaints looks as deep as somebody nests, and once at what leads back to itself", () => {
  let given: Record<string, unknown> = { at: TOKEN };
  const innermost = given;
  for (let depth = 0; depth < 100_000; depth += 1) given = { deep: given };
  innermost.back = given;
  const [path = ""] = Object.keys(secretComplaints(given) ?? {});
  expect(path).toMatch(/^deep\.deep/);
  expect(path.length).toBeLessThanOrEqual(200);
});
