import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";

import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import type { PublishedEvent } from "@/lib/jobs/publish-events";
import { db, Prisma, readSql } from "@/lib/platform/database/db";
import { enqueueDeliveriesJob } from "@/lib/webhooks/jobs";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { makeCustomField, makeFuelType, makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeWebhook, makeWebhookEvent } from "@/prisma/factories/webhooks";
import { ENDPOINTS } from "@/server/api";
import { jsonCall, serveForTests, type Json, type TestApi } from "@/testing/serve-api";
import { SINGLE_RECORDS, strayFields, WIRE_RECORDS, type WireRecord } from "@/testing/wire-table";
import type { Endpoint } from "./define-endpoint";
import { API_VERSIONS } from "./versions/api-versions";

/** Every answer that holds records, in every version; always-empty lists hold none. */
const ANSWERING = ENDPOINTS.filter(
  ({ contract: { account, shape } }) => account !== null && shape !== null && !(shape instanceof z.ZodNever),
);

let api: TestApi;
let account: Account;
let token: string;
/** A place in the account's changes, with one behind it. */
let since: string;
/** By resource, one whose every field holds something; the vehicle is also the owner of nested lists. */
const full = new Map<string, number>();

beforeAll(async () => {
  api = await serveForTests(ENDPOINTS);
  account = await makeAccount({ plan: "premium", city: "Boise" });
  const createdBy = await makePerson(account, "owner");
  const made = await makeApiKey({ account, createdBy, scopes: SCOPES });
  token = made.token;
  const { types, statuses } = await makeVehicleSettings(account);
  const facts = { labels: ["Leased"], externalIds: { geotab: "b1" }, fuelTypeName: "Diesel", year: 2024 };
  const meters = { secondaryMeterUnit: "hr", inServiceMeterValue: "5.0", inServiceDate: new Date() } as const;
  const { id: vehicleId } = await makeVehicle({ account, ...facts, ...meters, customFields: { depot: "North" } });
  const { id: contactId } = await makeContact({
    account,
    email: "dana@example.com",
    birthDate: new Date("1990-01-01"),
  });
  await makeVehicle({ account, archivedAt: new Date() });
  await makeContact({ account, archivedAt: new Date() });
  const comments = [{ comment: "Keys at the desk", createdAt: new Date().toISOString(), author: null }];
  const assignment = await makeAssignment({ account, vehicleId, contactId, comments, startingMeterValue: "7.5" });
  const takenAt = new Date(Date.now() - 3_600_000);
  const reading = await makeMeterEntry({ account, vehicleId, value: "900.0", takenAt });
  await makeFuelEntry({ account, vehicleId, date: new Date(Date.now() - 7_200_000), meterValue: "890.0" });
  const fuelling = await makeFuelEntry({ account, vehicleId, meterValue: "910.0" });
  const { webhook } = await makeWebhook({ account, authorization: "Bearer abc" });
  const delivery = await makeWebhookEvent({ webhook, attempts: 2, lastSentAt: new Date() });
  const custom = await makeCustomField({ account, label: "Depot" });
  for (const [resource, id] of Object.entries({
    vehicles: vehicleId,
    contacts: contactId,
    vehicle_assignments: assignment.id,
    meter_entries: reading.id,
    fuel_entries: fuelling.id,
    vehicle_types: types[0]?.id ?? 0,
    vehicle_statuses: statuses[0]?.id ?? 0,
    fuel_types: (await makeFuelType({ account })).id,
    custom_fields: custom.id,
    webhooks: webhook.id,
    webhook_events: delivery.id,
    accounts: account.id,
  }))
    full.set(resource, id);
  const asked = await api.call("/api/v1/vehicles", { token, headers: { "account-token": account.token } });
  since = String(asked.headers["x-change-sequence"]);
  const body = { first_name: "Ada" };
  await api.call("/api/v1/contacts", jsonCall({ token, account, method: "POST", body }));
}, 60_000);
afterAll(() => api.close());

const settings = { vehicle_type_name: "Vehicle", vehicle_status_name: "Active", primary_meter_unit: "km" };
const moments = { started_at: "2001-01-01T00:00:00Z", ended_at: "2001-01-02T00:00:00Z" };
let made = 0;
/** What makes a record of each resource: as little as will do, so that what is not said is seen too. */
const BODIES: Readonly<Record<string, () => object>> = {
  "/vehicles": () => ({ name: `Made ${++made}`, ...settings }),
  "/contacts": () => ({ first_name: "Ada" }),
  "/vehicle_assignments": () => ({ contact_id: full.get("contacts"), ...moments }),
  "/meter_entries": () => ({ vehicle_id: full.get("vehicles"), value: 1, date: "2001-01-01", void: true }),
  "/fuel_entries": () => ({ vehicle_id: full.get("vehicles"), date: "2001-01-01", us_gallons: 5 }),
  "/webhooks": () => ({ url: "https://receiver.example.com/hook", vehicle_created: true }),
  "/custom_fields": () => ({ record_type: "Vehicle", label: `Made ${++made}`, data_type: "Text" }),
};

const resourceOf = ({ contract, path }: Endpoint) => contract.resource ?? path.split("/")[1] ?? "";
function recordOf(endpoint: Endpoint): WireRecord {
  const resource = resourceOf(endpoint);
  const isSingle = endpoint.contract.list === null && endpoint.method === "GET";
  const record = (isSingle ? SINGLE_RECORDS[resource] : undefined) ?? WIRE_RECORDS[resource];
  if (record === undefined) throw new Error(`${resource} is not in testing/wire-table.ts`);
  return record;
}

async function answerOf(endpoint: Endpoint, version: string): Promise<Json> {
  const { method, path } = endpoint;
  const owner = path.split("/")[1] ?? "";
  const query = path === "/changes" ? `?after=${since}` : "";
  const address = path.replace(":id", String(full.get(owner))) + query;
  let body = method === "PATCH" ? {} : method === "POST" ? BODIES[path]?.() : undefined;
  if (path === "/vehicle_assignments" && method === "POST")
    body = { ...body, vehicle_id: (await makeVehicle({ account })).id };
  const headers = { "x-api-version": version };
  const answer = await api.call(`/api/v1${address}`, jsonCall({ token, account, method, body, headers }));
  expect([answer.status, answer.text], `${method} ${path}`).toEqual([method === "POST" ? 201 : 200, answer.text]);
  return answer.json;
}

describe("in every version", () => {
  it.each(ANSWERING.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    "%s answers as the table has it",
    async (_name, endpoint) => {
      for (const version of API_VERSIONS) {
        const answer = await answerOf(endpoint, version);
        const isList = endpoint.contract.list !== null;
        const records = isList && !Array.isArray(answer) ? answer.records : answer;
        expect(isList && records?.length === 0, "a list without records shows nothing").toBe(false);
        const strays = strayFields(records, isList ? [recordOf(endpoint)] : recordOf(endpoint));
        expect(strays, version).toEqual([]);
      }
    },
  );
});

/** What the queue holds of an account's changes. */
async function published(): Promise<PublishedEvent[]> {
  const jobs = await readSql<{ entries: PublishedEvent[] }>(Prisma.sql`
    SELECT j.payload->'entries' AS entries FROM graphile_worker._private_jobs j JOIN graphile_worker._private_tasks t ON t.id = j.task_id
    WHERE t.identifier = 'events.publish' AND j.payload->'entries'->0->>'accountId' = ${String(account.id)} ORDER BY j.id`);
  return jobs.flatMap(({ entries }) => entries);
}

it("webhooks of every version send records as the table has them", async () => {
  const webhooks = [];
  for (const apiVersion of API_VERSIONS) webhooks.push((await makeWebhook({ account, apiVersion })).webhook);
  for (const path of ["/vehicles", "/contacts", "/vehicle_assignments", "/meter_entries", "/fuel_entries"]) {
    const endpoint = ANSWERING.find((each) => each.path === path && each.method === "POST");
    if (endpoint) await answerOf(endpoint, "2025-05-05");
  }
  const later = new Date(Date.now() + 60_000).toISOString();
  for (const event of await published()) await enqueueDeliveriesJob.perform({ ...event, occurredAt: later });
  for (const { id, apiVersion } of webhooks) {
    const sent = await db().webhookEvent.findMany({ where: { webhookId: id }, orderBy: { id: "asc" } });
    const seen = new Set<string>();
    for (const { event, body } of sent) {
      const resource = event.replace(/_(created|updated)$/, "").replace(/y$/, "ie");
      const record = WIRE_RECORDS[`${resource}s`];
      if (record === undefined) throw new Error(`${event} is not in testing/wire-table.ts`);
      const { payload } = JSON.parse(body) as { payload: unknown };
      expect(strayFields(payload, record), `${event} in ${apiVersion}`).toEqual([]);
      seen.add(event);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        "vehicle_created",
        "contact_created",
        "vehicle_assignment_created",
        "meter_entry_created",
      ]),
    );
    expect(seen).toContain("fuel_entry_created");
  }
});

describe("the table", () => {
  it.each([
    [{ id: 1 }, [".name is missing"]],
    [{ id: "1", name: null }, ['.id is "1", no integer']],
    [{ id: 1, name: "A", meters: 2 }, [".meters is not in the table"]],
    [{ id: null, name: "A" }, [".id is null, no integer"]],
  ])("sees what strays from it: %j", (value, strays) => {
    expect(strayFields(value, { id: "integer", "name?": "text" })).toEqual(strays);
  });

  it("names both of a meter's names", () => {
    for (const resource of ["vehicles", "meter_entries", "fuel_entries", "vehicle_assignments"]) {
      const record = WIRE_RECORDS[resource] ?? {};
      const vehicle = resource === "vehicles" ? record : (record.vehicle as WireRecord);
      expect(vehicle).toMatchObject({
        primary_meter_unit: "text",
        meter_unit: "text",
        primary_meter_value: "decimal",
        "current_meter_value?": "number",
      });
    }
  });
});
