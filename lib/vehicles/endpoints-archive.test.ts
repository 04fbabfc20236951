import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import * as contactEndpoints from "@/lib/contacts/endpoints";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeContact } from "@/prisma/factories/contacts-and-entries";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { jsonCall, serveForTests, type TestApi } from "@/testing/serve-api";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;

beforeAll(async () => {
  api = await serveForTests([...Object.values(endpoints), ...Object.values(contactEndpoints)]);
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES }));
});

const NOUNS = { vehicles: makeVehicle, contacts: makeContact } as const;
const RECORDS = (["vehicles", "contacts"] as const).flatMap((noun) =>
  API_VERSIONS.map((version) => ({ noun, version })),
);
const deeds = async () =>
  (await bookkeepingDb().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } })).map(
    ({ action }) => action.split(".")[1],
  );

describe.each(RECORDS)("one of the $noun in version $version", ({ noun, version }) => {
  const make = NOUNS[noun];
  const call = (path: string, method = "GET", body?: object) =>
    api.call(
      `/api/v1/${noun}/${path}`,
      jsonCall({ token, account, method, body, headers: { "x-api-version": version } }),
    );
  const archivedAt = async (id: number) => (await call(String(id))).json.archived_at;

  it("204: is archived and restored, each once, with one event", async () => {
    const { id } = await make({ account });
    for (const deed of ["archive", "archive", "restore", "restore"]) {
      const answer = await call(`${id}/${deed}`, "PATCH");
      expect([answer.status, answer.text]).toEqual([204, ""]);
      expect(await archivedAt(id)).toEqual(deed === "restore" ? null : expect.any(String));
    }
    expect(await deeds()).toEqual(["archived", "restored"]);
  });

  it("200: is archived by a change of archived_at, now, whatever date it says; null restores it", async () => {
    const { id } = await make({ account });
    const patch = async (body: object) => (await call(String(id), "PATCH", body)).json;
    const before = Date.now() - 60_000;
    for (const date of ["2001-01-01", "2999-01-01T00:00:00Z"]) {
      expect(Date.parse(String((await patch({ archived_at: date })).archived_at))).toBeGreaterThan(before);
      expect(Date.parse(String(await archivedAt(id)))).toBeLessThan(Date.now() + 60_000);
    }
    expect((await patch({ archived_at: null })).archived_at).toBeNull();
    expect((await patch({ archived_at: null })).archived_at).toBeNull();
    expect(await deeds()).toEqual(["archived", "restored"]);
    const refused = await call(String(id), "PATCH", { archived_at: "yes" });
    expect([refused.status, Object.keys(refused.json.errors ?? {})]).toEqual([422, ["archived_at"]]);
  });

  it("200: is changed and archived by one request, each with its event; left out, it stays", async () => {
    const { id } = await make({ account });
    const field = noun === "vehicles" ? "license_plate" : "job_title";
    const { json } = await call(String(id), "PATCH", { [field]: "7ABC123", archived_at: "2026-01-01" });
    expect(json).toMatchObject({ [field]: "7ABC123", archived_at: expect.any(String) as string });
    await call(String(id), "PATCH", { [field]: "8ABC123" });
    expect(await archivedAt(id)).toBe(json.archived_at);
    expect(await deeds()).toEqual(["updated", "archived", "updated"]);
  });
});
