import type { ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, expect, it } from "vitest";

import { findImport } from "@/lib/imports/queries";
import { startImport, uploadImport } from "@/lib/imports/service";
import { db } from "@/lib/platform/database/db";
import { env } from "@/lib/platform/env";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeVehicleSettings } from "@/prisma/factories/vehicles";
import { freePort } from "@/testing/free-port";
import { buildWorker, spawnWorker } from "@/testing/spawn-worker";
import { expectWholeLogs } from "@/testing/whole-logs";

const ROWS = 10_000;
/** The process is killed when it has come so far. */
const KILLED_AT = [2_000, 6_000];
const FIRST_ROW = 2;

let space: AccountWithPeople;
let worker: ChildProcess | null = null;

beforeAll(async () => {
  buildWorker();
  space = await makeAccountWithPeople();
  await makeVehicleSettings(space.account);
});

afterEach(() => worker?.kill("SIGKILL"));

/** What is wrong with a row of the file; null where nothing is. */
function faultOf(number: number): string | null {
  if (number % 500 === 7) return "Type: “Ship” does not exist in this account";
  if (number % 500 === 8) return "VIN: must have 17 letters and digits, without I, O and Q";
  return number % 500 === 9 ? "Name: has already been taken" : null;
}

function lineOf(number: number): string {
  const name = number % 500 === 9 ? "Van 2" : `Van ${number}`;
  return [name, number % 500 === 8 ? "short" : "", number % 500 === 7 ? "Ship" : "Van", "Active", "mi"].join(",");
}

async function startWorker(): Promise<ChildProcess> {
  const { DATABASE_URL, AUTH_SECRET, AUDIT_SECRET } = env();
  return spawnWorker({ PORT: String(await freePort()), DATABASE_URL, AUTH_SECRET, AUDIT_SECRET });
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

it("10,000 rows come in whole, the bad ones named and skipped, though the process is killed twice", async () => {
  const permit = await permitFor("imports.manage", { user: space.member, account: space.account });
  const numbers = Array.from({ length: ROWS }, (_, index) => index + FIRST_ROW);
  const file = ["Name,VIN,Type,Status,Meter unit", ...numbers.map(lineOf)].join("\r\n");
  const { id } = await uploadImport(permit, { record: "vehicles", name: "fleet.csv" }, Buffer.from(file));
  const { columns } = await findImport(permit, { id }, { rows: null, after: 0 });
  await startImport(permit, { id, columns: [...columns] });
  const state = () => db().import.findUniqueOrThrow({ where: { id } });
  const began = performance.now();
  const seconds = () => ((performance.now() - began) / 1000).toFixed(0);
  for (const until of [...KILLED_AT, Infinity]) {
    worker = await startWorker();
    for (let now = await state(); now.finishedAt === null && now.lastRow < until; now = await state()) {
      expect(worker.exitCode).toBeNull();
      await sleep(50);
    }
    const { lastRow, finishedAt } = await state();
    console.log(`row ${lastRow} after ${seconds()} s${finishedAt === null ? "; killed" : ": through"}`);
    await kill(worker);
  }

  const bad = numbers.filter((number) => faultOf(number) !== null);
  expect(await state()).toMatchObject({
    addedCount: ROWS - bad.length,
    refusedCount: bad.length,
    lastRow: ROWS + 1,
    stoppedBecause: null,
  });
  const where = { accountId: space.account.id };
  const rows = await db().importRow.findMany({ where: { ...where, importId: id }, orderBy: { number: "asc" } });
  expect(rows.map(({ number, refusal }) => [number, refusal])).toEqual(
    numbers.map((number) => [number, faultOf(number)]),
  );
  const vehicles = await db().vehicle.findMany({ where, select: { id: true, name: true } });
  const names = new Map(vehicles.map((vehicle) => [vehicle.id, vehicle.name]));
  const added = rows.filter(({ refusal }) => refusal === null);
  expect(vehicles).toHaveLength(added.length);
  expect(added.map(({ recordId }) => names.get(recordId ?? 0))).toEqual(added.map(({ number }) => `Van ${number}`));
  expect(await db().auditEntry.count({ where: { ...where, action: "vehicle.created" } })).toBe(added.length);
  await expectWholeLogs();
}, 900_000);
