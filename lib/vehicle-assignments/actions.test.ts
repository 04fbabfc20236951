import { beforeEach, describe, expect, it } from "vitest";

import type { Contact, User, Vehicle } from "@/generated/prisma/client";
import { env } from "@/lib/platform/env";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { makeAccountWithPeople, makeSession, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle } from "@/prisma/factories/vehicles";
import { makeAssignment, makeContact } from "@/prisma/factories/contacts-and-entries";
import {
  createVehicleAssignmentAction,
  deleteVehicleAssignmentAction,
  editVehicleAssignmentAction,
  endVehicleAssignmentAction,
} from "./actions";

let people: AccountWithPeople;
let vehicle: Vehicle;
let contact: Contact;

beforeEach(async () => {
  people = await makeAccountWithPeople();
  const { account } = people;
  vehicle = await makeVehicle({ account, name: "Truck 1" });
  contact = await makeContact({ account, firstName: "Jo", lastName: "Miller" });
});

const identity = async (user: Pick<User, "id">) => ({
  sessionToken: await makeSession(user),
  requestedFrom: env().APP_URL,
  ip: "203.0.113.7",
  requestId: null,
});
type Action = { invoke: (by: Awaited<ReturnType<typeof identity>>, token: string, input: unknown) => Promise<unknown> };
const invoke = async (action: Action, input: object, by = people.member, token = people.account.token) =>
  (await action.invoke(await identity(by), token, input)) as Awaited<
    ReturnType<typeof createVehicleAssignmentAction.invoke>
  >;
const create = (input: object) =>
  invoke(createVehicleAssignmentAction, { vehicle_id: String(vehicle.id), contact_id: contact.id, ...input });
const deeds = async () =>
  (
    await bookkeepingDb().auditEntry.findMany({
      where: { accountId: people.account.id },
      orderBy: { sequence: "asc" },
    })
  ).map(({ action, actorName, after }) => ({ action, actorName, after }));
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

describe("assigning a driver", () => {
  it("by a member: the assignment stands, and who made it is recorded", async () => {
    const startedAt = inHours(-1);
    const answer = await create({ started_at: startedAt, comments_attributes: [{ comment: "Two keys" }] });
    expect(answer).toMatchObject({
      ok: true,
      value: { vehicleId: vehicle.id, contactId: contact.id, isCurrent: true, comments: [{ comment: "Two keys" }] },
    });
    expect(await deeds()).toEqual([
      {
        action: "vehicleAssignment.created",
        actorName: people.member.name,
        after: { vehicleId: vehicle.id, contactId: contact.id, startedAt, customFields: {} },
      },
    ]);
  });

  it("refuses an overlap with the assignment that is in the way, and saves nothing", async () => {
    const [from, until] = [inHours(-5), inHours(5)];
    const first = await makeAssignment({
      account: people.account,
      vehicleId: vehicle.id,
      contactId: contact.id,
      startedAt: new Date(from),
      endedAt: new Date(until),
    });
    const inTheWay = { id: first.id, name: "Jo Miller in Truck 1", from, until };
    const complaint = [expect.stringContaining(`overlaps assignment ${first.id}: Jo Miller`)];
    expect(await create({})).toMatchObject({
      ok: false,
      error: { code: "invalid_input", fields: { started_at: complaint }, inTheWay },
    });
    const later = await create({ started_at: inHours(5.5) });
    if (!later.ok) throw new Error(later.error.message);
    const moved = await invoke(editVehicleAssignmentAction, { id: later.value.id, started_at: inHours(4) });
    expect(moved).toMatchObject({ ok: false, error: { inTheWay } });
    expect((await deeds()).map(({ action }) => action)).toEqual(["vehicleAssignment.created"]);
  });

  it.each([
    [{ vehicle_id: "" }, ["vehicle_id"]],
    [{ contact_id: 2_147_483_647 }, ["contact_id"]],
    [{ started_at: "yesterday" }, ["started_at"]],
    [{ started_at: "2026-01-02", ended_at: "2026-01-01" }, ["ended_at"]],
    [{ account_id: 1 }, [""]],
  ])("refuses %j", async (input, fields) => {
    const answer = await create(input);
    expect(answer.ok ? [] : [answer.error.code, Object.keys(answer.error.fields)]).toEqual(["invalid_input", fields]);
    expect(await deeds()).toEqual([]);
  });
});

describe("editing, ending and deleting", () => {
  const make = (choice: Partial<Parameters<typeof makeAssignment>[0]> = {}) =>
    makeAssignment({ account: people.account, vehicleId: vehicle.id, contactId: contact.id, ...choice });

  it("changes what is given and leaves the rest", async () => {
    const { id, startedAt } = await make();
    const endedAt = inHours(3);
    const answer = await invoke(editVehicleAssignmentAction, { id, ended_at: endedAt });
    expect(answer).toMatchObject({ ok: true, value: { id, startedAt, endedAt: new Date(endedAt) } });
    expect(await deeds()).toMatchObject([{ action: "vehicleAssignment.updated", after: { endedAt } }]);
  });

  it("ends the current one at this moment, once", async () => {
    const { id } = await make();
    const answers = [
      await invoke(endVehicleAssignmentAction, { id }),
      await invoke(endVehicleAssignmentAction, { id }),
    ];
    expect(answers[0]).toMatchObject({ ok: true, value: { id, isCurrent: false, isFuture: false } });
    expect(answers[1]).toMatchObject({ ok: false, error: { code: "conflict" } });
    expect((await deeds()).map(({ action }) => action)).toEqual(["vehicleAssignment.updated"]);
    expect((await create({})).ok).toBe(false);
    expect((await create({ started_at: inHours(1) })).ok).toBe(true);
  });

  it.each([
    ["one to come", () => ({ startedAt: new Date(inHours(1)) })],
    ["one that is over", () => ({ endedAt: new Date(inHours(-0.5)) })],
  ])("does not end %s", async (_, choice) => {
    const { id } = await make(choice());
    expect(await invoke(endVehicleAssignmentAction, { id })).toMatchObject({ ok: false, error: { code: "conflict" } });
  });

  it("is deleted by owners and administrators alone", async () => {
    const { id } = await make();
    expect(await invoke(deleteVehicleAssignmentAction, { id })).toMatchObject({
      ok: false,
      error: { code: "forbidden" },
    });
    expect(await invoke(deleteVehicleAssignmentAction, { id }, people.administrator)).toEqual({
      ok: true,
      value: { id },
    });
    expect(await bookkeepingDb().vehicleAssignment.count({ where: { id } })).toBe(0);
    expect((await deeds()).map(({ action }) => action)).toEqual(["vehicleAssignment.deleted"]);
  });

  it("finds another account's as little as none, and nothing in a partner's space", async () => {
    const { id } = await makeAssignment({ account: (await makeAccountWithPeople()).account });
    const partner = await makeAccountWithPeople({ kind: "partner" });
    for (const action of [editVehicleAssignmentAction, endVehicleAssignmentAction, deleteVehicleAssignmentAction]) {
      const foreign = await invoke(action, { id }, people.owner);
      expect(foreign).toMatchObject({ ok: false, error: { code: "not_found" } });
      expect(await invoke(action, { id: 2_147_483_647 }, people.owner)).toEqual(foreign);
      expect(await invoke(action, { id }, partner.owner, partner.account.token)).toEqual(foreign);
    }
    expect(await bookkeepingDb().vehicleAssignment.count({ where: { id } })).toBe(1);
  });
});
