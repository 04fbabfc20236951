import { beforeAll, describe, expect, it } from "vitest";

import type { Permission } from "@/lib/auth/permissions";
import { bookkeepingDb } from "@/lib/platform/database/write-db";
import { countStatements } from "@/testing/count-statements";
import { makeAccountWithPeople, permitFor, type AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { makeVehicle, makeVehicleSettings } from "@/prisma/factories/vehicles";
import { makeWebhook } from "@/prisma/factories/webhooks";
import { countVehiclesByStatus, listCurrentAssignments, listTroubledWebhooks } from "./queries";

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

describe("listTroubledWebhooks", () => {
  it("is those that fail and those that stopped by themselves, the latest first; neither others nor another account's", async () => {
    const { account, owner } = await makeAccountWithPeople();
    const ago = (hours: number) => new Date(Date.now() - hours * HOUR_MS);
    const made = async (choice: object) => (await makeWebhook({ account, ...choice })).webhook;
    const failing = await made({ failingSince: ago(5), failedAttempts: 3 });
    const gone = await made({ disabledAt: ago(2), disabledReason: "gone", failingSince: ago(3) });
    await made({});
    await made({ disabledAt: ago(1) });
    const before = await made({ failingSince: ago(9) });
    await bookkeepingDb().webhook.update({
      where: { id: before.id },
      data: { deletedAt: ago(1), secret: null, enabled: false, disabledAt: ago(1), disabledReason: "failing" },
    });
    await makeWebhook({ account: other.account, failingSince: ago(1) });
    const reading = await permitFor("webhooks.read", { user: owner, account });
    expect(await countStatements(() => listTroubledWebhooks(reading))).toBe(1);
    expect(await listTroubledWebhooks(reading)).toEqual({
      count: 2,
      items: [
        { id: gone.id, url: gone.url, isDisabled: true, isSecretLost: false, since: gone.disabledAt?.toISOString() },
        {
          id: failing.id,
          url: failing.url,
          isDisabled: false,
          isSecretLost: false,
          since: failing.failingSince?.toISOString(),
        },
      ],
    });
    const lost = await made({ disabledAt: ago(1), disabledReason: "secret_lost" });
    expect((await listTroubledWebhooks(reading)).items[0]).toMatchObject({
      id: lost.id,
      isDisabled: true,
      isSecretLost: true,
    });
    await bookkeepingDb().webhook.update({ where: { id: lost.id }, data: { deletedAt: ago(1), secret: null } });
    for (let more = 0; more < 5; more++) await made({ failingSince: ago(1) });
    const { count, items } = await listTroubledWebhooks(reading);
    expect([count, items.length]).toEqual([7, 5]);
  });
});
