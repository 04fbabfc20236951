import { describe, expect, it, vi } from "vitest";

import { isOutage } from "./state";
import { readPool } from "./pool";

describe("a pool whose connections are all in use", () => {
  it("gives up after two seconds, told as busy and not as a bug", async () => {
    const pool = readPool();
    const taken = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
    try {
      const answers = await Promise.allSettled([pool.query("SELECT 1"), pool.connect()]);
      for (const answer of answers) {
        expect(answer).toMatchObject({ status: "rejected", reason: { code: "ETIMEDOUT" } });
        if (answer.status === "rejected") expect(await isOutage(answer.reason)).toBe(true);
      }
    } finally {
      for (const client of taken) client.release();
    }
    await vi.waitFor(async () => expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]));
  });
});
