import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { Account, Contact, User, Vehicle } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "@/lib/public-api/versions/api-versions";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeCustomField, makeVehicle } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact } from "@/prisma/factories/contacts-and-entries";
import * as endpoints from "./endpoints";

let api: TestApi;
let account: Account;
let owner: User;
let token: string;
let vehicle: Vehicle;
let contact: Contact;

beforeAll(async () => {
  api = await serveForTests(Object.values(endpoints));
});
afterAll(() => api.close());
beforeEach(async () => {
  account = await makeAccount();
  owner = await makePerson(account, "owner");
  ({ token } = await makeApiKey({ account, createdBy: owner, scopes: SCOPES }));
  vehicle = await makeVehicle({ account, name: "Truck 1" });
  contact = await makeContact({ account, firstName: "Ada", lastName: "One", email: "ada@example.com" });
});

const call = (path: string, method = "GET", body?: unknown, headers: Record<string, string> = {}) =>
  api.call(`/api/v1${path}`, jsonCall({ token, account, method, body, headers }));
const post = (body: object) =>
  call("/vehicle_assignments", "POST", { vehicle_id: vehicle.id, contact_id: contact.id, ...body });
const events = () =>
  bookkeepingDb().auditEntry.findMany({ where: { accountId: account.id }, orderBy: { sequence: "asc" } });
const idsIn = async (path: string) => {
  const { status, json } = await call(path);
  expect(status).toBe(200);
  return (json.records as Json).map(({ id }) => Number(id));
};
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe("POST /vehicle_assignments", () => {
  it("201: gives the vehicle to the contact, with every field of the contract", async () => {
    const body = {
      vehicle_id: String(vehicle.id),
      started_at: "2026-01-05T08:00:00+02:00",
      ended_at: "2026-01-06",
      starting_meter_entry_attributes: { value: 1234.5, void: true },
      ending_meter_entry_attributes: { value: "1300" },
      comments_attributes: [{ comment: "Key in box 4" }],
      current: true,
      id: 1,
    };
    const { status, json, headers } = await post(body);
    expect([status, headers.location]).toEqual([201, `/api/v1/vehicle_assignments/${String(json.id)}`]);
    expect(json).toMatchObject({
      vehicle_id: vehicle.id,
      contact_id: contact.id,
      started_at: "2026-01-05T06:00:00.000Z",
      ended_at: "2026-01-06T00:00:00.000Z",
      current: false,
      future: false,
      custom_fields: {},
      starting_meter_entry_value: "1234.5",
      ending_meter_entry_value: "1300.0",
      comments_count: 1,
      comments: [{ comment: "Key in box 4" }],
      contact_full_name: "Ada One",
      contact_image_url: null,
      attachment_permissions: { read_photos: false },
      contact: { id: contact.id, email: "ada@example.com", name: "Ada One", group_id: null, default_image_url: null },
    });
    const stub = [
      "color",
      "current_meter_value",
      "default_image_url_small",
      "id",
      "license_plate",
      "make",
      "meter_unit",
      "model",
      "name",
      "primary_meter_unit",
      "primary_meter_value",
      "registration_expiration_month",
      "registration_state",
      "secondary_meter",
      "secondary_meter_unit",
      "secondary_meter_value",
      "trim",
      "vin",
      "year",
    ];
    expect(Object.keys(json.vehicle ?? {}).sort()).toEqual(stub);
    expect((await call(`/vehicle_assignments/${String(json.id)}`)).json).toEqual(json);
    expect(await events()).toMatchObject([
      {
        action: "vehicleAssignment.created",
        recordName: "Ada One in Truck 1",
        after: { vehicleId: vehicle.id, startingMeterValue: "1234.5" },
      },
    ]);
  });

  it.each([
    [() => ({}), true, false],
    [() => ({ started_at: inHours(-1) }), true, false],
    [() => ({ ended_at: inHours(1) }), true, false],
    [() => ({ started_at: inHours(1) }), false, true],
    [() => ({ started_at: inHours(-2), ended_at: inHours(-1) }), false, false],
  ])("201: %s is current: %s, future: %s", async (span, current, future) => {
    expect((await post(span())).json).toMatchObject({ current, future });
  });

  it("422: what another overlaps is refused, naming the one in the way; what only touches it is not", async () => {
    const first = await post({ started_at: "2026-02-01", ended_at: "2026-03-01" });
    for (const span of [
      { started_at: "2026-02-28" },
      { ended_at: "2026-02-02" },
      {},
      { started_at: "2026-02-05", ended_at: "2026-02-06" },
    ]) {
      const { status, json } = await post(span);
      expect(status).toBe(422);
      expect(json.errors?.started_at?.[0]).toMatch(
        new RegExp(
          `overlaps assignment ${String(first.json.id)}: Ada One, from 2026-02-01T00:00:00.000Z until 2026-03-01`,
        ),
      );
    }
    expect((await post({ started_at: "2026-03-01" })).status).toBe(201);
    expect((await post({ ended_at: "2026-02-01" })).status).toBe(201);
    expect(await events()).toHaveLength(3);
  });

  it("lets one of twenty through that want the same vehicle at once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post({ started_at: "2026-05-01" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 19 }, () => 422)]);
    expect(await bookkeepingDb().vehicleAssignment.count({ where: { vehicleId: vehicle.id } })).toBe(1);
  });

  it.each([
    [{ vehicle_id: null }, ["vehicle_id"]],
    [{ vehicle_id: undefined, contact_id: "x" }, ["contact_id", "vehicle_id"]],
    [{ vehicle_id: 2_147_483_647, contact_id: 2_147_483_648 }, ["contact_id"]],
    [{ vehicle_id: 2_147_483_647, contact_id: 2_147_483_647 }, ["contact_id", "vehicle_id"]],
    [{ started_at: "2026-02-02", ended_at: "2026-02-02" }, ["ended_at"]],
    [{ started_at: "tomorrow", ended_at: 5 }, ["ended_at", "started_at"]],
    [{ starting_meter_entry_attributes: { value: -1 } }, ["starting_meter_entry_attributes.value"]],
    [
      { ending_meter_entry_attributes: 5, comments_attributes: [{}] },
      ["comments_attributes.0.comment", "ending_meter_entry_attributes"],
    ],
    [{ custom_fields: { nope: 1 } }, ["custom_fields.nope"]],
  ])("422: %j", async (body, fields) => {
    const { status, json } = await post(body);
    expect(status).toBe(422);
    expect(Object.keys(json.errors ?? {}).sort()).toEqual(fields);
  });

  it("422: another account's vehicle and contact are like none", async () => {
    const other = await makeAccount();
    const theirs = await post({
      vehicle_id: (await makeVehicle({ account: other })).id,
      contact_id: (await makeContact({ account: other })).id,
    });
    const none = await post({ vehicle_id: 2_147_483_646, contact_id: 2_147_483_646 });
    expect([theirs.status, theirs.text]).toEqual([422, none.text]);
  });
});

describe("PATCH /vehicle_assignments/:id", () => {
  it("200: ends it, adds a comment and fills in custom fields, leaving the rest", async () => {
    await makeCustomField({ account, recordType: "vehicle_assignment", label: "Keycafe Access Code" });
    const { json: made } = await post({
      started_at: "2026-01-01",
      comments_attributes: [{ comment: "One" }],
      starting_meter_entry_attributes: { value: 5 },
    });
    const changes = {
      ended_at: "2026-02-01",
      comments_attributes: [{ comment: "Two" }],
      custom_fields: { keycafe_access_code: "1234" },
    };
    const { status, json } = await call(`/vehicle_assignments/${String(made.id)}`, "PATCH", changes);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      started_at: made.started_at,
      ended_at: "2026-02-01T00:00:00.000Z",
      comments_count: 2,
      starting_meter_entry_value: "5.0",
      custom_fields: { keycafe_access_code: "1234" },
    });
    expect((await events()).at(-1)).toMatchObject({
      action: "vehicleAssignment.updated",
      before: { endedAt: null },
      after: { endedAt: "2026-02-01T00:00:00.000Z", customFields: { keycafe_access_code: "1234" } },
    });
  });

  it("200: leaves no event when nothing differs", async () => {
    const made = await makeAssignment({ account, vehicleId: vehicle.id, contactId: contact.id });
    const { json } = await call(`/vehicle_assignments/${made.id}`, "PATCH", {
      started_at: made.startedAt?.toISOString(),
      contact_id: contact.id,
    });
    expect([json.updated_at, await events()]).toEqual([made.updatedAt.toISOString(), []]);
  });

  it("422: may not come to overlap, end before it starts, or go to another account's vehicle", async () => {
    const first = await makeAssignment({
      account,
      vehicleId: vehicle.id,
      startedAt: new Date("2026-01-01"),
      endedAt: new Date("2026-02-01"),
    });
    const second = await makeAssignment({
      account,
      vehicleId: vehicle.id,
      startedAt: new Date("2026-03-01"),
      endedAt: null,
    });
    const foreign = await makeVehicle({ account: await makeAccount() });
    const patch = (body: object) => call(`/vehicle_assignments/${second.id}`, "PATCH", body);
    expect((await patch({ started_at: "2026-01-15" })).json.errors?.started_at?.[0]).toContain(
      `assignment ${first.id}:`,
    );
    expect((await patch({ ended_at: "2026-02-15" })).json.errors).toHaveProperty("ended_at");
    expect((await patch({ vehicle_id: foreign.id })).json.errors).toEqual({ vehicle_id: ["must exist"] });
  });
});

describe("GET /vehicle_assignments", () => {
  it("200: filters and sorts, the open ends at the ends", async () => {
    const past = await makeAssignment({
      account,
      vehicleId: vehicle.id,
      startedAt: null,
      endedAt: new Date("2026-01-01"),
    });
    const now = await makeAssignment({
      account,
      vehicleId: vehicle.id,
      startedAt: new Date("2026-02-01"),
      endedAt: null,
    });
    const other = await makeAssignment({
      account,
      contactId: contact.id,
      startedAt: new Date("2026-01-15"),
      endedAt: new Date("2026-03-01"),
    });
    await makeAssignment({ account: await makeAccount() });
    expect(await idsIn("/vehicle_assignments")).toEqual([other.id, now.id, past.id]);
    expect(await idsIn(`/vehicle_assignments?filter[vehicle_id][eq]=${vehicle.id}&sort[started_at]=asc`)).toEqual([
      past.id,
      now.id,
    ]);
    expect(await idsIn(`/vehicle_assignments?filter[contact_id][include]=${contact.id},1`)).toEqual([other.id]);
    expect(await idsIn("/vehicle_assignments?sort[ended_at]=desc")).toEqual([now.id, other.id, past.id]);
    expect(
      await idsIn("/vehicle_assignments?filter[started_at][gte]=2026-01-15&filter[ended_at][lt]=2026-06-01"),
    ).toEqual([other.id]);
    expect(await idsIn("/vehicle_assignments?q[ended_at_null]=1")).toEqual([now.id]);
    for (const sort of ["started_at", "ended_at", "vehicle_id", "contact_id", "created_at", "updated_at"]) {
      const first = await call(`/vehicle_assignments?per_page=2&sort[${sort}]=asc`);
      const seen = (first.json.records as Json).map(({ id }) => Number(id));
      expect(
        new Set([...seen, ...(await idsIn(`/vehicle_assignments?start_cursor=${String(first.json.next_cursor)}`))])
          .size,
      ).toBe(3);
    }
  });

  it.each(API_VERSIONS)("200: as version %s lists", async (version) => {
    await makeAssignment({ account, vehicleId: vehicle.id });
    for (const path of ["/vehicle_assignments", `/vehicles/${vehicle.id}/vehicle_assignments`]) {
      const { status, json } = await call(path, "GET", undefined, { "x-api-version": version });
      expect([status, Array.isArray(json)]).toEqual([200, version === "2023-03-01"]);
    }
  });
});

describe("of a vehicle", () => {
  it("200: lists its assignments and gives the current one, by id or VIN", async () => {
    await makeAssignment({ account });
    const past = await makeAssignment({
      account,
      vehicleId: vehicle.id,
      startedAt: new Date("2026-01-01"),
      endedAt: new Date("2026-02-01"),
    });
    const now = await makeAssignment({ account, vehicleId: vehicle.id });
    for (const ref of [vehicle.id, `vin:${vehicle.vin ?? ""}`]) {
      expect(await idsIn(`/vehicles/${ref}/vehicle_assignments`)).toEqual([now.id, past.id]);
      expect((await call(`/vehicles/${ref}/current_assignment`)).json).toMatchObject({ id: now.id, current: true });
    }
    const first = await call(`/vehicles/${vehicle.id}/vehicle_assignments?per_page=1`);
    const cursor = String(first.json.next_cursor);
    expect(await idsIn(`/vehicles/${vehicle.id}/vehicle_assignments?start_cursor=${cursor}`)).toEqual([past.id]);
    expect((await call(`/vehicle_assignments?start_cursor=${cursor}`)).status).toBe(400);
  });

  it("404: nobody has it, no such vehicle, another account's", async () => {
    expect((await call(`/vehicles/${vehicle.id}/current_assignment`)).status).toBe(404);
    const foreign = await makeVehicle({ account: await makeAccount() });
    await makeAssignment({ account: { id: foreign.accountId }, vehicleId: foreign.id });
    for (const path of ["current_assignment", "vehicle_assignments"]) {
      const bodies = [];
      for (const ref of [foreign.id, `vin:${foreign.vin ?? ""}`, 2_000_000_000, "vin:NONE", "x"]) {
        const { status, text } = await call(`/vehicles/${ref}/${path}`, "GET", undefined, { "x-request-id": "same" });
        bodies.push(`${status} ${text}`);
      }
      expect(new Set(bodies).size).toBe(1);
    }
  });
});

describe("DELETE /vehicle_assignments/:id", () => {
  it("204: takes it away and says so; 403 for a member's key; 404 the second time", async () => {
    const made = await makeAssignment({ account, vehicleId: vehicle.id, contactId: contact.id });
    const ownersToken = token;
    ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "member"), scopes: SCOPES }));
    expect((await call(`/vehicle_assignments/${made.id}`, "DELETE")).status).toBe(403);
    token = ownersToken;
    expect((await call(`/vehicle_assignments/${made.id}`, "DELETE")).status).toBe(204);
    expect((await call(`/vehicle_assignments/${made.id}`, "DELETE")).status).toBe(404);
    expect((await events()).map(({ action }) => action)).toEqual(["vehicleAssignment.deleted"]);
  });
});
