import fc from "fast-check";
import { Agent, request as sendRequest } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";

import { startApiProcesses, type ApiProcess } from "@/bench/api-processes";
import { SCOPES } from "@/lib/auth/scopes";
import { databaseNow } from "@/lib/platform/database/db";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { answerCheck, type AnswerCheck, type CheckedAnswer } from "@/lib/public-api/document/check-answer";
import type { OpenApiDocument } from "@/lib/public-api/document/open-api";
import { generatedRequests, type GeneratedRequest } from "./generated-requests";
import type { World } from "./generated-values";

const REQUESTS = 10_000;
const BATCH_SIZE = 20;
const MEMORY_MEGABYTES = 512;
const MOST_COMPLAINTS = 25;

let api: ApiProcess;
let document: OpenApiDocument;
let check: AnswerCheck;
const agent = new Agent({ keepAlive: true, maxSockets: BATCH_SIZE });
const keys: string[] = [];
const world: World & { ids: Record<string, number[]> } = { keys, accountTokens: [], ids: {}, cursors: [] };
const statuses = new Map<number, number>();

async function makeWorld(): Promise<void> {
  const partner = await makeAccount({ kind: "partner", plan: "premium" });
  const [own, sibling, starter, suspended] = [
    await makeAccount({ partnerId: partner.id, plan: "premium" }),
    await makeAccount({ partnerId: partner.id, plan: "premium" }),
    await makeAccount({ partnerId: partner.id, plan: "starter" }),
    await makeAccount({ partnerId: partner.id, plan: "premium", status: "suspended" }),
  ];
  const [owner, member] = [await makePerson(own, "owner"), await makePerson(own, "member")];
  const mint = async (choice: Parameters<typeof makeApiKey>[0]) =>
    keys.push((await makeApiKey({ scopes: SCOPES, ...choice })).token);
  for (let times = 0; times < 14; times++) await mint({ account: own, createdBy: owner });
  await mint({ account: own, createdBy: member });
  await mint({ account: own, createdBy: owner, scopes: ["vehicles.read"] });
  await mint({ account: own, createdBy: owner, scopes: ["custom_fields.read"] });
  for (const apiVersion of ["2023-03-01", "2024-03-15"]) await mint({ account: own, createdBy: owner, apiVersion });
  await mint({ account: partner });
  await mint({ account: partner, customers: [sibling] });
  await mint({ account: own, createdBy: owner, state: "revoked" });
  await mint({ account: own, createdBy: owner, state: "expired" });
  await mint({ account: own, createdBy: owner, allowedIps: ["192.0.2.0/24"] });
  await mint({ account: own, createdBy: owner, oldTokenUntil: await databaseNow() });
  Object.assign(world, {
    accountTokens: [...Array<string>(16).fill(own.token), sibling.token, partner.token, starter.token, suspended.token],
  });
  const note = (resource: string, { id }: { id: number }) => (world.ids[resource] ??= []).push(id);
  for (const account of [own, sibling]) {
    note("accounts", account);
    const { types, statuses: vehicleStatuses } = await makeVehicleSettings(account);
    for (const type of types) note("vehicle_types", type);
    for (const status of vehicleStatuses) note("vehicle_statuses", status);
    note("custom_fields", await makeCustomField({ account, label: "Depot" }));
    for (let times = 0; times < (account === own ? 16 : 3); times++) {
      const vehicle = await makeVehicle({ account });
      note("vehicles", vehicle);
      note("contacts", await makeContact({ account }));
      if (times % 2 === 0) note("vehicle_assignments", await makeAssignment({ account, vehicleId: vehicle.id }));
      note("meter_entries", await makeMeterEntry({ account, vehicleId: vehicle.id }));
      note("fuel_entries", await makeFuelEntry({ account, vehicleId: vehicle.id }));
    }
  }
}

beforeAll(async () => {
  await makeWorld();
  const [started] = await startApiProcesses(1);
  if (!started) throw new Error("the API did not start");
  api = started;
  document = (await (await fetch(`${api.address}/api/openapi.json`)).json()) as OpenApiDocument;
  check = answerCheck(document);
});
afterAll(async () => {
  agent.destroy();
  await (api as ApiProcess | undefined)?.stop();
});

/** Null where the server ended the connection rather than read on: only a body over the limit is refused so. */
function send({ method, path, headers, body }: GeneratedRequest): Promise<CheckedAnswer | null> {
  const length = body === null ? [] : ["Content-Length", String(body.length)];
  return new Promise((resolve, reject) => {
    const req = sendRequest(
      {
        host: "127.0.0.1",
        port: api.port,
        agent,
        method,
        path,
        headers: ["Host", `127.0.0.1:${api.port}`, ...headers, ...length],
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () =>
          resolve({
            method,
            path,
            status: res.statusCode ?? 0,
            headers: res.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    req.on("error", (error: NodeJS.ErrnoException) =>
      ["ECONNRESET", "EPIPE"].includes(error.code ?? "") && (body?.length ?? 0) > 256 * 1024
        ? resolve(null)
        : reject(error),
    );
    req.end(body ?? undefined);
  });
}

const TRACE = /\bat .*\.(?:m?[jt]s):\d+|node:internal|node_modules|prisma/i;
const SQL =
  /\bSELECT\b.+\bFROM\b|\bINSERT INTO\b|\bUPDATE\b.+\bSET\b|\bDELETE FROM\b|violates .* constraint|syntax error at/i;

function leaksIn({ text, headers }: CheckedAnswer): string[] {
  const all = `${text}\n${JSON.stringify(headers)}`;
  const leaked = keys.some((key) => all.includes(key)) ? ["a key"] : [];
  return [...leaked, ...(TRACE.test(all) ? ["a stack trace"] : []), ...(SQL.test(all) ? ["SQL"] : [])];
}

function learn({ text, status }: CheckedAnswer): void {
  const cursor = status === 200 ? /"next_cursor":"([^"]+)"/.exec(text)?.[1] : undefined;
  if (cursor && world.cursors.length < 200) world.cursors.push(cursor);
}

async function tryOut(request: GeneratedRequest): Promise<string[]> {
  const answer = await send(request);
  if (answer === null) return [];
  statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
  learn(answer);
  const isDocument = answer.path.includes("openapi.json");
  const complaints = [
    ...(answer.status >= 500 ? [`${answer.status}: ${answer.text}`] : []),
    ...check(answer),
    ...(isDocument ? [] : leaksIn(answer)),
  ];
  return complaints.map(
    (complaint) =>
      `${request.method} ${request.path} ${JSON.stringify(request.headers)} ${request.body?.toString("utf8").slice(0, 500) ?? ""}\n  → ${complaint}`,
  );
}

it("answers 10,000 generated requests as its document says, without a fault and without giving anything away", async () => {
  const some = fc.array(generatedRequests(document, world), { minLength: BATCH_SIZE, maxLength: BATCH_SIZE });
  const complaints: string[] = [];
  // What a request meets depends on those before it: there is nothing to shrink to, but a seed to start from again.
  const seed = Date.now() % 2_147_483_647;
  const property = fc.asyncProperty(some, async (requests) => {
    complaints.push(...(await Promise.all(requests.map(tryOut))).flat());
    return complaints.length < MOST_COMPLAINTS;
  });
  await fc.check(property, { numRuns: REQUESTS / BATCH_SIZE, endOnFailure: true, seed });
  expect(complaints, `seed ${seed}`).toEqual([]);
  const counts = Object.fromEntries([...statuses].sort());
  console.log("answers by status", counts, "peak MB", api.peakMegabytes());
  // Else the generator would have tried one refusal ten thousand times.
  for (const status of [200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 422])
    expect(statuses.get(status) ?? 0, String(status)).toBeGreaterThan(9);
  expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 8);
  expect(api.peakMegabytes() ?? 0).toBeLessThan(MEMORY_MEGABYTES);
  expect(await bookkeepingDb().account.count({ where: { token: { in: [...world.accountTokens] } } })).toBe(5);
});
