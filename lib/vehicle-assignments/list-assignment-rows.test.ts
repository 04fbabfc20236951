import { beforeAll, describe, expect, it } from "vitest";

import type { Permit } from "@/lib/auth/permit";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact } from "@/prisma/factories/contacts-and-entries";
import { getAssignment, listAssignmentRows } from "./list-assignment-rows";
import { assignmentListQuery } from "./schema";

const HOUR_MS = 3_600_000;

let people: AccountWithPeople;
let permit: Permit<"vehicleAssignments.read">;
const ids: Record<string, number> = {};

const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

/** Of a truck two past ones, a current and a future one, of a van one that always was. */
beforeAll(async () => {
  people = await makeAccountWithPeople();
  const { account } = people;
  const [truck, van] = [
    await makeVehicle({ account, name: "Truck 100%" }),
    await makeVehicle({ account, name: "Van 7" }),
  ];
  const jo = await makeContact({ account, firstName: "Jo", lastName: "Miller" });
  const ann = await makeContact({ account, firstName: "Ann", lastName: "Truckwell" });
  const spans: [string, number, number, Date | null, Date | null][] = [
    ["oldest", truck.id, jo.id, inHours(-40), inHours(-30)],
    ["older", truck.id, jo.id, inHours(-30), inHours(-20)],
    ["current", truck.id, jo.id, inHours(-20), inHours(20)],
    ["future", truck.id, ann.id, inHours(20), null],
    ["always", van.id, jo.id, null, null],
  ];
  for (const [name, vehicleId, contactId, startedAt, endedAt] of spans)
    ids[name] = (await makeAssignment({ account, vehicleId, contactId, startedAt, endedAt })).id;
  Object.assign(ids, { truck: truck.id, van: van.id, jo: jo.id, ann: ann.id });
  await makeAssignment({ account: (await makeAccountWithPeople()).account });
  permit = await permitFor("vehicleAssignments.read", { user: people.owner, account });
});

const list = (given: Record<string, unknown> = {}) => listAssignmentRows(permit, assignmentListQuery.parse(given));
const named = async (given: Record<string, unknown>) =>
  (await list(given)).rows.map(({ id }) => Object.keys(ids).find((name) => ids[name] === id));

describe("the list of assignments", () => {
  it("shows the account's own, the latest start first, the open ends at the ends", async () => {
    expect(await named({})).toEqual(["future", "current", "older", "oldest", "always"]);
    expect(await named({ sort: "started", direction: "asc" })).toEqual([
      "always",
      "oldest",
      "older",
      "current",
      "future",
    ]);
    expect(await named({ sort: "ended", direction: "asc" })).toEqual([
      "oldest",
      "older",
      "current",
      "future",
      "always",
    ]);
  });

  it("says of each who has what, from when until when, in which state, and what may be done", async () => {
    const row = (await list({ state: "current", vehicle: ids.truck })).rows[0];
    expect(row).toMatchObject({
      name: "Jo Miller in Truck 100%",
      vehicle: { id: ids.truck, name: "Truck 100%" },
      contact: { id: ids.jo, name: "Jo Miller" },
      state: "current",
      verbs: ["edit", "end", "delete"],
    });
    const reader = await permitFor("vehicleAssignments.read", { user: people.member, account: people.account });
    const { rows } = await listAssignmentRows(reader, assignmentListQuery.parse({}));
    expect(rows.map(({ verbs }) => verbs.join(" "))).toEqual(["edit", "edit end", "edit", "edit", "edit end"]);
  });

  it.each([
    ["current", ["current", "always"]],
    ["future", ["future"]],
    ["past", ["older", "oldest"]],
    ["nonsense", ["future", "current", "older", "oldest", "always"]],
  ])("by state: %s", async (state, expected) => {
    expect(await named({ state })).toEqual(expected);
    expect((await list({ state })).counts).toEqual({ all: 5, current: 2, future: 1, past: 2 });
  });

  it.each([
    ["van", ["always"]],
    ["miller", ["current", "older", "oldest", "always"]],
    ["TRUCK", ["future", "current", "older", "oldest"]],
    ["100%", ["future", "current", "older", "oldest"]],
    ["%", []],
    ["an", ["future"]],
    ["jo", ["current", "older", "oldest", "always"]],
    ["qqxyzzy", []],
  ])("searches by vehicle or driver: %s", async (q, expected) => {
    expect(await named({ q })).toEqual(expected);
    expect((await list({ q })).counts.all).toBe(expected.length);
  });

  it("filters by vehicle and driver, and counts under them", async () => {
    expect(await named({ vehicle: ids.truck, contact: ids.ann })).toEqual(["future"]);
    expect((await list({ contact: ids.jo })).counts).toEqual({ all: 4, current: 2, future: 0, past: 2 });
    expect(await named({ vehicle: 2_147_483_647 })).toEqual([]);
  });

  it("gives an assignment's own page, and no other account's", async () => {
    expect(await getAssignment(permit, ids.future ?? 0)).toMatchObject({
      id: ids.future,
      state: "future",
      comments: [],
      endedAt: null,
      verbs: ["edit", "delete"],
    });
    const other = await makeAccountWithPeople();
    const stranger = await permitFor("vehicleAssignments.read", { user: other.owner, account: other.account });
    await expect(getAssignment(stranger, ids.future ?? 0)).rejects.toMatchObject({ code: "not_found" });
  });

  it("walks the pages there and back by either order, open ends among them", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const contact = await makeContact({ account });
    for (let index = 0; index < 120; index++) {
      const vehicle = await makeVehicle({ account });
      const startedAt = index % 4 === 0 ? null : inHours(-(index % 7) - 1);
      const endedAt = index % 3 === 0 ? null : inHours(index % 5);
      await makeAssignment({ account, vehicleId: vehicle.id, contactId: contact.id, startedAt, endedAt });
    }
    const reader = await permitFor("vehicleAssignments.read", { user: owner, account });
    for (const sort of ["started", "ended"])
      for (const direction of ["asc", "desc"]) {
        const page = (place: object) =>
          listAssignmentRows(reader, assignmentListQuery.parse({ sort, direction, ...place }));
        const first = await page({});
        const second = await page({ after: first.next });
        const third = await page({ after: second.next });
        const seen = [first, second, third].flatMap(({ rows }) => rows.map(({ id }) => id));
        expect([seen.length, new Set(seen).size, third.next]).toEqual([120, 120, null]);
        expect((await page({ before: third.previous })).rows).toEqual(second.rows);
      }
  });
});
