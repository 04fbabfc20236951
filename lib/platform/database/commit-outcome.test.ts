import type { PoolClient } from "pg";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";

import { commitOutcome, type TransactionMark } from "./commit-outcome";
import { endPools, writePool } from "./pool";

let client: PoolClient;
let mark: TransactionMark;

beforeEach(async () => {
  client = await writePool().connect();
  await client.query("BEGIN");
  const { rows } = await client.query<TransactionMark>(
    `SELECT pg_current_xact_id()::text AS xid, pg_postmaster_start_time()::text AS "servedSince"`,
  );
  [mark] = rows as [TransactionMark];
});
// Some connections were ended by the server.
afterEach(() => client.release(true));
afterAll(endPools);

describe("commitOutcome", () => {
  it("knows what was committed and what was not", async () => {
    await client.query("COMMIT");
    expect(await commitOutcome(mark)).toBe("committed");
    await client.query("BEGIN");
    const { rows } = await client.query<{ xid: string }>("SELECT pg_current_xact_id()::text AS xid");
    await client.query("ROLLBACK");
    expect(await commitOutcome({ ...mark, xid: rows[0]?.xid ?? "" })).toBe("aborted");
  });

  it("ends one whose connection says no word any more, so that something is known", async () => {
    expect(await commitOutcome(mark)).toBe("aborted");
    await expect(client.query("COMMIT")).rejects.toThrow();
  });

  it("takes no other server's word for a commit: it may have given the number anew", async () => {
    await client.query("COMMIT");
    expect(await commitOutcome({ ...mark, servedSince: "2020-01-01 00:00:00+00" })).toBe("unknown");
  });

  it("knows that a server which never had the transaction does not have what it did", async () => {
    await client.query("COMMIT");
    const far = String(BigInt(mark.xid) + 1_000_000n);
    expect(await commitOutcome({ xid: far, servedSince: "2020-01-01 00:00:00+00" })).toBe("aborted");
  });
});
