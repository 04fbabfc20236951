import { createCipheriv, hkdfSync, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";

import { decrypt, encrypt, UnreadableError } from "./cipher";
import { keyRing } from "./key-ring";

const secret = () => randomBytes(36).toString("base64");
const [auth, data, next] = [secret(), secret(), secret()];
const ringOf = (given: Partial<Parameters<typeof keyRing>[0] & object>) =>
  keyRing({ AUTH_SECRET: auth, AUTH_SECRET_PREVIOUS: [], DATA_SECRET: undefined, DATA_SECRET_PREVIOUS: [], ...given });
const PLACE = { purpose: "test", context: "row:1" };

/** As 0.1.0 did: no key is named in front. */
function encryptAsBefore(text: string, key: string): Uint8Array {
  const derived = Buffer.from(hkdfSync("sha256", key, "fleet-advisor-hub", PLACE.purpose, 32));
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", derived, nonce).setAAD(Buffer.from(PLACE.context));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

describe("an encrypted text", () => {
  it("says which key opens it in its first 4 bytes, the same for every purpose, and holds nothing of the text", () => {
    const ring = ringOf({ DATA_SECRET: data });
    const sealed = Buffer.from(encrypt("canary-text", PLACE, ring));
    expect(sealed.subarray(0, 4)).toEqual(ring.current.id);
    expect(sealed.subarray(0, 4)).not.toEqual(ringOf({}).current.id);
    expect(sealed.includes("canary")).toBe(false);
    expect(encrypt("canary-text", PLACE, ring)).not.toEqual(sealed);
    expect(decrypt(sealed, PLACE, ring)).toBe("canary-text");
  });

  it.each([
    ["in another row", { ...PLACE, context: "row:2" }, (bytes: Buffer) => bytes],
    ["for another purpose", { ...PLACE, purpose: "other" }, (bytes: Buffer) => bytes],
    ["with another key's name", PLACE, (bytes: Buffer) => Buffer.concat([Buffer.alloc(4), bytes.subarray(4)])],
    ["with a bit changed", PLACE, (bytes: Buffer) => bytes.map((byte, index) => (index === 20 ? byte ^ 1 : byte))],
    ["cut off", PLACE, (bytes: Buffer) => bytes.subarray(0, 20)],
    ["that is empty", PLACE, () => Buffer.alloc(0)],
  ])("%s cannot be read", (_what, place, spoil) => {
    const ring = ringOf({});
    const sealed: Uint8Array = spoil(Buffer.from(encrypt("text", PLACE, ring)));
    expect(() => decrypt(sealed, place, ring)).toThrow(UnreadableError);
  });
});

describe("the ring", () => {
  const before = ringOf({});
  const withData = ringOf({ DATA_SECRET: data });
  const given = { auth: encrypt("a", PLACE, before), data: encrypt("d", PLACE, withData) };

  it.each([
    ["DATA_SECRET set for the first time", { DATA_SECRET: data }, "ad"],
    ["both secrets' successors announced, then swapped", { DATA_SECRET: next, DATA_SECRET_PREVIOUS: [data] }, "ad"],
    ["AUTH_SECRET rotated", { AUTH_SECRET: next, AUTH_SECRET_PREVIOUS: [auth], DATA_SECRET: data }, "ad"],
    ["AUTH_SECRET rotated, without a DATA_SECRET", { AUTH_SECRET: next, AUTH_SECRET_PREVIOUS: [auth, data] }, "ad"],
    ["AUTH_SECRET changed", { AUTH_SECRET: next, DATA_SECRET: data }, "-d"],
    ["DATA_SECRET changed", { DATA_SECRET: next }, "a-"],
    ["DATA_SECRET taken away", {}, "a-"],
  ])("with %s reads %s", (_what, secrets, wanted) => {
    const ring = ringOf(secrets);
    const read = (sealed: Uint8Array) => {
      try {
        return decrypt(sealed, PLACE, ring);
      } catch {
        return "-";
      }
    };
    expect(read(given.auth) + read(given.data)).toBe(wanted);
  });

  it("reads what was encrypted before keys were named, with whichever key", () => {
    const old = encryptAsBefore("old", auth);
    expect(decrypt(old, PLACE, ringOf({ DATA_SECRET: data }))).toBe("old");
    expect(() => decrypt(old, PLACE, ringOf({ AUTH_SECRET: next }))).toThrow(UnreadableError);
  });
});
