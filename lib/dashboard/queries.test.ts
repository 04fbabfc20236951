import { beforeAll, describe, expect, it } from "vitest";

import type { Permission } from "@/lib/auth/permissions";
import { bookkeepingDb } from "@/lib/platform/write-db";
import { countStatements } from "@/prisma/count-statements";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories";
import { makeVehicle, makeVehicleSettings } from "@/prisma/factories-fleet";
import { countVehiclesByStatus, listCurrentAssignments } from "./queries";

let ours: AccountWithPeople;
let other: AccountWithPeople;

const HOUR_MS = 3_600_000;
const permit = <P extends Permission>(permission: P, { account, member } = ours) =>
  permitFor(permission, { user: member, account });

beforeAll(async () => {
  [ours, other] = [await makeAccountWithPeople(), await makeAccountWithPeople()];
});

describe("countVehiclesByStatus", () => {
  it("counts by every status of the account, archived ones and other accounts' left out", async () => {
    const { statuses } = await makeVehicleSettings(ours.account);
    const [first, second] = statuses;
    for (const vehicleStatusId of [first?.id, first?.id, second?.id])
      await makeVehicle({ account: ours.account, ...(vehicleStatusId && { vehicleStatusId }) });
    await makeVehicle({
      account: ours.account,
      ...(second && { vehicleStatusId: second.id }),
      archivedAt: new Date(0),
    });
    await makeVehicle({ account: other.account });
    const reading = await permit("vehicles.read");
    expect(await countStatements(() => countVehiclesByStatus(reading))).toBe(1);
    const counts = await countVehiclesByStatus(reading);
    expect(counts.map(({ name }) => name)).toEqual(statuses.map(({ name }) => name));
    expect(counts.map(({ count }) => count)).toEqual([2, 1, ...statuses.slice(2).map(() => 0)]);
  });
});

describe("listCurrentAssignments", () => {
  it("is who drives what now, the latest first; neither the past, nor the future, nor another account's", async () => {
    const now = Date.now();
    const assign = async (people: AccountWithPeople, name: string, from: number | null, until: number | null) => {
      const { id: accountId } = people.account;
      const vehicle = await makeVehicle({ account: people.account, name });
      const contact = await bookkeepingDb().contact.create({
        data: { accountId, name: `Driver of ${name}`, firstName: "D" },
      });
      await bookkeepingDb().vehicleAssignment.create({
        data: {
          accountId,
          vehicleId: vehicle.id,
          contactId: contact.id,
          startedAt: from === null ? null : new Date(now + from * HOUR_MS),
          endedAt: until === null ? null : new Date(now + until * HOUR_MS),
        },
      });
    };
    await assign(ours, "Since ever", null, null);
    await assign(ours, "Since yesterday", -24, 24);
    await assign(ours, "Since just now", -1, null);
    await assign(ours, "Until yesterday", -48, -24);
    await assign(ours, "From tomorrow", 24, null);
    await assign(other, "Elsewhere", -1, null);
    const reading = await permit("vehicleAssignments.read");
    expect(await countStatements(() => listCurrentAssignments(reading))).toBe(2);
    const { count, items } = await listCurrentAssignments(reading);
    expect(count).toBe(3);
    expect(items.map(({ vehicle }) => vehicle)).toEqual(["Since just now", "Since yesterday", "Since ever"]);
    expect(items[0]).toMatchObject({ driver: "Driver of Since just now" });
  });
});
