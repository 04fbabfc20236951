import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";

import { listAccounts } from "@/lib/accounts/endpoints";
import { getCallingApiKey } from "@/lib/api-keys/endpoints";
import { createApiHandler } from "@/lib/public-api/application";
import { getVehicles } from "@/lib/vehicles/endpoints";
import {
  makeAccountWithPeople,
  makeApiKey,
  makePartnerWithPeople,
  type ApiKeyChoice,
} from "@/prisma/factories/accounts-and-keys";
import { runCheck } from "./run-check";

let server: Server;
const hosts = new Set<string | undefined>();
const api = createApiHandler([listAccounts, getVehicles, getCallingApiKey], () => undefined);

beforeAll(async () => {
  server = createServer((req, res) => {
    hosts.add(req.headers.host);
    void api(req, res, { path: (req.url ?? "").split("?")[0] ?? "", ip: "10.9.8.7", requestId: "test" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.env.INTERNAL_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));

const READ = ["vehicles.read", "contacts.read", "vehicle_assignments.read", "meter_entries.read", "fuel_entries.read"];

it("finds of this very hub what there is to find, by its own name and at its own door", async () => {
  const people = await makeAccountWithPeople();
  const { account, owner } = people;
  const check = async (choice: Partial<ApiKeyChoice> = {}, accountToken = account.token) => {
    const { token } = await makeApiKey({ account, createdBy: owner, scopes: READ, ...choice });
    return runCheck({ baseUrl: null, accountToken, apiKey: token }, account.token);
  };
  const valid = await check();
  expect(valid).toMatchObject({ status: "valid", reason: null, scopes: READ });
  expect(valid.expiresAt).toBeInstanceOf(Date);
  expect(await check({ state: "revoked" })).toMatchObject({
    status: "refused",
    reason: expect.stringContaining("revoked"),
  });
  expect(await check({ state: "expired" })).toMatchObject({
    status: "refused",
    reason: expect.stringContaining("expired"),
  });
  expect(await check({ allowedIps: ["203.0.113.0/24"] })).toMatchObject({
    status: "refused",
    reason: expect.stringContaining("may not be used from 10.9.8.7"),
  });
  expect(await check({ scopes: ["contacts.read"] })).toMatchObject({
    status: "lacks_scope",
    scopes: ["contacts.read"],
  });
  expect(await check({}, "ffffffffff")).toMatchObject({ status: "wrong_account" });
  const partner = await makePartnerWithPeople();
  const [customer] = partner.customers;
  const ofPartner = { account: partner.account, createdBy: partner.owner };
  expect(await check(ofPartner, customer.token)).toMatchObject({ status: "valid" });
  expect(await check(ofPartner, account.token)).toMatchObject({ status: "wrong_account" });
  const unknown = { baseUrl: null, accountToken: account.token, apiKey: `fah_${"0".repeat(36)}` };
  expect(await runCheck(unknown, account.token)).toMatchObject({ status: "refused" });
  expect([...hosts]).toEqual(["localhost:3000"]);
});
