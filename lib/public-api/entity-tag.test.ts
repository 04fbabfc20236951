import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Account } from "@/generated/prisma/client";
import { SCOPES } from "@/lib/auth/scopes";
import * as contacts from "@/lib/contacts/endpoints";
import * as customFields from "@/lib/custom-fields/endpoints";
import * as fuelEntries from "@/lib/fuel-entries/endpoints";
import * as meterEntries from "@/lib/meter-entries/endpoints";
import * as assignments from "@/lib/vehicle-assignments/endpoints";
import * as vehicles from "@/lib/vehicles/endpoints";
import * as webhooks from "@/lib/webhooks/endpoints";
import { makeAccount, makeApiKey, makePerson } from "@/prisma/factories/accounts-and-keys";
import { makeAssignment, makeContact, makeFuelEntry, makeMeterEntry } from "@/prisma/factories/contacts-and-entries";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { jsonCall, serveForTests, type TestApi } from "@/testing/serve-api";
import { API_VERSIONS } from "./versions/api-versions";

let api: TestApi;
let account: Account;
let token: string;

beforeAll(async () => {
  const all = [vehicles, contacts, assignments, meterEntries, fuelEntries, webhooks, customFields];
  api = await serveForTests(all.flatMap((endpoints) => Object.values(endpoints)));
  account = await makeAccount();
  ({ token } = await makeApiKey({ account, createdBy: await makePerson(account, "owner"), scopes: SCOPES }));
});
afterAll(() => api.close());

type Sent = Readonly<Record<string, string>>;
const call = (method: string, path: string, headers: Sent = {}, body?: object) =>
  api.call(`/api/v1/${path}`, jsonCall({ token, account, method, body, headers }));
const tagOf = async (path: string) => String((await call("GET", path)).headers.etag);
const vehicle = async () => `vehicles/${(await makeVehicle({ account })).id}`;

/** A record of each kind that is changed over the API, and a change of it. */
const RECORDS: Readonly<Record<string, () => Promise<{ path: string; change: object }>>> = {
  vehicles: async () => ({ path: await vehicle(), change: { color: "Red" } }),
  contacts: async () => ({
    path: `contacts/${(await makeContact({ account })).id}`,
    change: { job_title: "Dispatcher" },
  }),
  vehicle_assignments: async () => ({
    path: `vehicle_assignments/${(await makeAssignment({ account })).id}`,
    change: { ended_at: "2030-01-01T00:00:00Z" },
  }),
  meter_entries: async () => ({
    path: `meter_entries/${(await makeMeterEntry({ account })).id}`,
    change: { void: true },
  }),
  fuel_entries: async () => ({
    path: `fuel_entries/${(await makeFuelEntry({ account })).id}`,
    change: { reference: "A-1" },
  }),
  webhooks: async () => ({
    path: `webhooks/${(await makeWebhook({ account })).webhook.id}`,
    change: { description: "Another" },
  }),
  custom_fields: async () => {
    const made = await call("POST", "custom_fields", {}, { record_type: "Vehicle", label: "Bay", data_type: "Text" });
    return { path: `custom_fields/${String(made.json.id)}`, change: { label: "Bay number" } };
  },
};

describe.each(Object.entries(RECORDS))("a record of %s", (kind, make) => {
  it("carries a tag that changes with it, and is changed by the tag that was read alone", async () => {
    const { path, change } = await make();
    const first = await tagOf(path);
    expect(first).toMatch(/^"[0-9a-z]+-[0-9a-f]{8}"$/);
    expect(await tagOf(path)).toBe(first);
    const changed = await call("PATCH", path, { "if-match": first }, change);
    expect(changed.status).toBe(200);
    expect(changed.headers.etag).not.toBe(first);
    expect(await tagOf(path)).toBe(changed.headers.etag);
    const again = await call("PATCH", path, { "if-match": first }, change);
    expect([again.status, again.json.code, again.headers.etag]).toEqual([412, "precondition_failed", undefined]);
    if (kind === "custom_fields") return;
    expect((await call("DELETE", path, { "if-match": first })).status).toBe(412);
    expect((await call("GET", path)).status).toBe(200);
    expect((await call("DELETE", path, { "if-match": String(changed.headers.etag) })).status).toBe(204);
    expect((await call("DELETE", path, { "if-match": "*" })).status).toBe(404);
  });
});

describe("If-Match", () => {
  it("lets one of two through who read the same, and leaves what the other wanted undone", async () => {
    const path = await vehicle();
    const tag = await tagOf(path);
    const colors = ["Red", "Blue", "Green", "Black"];
    const sent = colors.map((color) => call("PATCH", path, { "if-match": tag }, { color }));
    const answers = await Promise.all(sent);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    const won = answers.findIndex(({ status }) => status === 200);
    expect((await call("GET", path)).json.color).toBe(colors[won]);
  });

  it("compares the record itself: another version's tag, one among several, and *; a weak one is none", async () => {
    const path = await vehicle();
    const [newest = "", oldest = ""] = await Promise.all(
      [API_VERSIONS.at(-1), API_VERSIONS[0]].map(async (version) =>
        String((await call("GET", path, { "x-api-version": String(version) })).headers.etag),
      ),
    );
    expect(newest.split("-")[0]).toBe(oldest.split("-")[0]);
    const change = { color: "Red" };
    // What changes nothing keeps the tag good.
    expect((await call("PATCH", path, { "if-match": `W/${newest}` }, change)).status).toBe(412);
    expect((await call("PATCH", path, { "if-match": `"other-00000000", ${oldest}` }, change)).status).toBe(200);
    expect((await call("PATCH", path, { "if-match": "*" }, change)).status).toBe(200);
    const gone = await call("PATCH", "vehicles/2000000000", { "if-match": "*" }, change);
    expect(gone.status).toBe(404);
  });

  it("counts for archiving and restoring too", async () => {
    const path = await vehicle();
    const tag = await tagOf(path);
    expect((await call("PATCH", `${path}/archive`, { "if-match": tag })).status).toBe(204);
    expect((await call("PATCH", `${path}/restore`, { "if-match": tag })).status).toBe(412);
  });

  it.each(["abc", '"a', 'x"a"', '"a" "b"'])(
    "that is no tag (%s) is a 400 that names it, and nothing is changed",
    async (text) => {
      const path = await vehicle();
      const before = await tagOf(path);
      const answer = await call("PATCH", path, { "if-match": text }, { color: "Red" });
      expect([answer.status, Object.keys(answer.json.errors ?? {})]).toEqual([400, ["If-Match"]]);
      expect(await tagOf(path)).toBe(before);
    },
  );
});

describe("If-None-Match", () => {
  it("is answered without a body while the caller has the record as it is", async () => {
    const path = await vehicle();
    const tag = await tagOf(path);
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
      const answer = await call("GET", path, { "if-none-match": known });
      expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, "", tag]);
      expect(answer.headers["content-type"]).toBeUndefined();
      expect(answer.headers["x-api-version"]).toBeDefined();
    }
    await call("PATCH", path, {}, { color: "Red" });
    expect((await call("GET", path, { "if-none-match": tag })).status).toBe(200);
  });

  it("compares the whole of what is shown: another version's shape, or the name of its type, is news", async () => {
    const path = await vehicle();
    const tag = await tagOf(path);
    const [revision] = tag.split("-");
    expect((await call("GET", path, { "if-none-match": `${revision}-00000000"` })).status).toBe(200);
    expect((await call("GET", path, { "if-none-match": "x" })).status).toBe(400);
  });
});
