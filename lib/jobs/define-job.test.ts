import { Logger, runOnce } from "graphile-worker";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";

import { mintApiKeyToken } from "@/lib/auth/api-key-token";
import { endPools, readPool, writePool } from "@/lib/platform/database/pool";
import { makeAccount } from "@/prisma/factories/accounts-and-keys";
import { useOwnDatabase } from "@/testing/own-database";
import { defineJob, taskOf } from "./define-job";

/** Stands in what was sent, and nowhere else. */
const SENT = "Zanz 47x1";

let drop: () => Promise<void>;
beforeAll(async () => {
  drop = await useOwnDatabase("queue");
});
afterAll(async () => {
  await endPools();
  await drop();
});

const { token } = mintApiKeyToken();

/** Each throws what holds something that was sent, in its message or beside it. */
const FAILURES: Readonly<Record<string, readonly [work: () => unknown, keeps: RegExp]>> = {
  "a statement's parameter": [
    async () => {
      const account = await makeAccount();
      for (let n = 0; n < 2; n += 1)
        await writePool().query(
          "INSERT INTO contacts (account_id, first_name, name, employee_number) VALUES ($1, 'x', 'x', $2)",
          [account.id, SENT],
        );
    },
    /^error: duplicate key value violates unique constraint "contacts_account_id_employee_number_key"$/,
  ],
  "a value that the database cannot read": [
    () => readPool().query("SELECT $1::text::int", [SENT]),
    /^error: invalid input syntax for type integer: "\[left out\]"$/,
  ],
  "a parser's input": [() => JSON.parse(`{"name": ${SENT}}`) as unknown, /^SyntaxError: .*is not valid JSON$/],
  "a secret in words of our own": [
    () => {
      throw new Error(`the receiver said ${token}`);
    },
    /^Error: the receiver said fah_\w{6}$/,
  ],
  "no error at all": [() => AbortSignal.abort(SENT).throwIfAborted(), /^Error: no error was thrown, but string$/],
  "what is wrong with its payload": [
    () => z.strictObject({ plan: z.enum(["basic"]) }).parse({ plan: SENT, [SENT]: SENT }),
    /^ZodError: an input did not fit: invalid_value, unrecognized_keys$/,
  ],
};

it.each(Object.entries(FAILURES))(
  "the queue keeps of a failure nothing that was sent: %s",
  async (_, [work, keeps]) => {
    const job = defineJob({
      name: "test.fails",
      permission: "events.publish",
      payload: z.object({}),
      run: async () => void (await work()),
    });
    const { rows: queued } = await writePool().query<{ id: string }>(
      "SELECT id FROM graphile_worker.add_job('test.fails', '{}')",
    );
    const taskList = { [job.name]: taskOf(job, () => Promise.resolve()) };
    // Its own words are for the console, and are the same.
    const said: string[] = [];
    const logger = new Logger(() => (_level, message) => void said.push(message));
    await runOnce({ pgPool: writePool(), taskList, noHandleSignals: true, logger });
    const kept = "SELECT last_error FROM graphile_worker._private_jobs WHERE id = $1";
    // Now and then the queue has said that a job failed, and ended, before the row says it.
    const errorOf = async () => (await writePool().query<{ last_error: string }>(kept, [queued[0]?.id])).rows[0];
    await expect.poll(errorOf).toMatchObject({ last_error: expect.any(String) });
    const row = await errorOf();
    await writePool().query("DELETE FROM graphile_worker._private_jobs WHERE id = $1", [queued[0]?.id]);
    for (const text of [row?.last_error, said.join("\n")]) {
      expect(text).not.toMatch(/Zanz|47x1/);
      expect(text).not.toContain(token);
    }
    expect(row?.last_error).toMatch(keeps);
  },
);
