import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { createContactInput } from "@/lib/contacts/schema";
import { createContact } from "@/lib/contacts/service";
import { db } from "@/lib/platform/database/db";
import { endPools } from "@/lib/platform/database/pool";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeAccountWithPeople, permitFor } from "@/prisma/factories/accounts-and-keys";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { freePort } from "@/testing/free-port";
import { expectWholeLogs } from "@/testing/whole-logs";

const WEBHOOKS = 20;
const DELIVERIES = 1000;
const processes = new Set<ChildProcess>();
const taken: string[] = [];
const receiver = createServer((request, response) => {
  request.resume().on("end", () => {
    taken.push(String(request.headers["webhook-id"]));
    setTimeout(() => response.end("taken"), 300);
  });
});

beforeAll(async () => {
  expect(spawnSync(process.execPath, ["testing/build-worker.mjs"], { stdio: "inherit" }).status).toBe(0);
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  for (const child of processes) child.kill("SIGKILL");
  receiver.closeAllConnections();
  receiver.close();
  await endPools();
});

/** The real process, with its worker alone. */
async function startHub(): Promise<ChildProcess> {
  const port = await freePort();
  const environment = {
    ...process.env,
    NODE_ENV: "production" as const,
    HUB_ROLES: "worker",
    HOST: "127.0.0.1",
    PORT: String(port),
    RESEND_API_KEY: "re_test",
    WEBHOOK_ALLOWED_PRIVATE_HOSTS: "127.0.0.1",
    LOG_LEVEL: "fatal",
  };
  const child = spawn(process.execPath, [".build/worker-test/testing/worker-process.mjs"], {
    env: environment,
    stdio: "inherit",
  });
  processes.add(child);
  child.once("exit", () => processes.delete(child));
  return child;
}

async function makeDeliveries(): Promise<string[]> {
  const account = await makeAccount();
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hooks`;
  const ids: string[] = [];
  for (let n = 0; n < WEBHOOKS; n += 1) {
    const { webhook } = await makeWebhook({ account, url });
    const mine = Array.from({ length: DELIVERIES / WEBHOOKS }, (_, k) => `msg_${n}_${k}`);
    ids.push(...mine);
    await bookkeepingDb().webhookEvent.createMany({
      data: mine.map((messageId) => ({
        accountId: account.id,
        webhookId: webhook.id,
        messageId,
        event: "vehicle_created",
        body: JSON.stringify({ id: messageId }),
        nextAttemptAt: new Date(),
      })),
    });
  }
  return ids;
}

const open = () => db().webhookEvent.count({ where: { status: { not: "delivered" } } });
const wake = () =>
  bookkeepingDb().$executeRaw`SELECT graphile_worker.add_job('webhooks.deliver', '{}'::json, job_key => 'wake')`;

describe("SIGKILL while 1,000 deliveries go out", () => {
  it("loses none, and repeats those under way once a kill, with the same id", async () => {
    const ids = await makeDeliveries();
    let kills = 0;
    for (; kills < 6 && (await open()) > 0; kills += 1) {
      const hub = await startHub();
      const before = taken.length;
      await wake();
      for (let waited = 0; taken.length === before && waited < 60_000; waited += 20) await sleep(20);
      await sleep(Math.random() * 400);
      // Somebody changes something meanwhile, which the dead one has to tell of.
      const { account, owner } = await makeAccountWithPeople();
      const permit = await permitFor("contacts.write", { user: owner, account });
      await createContact(permit, createContactInput.parse({ first_name: "Dana" }));
      hub.kill("SIGKILL");
      await new Promise((resolve) => hub.once("exit", resolve));
      // The dead one's leases are over; what it had under way is anybody's.
      await bookkeepingDb()
        .$executeRaw`UPDATE webhook_events SET leased_until = clock_timestamp() WHERE leased_until IS NOT NULL`;
    }
    await startHub();
    for (let waited = 0; (await open()) > 0 && waited < 180_000; waited += 500) {
      await wake();
      await sleep(500);
    }
    const times = new Map<string, number>();
    for (const id of taken) times.set(id, (times.get(id) ?? 0) + 1);
    const most = Math.max(...times.values());
    console.log(
      `${kills} kills; ${taken.length - DELIVERIES} of ${DELIVERIES} were repeated, one ${most} times at most`,
    );
    expect(await open()).toBe(0);
    expect([...times.keys()].sort()).toEqual(ids.sort());
    expect(most).toBeLessThanOrEqual(kills + 1);
    // One record an attempt that ended; those that a kill cut off left none.
    expect(await db().webhookAttempt.count()).toBe(DELIVERIES);
    await expectWholeLogs();
  });
});
