import type { Page } from "@playwright/test";

import type * as Factories from "@/prisma/factories/accounts-and-keys";
import { expect, expectAccessible, test, useTheme } from "./fixtures";

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
const dayOf = (instant: Date) => instant.toISOString().slice(0, 10);

/** A customer with a truck that was read and fuelled, and a van that was not. */
async function makeFleet(factories: typeof Factories) {
  const { makeVehicle } = await import("@/prisma/factories/vehicles");
  const { makeFuelEntry, makeMeterEntry } = await import("@/prisma/factories/contacts-and-entries");
  const people = await factories.makeAccountWithPeople();
  const { account } = people;
  const truck = await makeVehicle({ account, name: "Truck 1" });
  const van = await makeVehicle({ account, name: "Van 2" });
  await makeMeterEntry({ account, vehicleId: truck.id, value: "1000.0", date: daysAgo(100) });
  await makeFuelEntry({ account, vehicleId: truck.id, meterValue: "1100.0", date: daysAgo(20) });
  await makeFuelEntry({ account, vehicleId: truck.id, meterValue: "1300.0", date: daysAgo(10) });
  return { ...people, truck, van };
}

async function pick(page: Page, text: string, name: string): Promise<void> {
  await page.getByRole("combobox", { name: "Vehicle" }).fill(text);
  await page.getByRole("option", { name }).click();
}

test("a reading that runs back is refused with its neighbours; void it is taken", async ({
  page,
  signedInAs,
  factories,
  db,
}) => {
  const { account, member, truck } = await makeFleet(factories);
  await signedInAs(member);
  await page.goto(`/${account.token}/meter-entries`);
  await expect(page.getByRole("row")).toHaveCount(4);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add Meter Entry" }).click();
  const dialog = page.getByRole("dialog", { name: "Add meter entry" });
  await pick(page, "truck", "Truck 1");
  await dialog.getByLabel("Reading").fill("900");
  await dialog.getByRole("button", { name: "Add meter entry" }).click();
  await expect(dialog.getByText(`Reading must be at least 1300.0`)).toContainText(dayOf(daysAgo(10)));
  await expectAccessible(page);
  await dialog.getByRole("checkbox", { name: "Void" }).check();
  await dialog.getByRole("button", { name: "Add meter entry" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("row").filter({ hasText: "900 mi" })).toContainText("Void");
  const { primaryMeterValue } = await db.vehicle.findUniqueOrThrow({ where: { id: truck.id } });
  expect(primaryMeterValue.toFixed(1)).toBe("1300.0");
  await page.getByRole("button", { name: "More actions for Truck 1: 1000.0" }).click();
  await expect(page.getByRole("menuitem", { name: "Delete" })).toHaveCount(0);
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Edit meter entry" });
  await edit.getByLabel("Reading").fill("1050");
  await edit.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("row").filter({ hasText: "1,050 mi" })).toBeVisible();
});

test("a fuelling tells its economy; vehicle and period narrow the list; an owner deletes", async ({
  page,
  signedInAs,
  factories,
}) => {
  const { account, owner, van } = await makeFleet(factories);
  await signedInAs(owner);
  await page.goto(`/${account.token}/fuel-entries`);
  await expect(page.getByRole("row").nth(1)).toContainText("20.0 mpg");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Add Fuel Entry" }).click();
  const dialog = page.getByRole("dialog", { name: "Add fuel entry" });
  await pick(page, "truck", "Truck 1");
  await dialog.getByLabel("Volume").fill("5");
  await dialog.getByLabel("Unit", { exact: true }).selectOption("US gallons");
  await dialog.getByLabel("Price per unit").fill("4");
  await dialog.getByLabel(/^Meter/).fill("1400");
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add fuel entry" }).click();
  await expect(dialog).toBeHidden();
  const first = page.getByRole("row").nth(1);
  await expect(first).toContainText("20.00");
  await expect(first).toContainText("1,400 mi");

  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("radio", { name: "In the last 7 days" }).check();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page).toHaveURL(/period=7d/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await first.getByRole("button", { name: /^More actions for Truck 1/ }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await expect(page.getByRole("alertdialog")).toContainText("the meter reading that came with them");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete fuel entry" }).click();
  await expect(page.getByRole("heading", { name: "No fuel entry matches" })).toBeVisible();
  await page.goto(`/${account.token}/fuel-entries?vehicle=${van.id}`);
  await expect(page.getByRole("heading", { name: "No fuel entry matches" })).toBeVisible();
  await expectAccessible(page);
});

test("fits a phone, in the dark @phone", async ({ page, signedInAs, factories }) => {
  const { account, administrator } = await makeFleet(factories);
  await signedInAs(administrator);
  await useTheme(page, "dark");
  for (const section of ["meter-entries", "fuel-entries"]) {
    await page.goto(`/${account.token}/${section}`);
    await expect(page.getByText("Truck 1").first()).toBeVisible();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
});
