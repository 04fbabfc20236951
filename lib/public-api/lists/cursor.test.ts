import { afterEach, describe, expect, it } from "vitest";

import { env } from "@/lib/platform/env";
import { readCursor, writeCursor } from "./cursor";

const before = { ...env() };
afterEach(() => Object.assign(env(), before));

describe("a cursor from before a rotation of AUTH_SECRET", () => {
  const cursor = { accountId: 7, resource: "vehicles", conditions: [], flags: [], sort: [], after: ["7"] };
  const place = { accountId: 7, resource: "vehicles", parameter: "start_cursor" };

  it("leads on while the secret that signed it is named as a previous one", () => {
    const written = writeCursor(cursor);
    Object.assign(env(), { AUTH_SECRET: "n".repeat(40), AUTH_SECRET_PREVIOUS: ["m".repeat(40), before.AUTH_SECRET] });
    expect(readCursor(written, place)).toEqual(cursor);
    expect(writeCursor(cursor)).not.toBe(written);
  });

  it("is no cursor where it is not", () => {
    const written = writeCursor(cursor);
    Object.assign(env(), { AUTH_SECRET: "n".repeat(40) });
    expect(() => readCursor(written, place)).toThrow("is not a cursor of this list");
  });
});
