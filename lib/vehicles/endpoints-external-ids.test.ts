import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import * as assignmentEndpoints from "@/lib/vehicle-assignments/endpoints";
import * as meterEndpoints from "@/lib/meter-entries/endpoints";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeAssignment, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { jsonCall, serveForTests, type TestApi } from "@/testing/serve-api";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let token: string;

beforeAll(async () => {
  api = await serveForTests([endpoints, assignmentEndpoints, meterEndpoints].flatMap((all) => Object.values(all)));
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES }));
});

const call = (path: string, method = "GET", body?: object, version = "2025-05-05") =>
  api.call(
    `/api/v1/vehicles/${path}`,
    jsonCall({ token, account, method, body, headers: { "x-api-version": version } }),
  );

describe("a vehicle by the key and value of its external ids", () => {
  it.each(API_VERSIONS)("200: is found as by its VIN (%s)", async (version) => {
    const { id } = await makeVehicle({ account, externalIds: { geotab_id: "b1F:3", "Fleet ID": "12" } });
    await makeVehicle({ account, externalIds: { other: "b1F:3", geotab_id: "b1F" } });
    await makeVehicle({ account: await makeAccount(), externalIds: { geotab_id: "b1F:3" } });
    for (const ref of ["geotab_id:b1F:3", "geotab_id%3Ab1F%3A3", "Fleet%20ID:12"])
      expect((await call(ref, "GET", undefined, version)).json).toMatchObject({ id });
    for (const ref of ["geotab_id:b1f:3", "geotab:b1F:3", "geotab_id:", ":b1F:3", "Fleet ID:1%00"])
      expect((await call(encodeURI(ref), "GET", undefined, version)).status).toBe(404);
  });

  it("works wherever a VIN does: changes, deletes, archives, and the lists of one vehicle", async () => {
    const made = await makeVehicle({ account, externalIds: { geotab_id: "b2" } });
    await makeAssignment({ account, vehicleId: made.id });
    await makeMeterEntry({ account, vehicleId: made.id });
    expect((await call("geotab_id:b2", "PATCH", { color: "Red" })).json).toMatchObject({ id: made.id, color: "Red" });
    for (const deed of ["archive", "restore"]) expect((await call(`geotab_id:b2/${deed}`, "PATCH")).status).toBe(204);
    for (const list of ["vehicle_assignments", "meter_entries"])
      expect((await call(`geotab_id:b2/${list}`)).json.records).toHaveLength(1);
    expect((await call("geotab_id:b2/current_assignment")).json).toMatchObject({ vehicle_id: made.id });
    await makeVehicle({ account, externalIds: { geotab_id: "b3" } });
    expect((await call("geotab_id:b3", "DELETE")).status).toBe(204);
    expect((await call("geotab_id:b3")).status).toBe(404);
  });

  it("409: two that match are told apart by nobody, and neither is touched", async () => {
    const pair = [1, 2].map(() => makeVehicle({ account, externalIds: { geotab_id: "b4" }, color: "Blue" }));
    const [one, other] = await Promise.all(pair);
    const answers = [
      await call("geotab_id:b4"),
      await call("geotab_id:b4", "PATCH", { color: "Red" }),
      await call("geotab_id:b4", "DELETE"),
      await call("geotab_id:b4/archive", "PATCH"),
      await call("geotab_id:b4/meter_entries"),
      await call("geotab_id:b4/current_assignment"),
    ];
    for (const { status, json } of answers) {
      expect([status, json.code]).toEqual([409, "conflict"]);
      for (const id of [one?.id, other?.id]) expect(json.detail).toContain(String(id));
    }
    for (const made of [one, other])
      expect((await call(String(made?.id))).json).toMatchObject({ color: "Blue", archived_at: null });
  });
});
