import { Agent, request as sendRequest } from "node:http";
import { afterAll, beforeAll, expect, it } from "vitest";

import { startApiProcesses, type ApiProcess } from "@/bench/api-processes";
import { revokeApiKey } from "@/lib/api-keys/service";
import {
  makeApiKey,
  makePartnerWithPeople,
  permitFor,
  type PartnerWithPeople,
} from "@/prisma/factories/accounts-and-keys";

const TRIED = 10_000;
const CONNECTIONS = 50;
const KEYS = 40;
const EACH = TRIED / KEYS;

let apis: ApiProcess[] = [];
let partner: PartnerWithPeople;
const agents = [0, 1].map(() => new Agent({ keepAlive: true, maxSockets: CONNECTIONS / 2 }));

beforeAll(async () => {
  partner = await makePartnerWithPeople();
  apis = await startApiProcesses(2, { RATE_LIMIT_STORE: "postgres", DATABASE_POOL_SIZE: "8" });
});
afterAll(async () => {
  for (const agent of agents) agent.destroy();
  await Promise.all(apis.map((api) => api.stop()));
});

function ask(instance: number, token: string): Promise<{ status: number; code: string }> {
  const api = apis[instance];
  const agent = agents[instance];
  return new Promise((resolve, reject) => {
    const req = sendRequest(
      {
        host: "127.0.0.1",
        port: api?.port,
        ...(agent && { agent }),
        path: "/api/v1/api_key",
        headers: { authorization: `Token ${token}` },
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on("data", (chunk: Buffer) => chunks.push(chunk));
        res.on("end", () => {
          const { code = "" } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { code?: string };
          resolve({ status: res.statusCode ?? 0, code });
        });
      },
    );
    req.on("error", reject);
    req.end();
  });
}

it("serves no request that starts after the revoking call has returned: 10,000 tried, two instances, 50 connections", async () => {
  const servedBefore: number[] = [];
  const triedAfter = [0, 0];
  const wronglyServed: unknown[] = [];
  const others: unknown[] = [];
  const manager = await permitFor("apiKeys.manage", { user: partner.owner, account: partner.account });
  for (let round = 0; round < KEYS; round++) {
    const { key, token } = await makeApiKey({ account: partner.account });
    let isRevoked = false;
    let before = 0;
    let started = 0;
    const connection = async (instance: number) => {
      while (started < EACH) {
        const startsAfter = isRevoked;
        if (startsAfter) started++;
        const { status, code } = await ask(instance, token);
        if (startsAfter) triedAfter[instance] = (triedAfter[instance] ?? 0) + 1;
        else before += status === 200 ? 1 : 0;
        if (startsAfter && status !== 401) wronglyServed.push({ round, instance, status });
        if (status !== 200 && code !== "key_revoked") others.push({ round, instance, status, code });
      }
    };
    const load = Promise.all(Array.from({ length: CONNECTIONS }, (_, index) => connection(index % 2)));
    // Revoked while the load is at its height.
    while (before < CONNECTIONS && others.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(others).toEqual([]);
    await revokeApiKey(manager, { id: key.id });
    isRevoked = true;
    await load;
    servedBefore.push(before);
  }
  console.log(
    "tried after the revocation, by instance",
    triedAfter,
    "served before",
    servedBefore.reduce((sum, count) => sum + count, 0),
  );
  expect(wronglyServed).toEqual([]);
  expect(others).toEqual([]);
  expect((triedAfter[0] ?? 0) + (triedAfter[1] ?? 0)).toBeGreaterThanOrEqual(TRIED);
  expect(Math.min(...triedAfter)).toBeGreaterThan(TRIED / 10);
  expect(Math.min(...servedBefore)).toBeGreaterThanOrEqual(CONNECTIONS);
});
