import type { Page } from "@playwright/test";

import type * as Factories from "@/prisma/factories/accounts-and-keys";
import { expect, expectAccessible, NOT_FOUND_LINE, test, useTheme } from "./fixtures";

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

/** As a date-time field takes it; the tests' browsers stand in UTC. */
const typed = (instant: Date) => instant.toISOString().slice(0, 16);

/** A customer with a truck that Jo has, a free van, and Ann; nothing of it is shared with other tests. */
async function makeFleet(factories: typeof Factories) {
  const { makeVehicle, makeCustomField } = await import("@/prisma/factories/vehicles");
  const { makeAssignment, makeContact } = await import("@/prisma/factories/contacts-and-entries");
  const people = await factories.makeAccountWithPeople();
  const { account } = people;
  const truck = await makeVehicle({ account, name: "Truck 1" });
  const van = await makeVehicle({ account, name: "Van 2" });
  const jo = await makeContact({ account, firstName: "Jo", lastName: "Miller" });
  const ann = await makeContact({ account, firstName: "Ann", lastName: "Archer" });
  await makeCustomField({ account, recordType: "vehicle_assignment", label: "Access Code" });
  const current = await makeAssignment({
    account,
    vehicleId: truck.id,
    contactId: jo.id,
    startedAt: inHours(-5),
    endedAt: inHours(48),
  });
  await makeAssignment({
    account,
    vehicleId: truck.id,
    contactId: ann.id,
    startedAt: inHours(-50),
    endedAt: inHours(-20),
  });
  return { ...people, truck, van, jo, ann, current };
}

async function pick(page: Page, label: string, text: string, name: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).fill(text);
  await page.getByRole("option", { name }).click();
  await expect(page.getByRole("combobox", { name: label })).toHaveValue(name);
}

test("a member assigns a driver, and is told of the assignment in the way", async ({
  page,
  signedInAs,
  factories,
  db,
}) => {
  const { account, member, current } = await makeFleet(factories);
  await signedInAs(member);
  await page.goto(`/${account.token}/vehicle-assignments`);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Assign Driver" }).click();
  const dialog = page.getByRole("dialog", { name: "Assign driver" });
  await dialog.getByRole("button", { name: "Assign driver" }).click();
  await expect(dialog.getByText("Vehicle can't be blank.")).toBeVisible();

  const vehicle = dialog.getByRole("combobox", { name: "Vehicle" });
  await vehicle.fill("truck");
  await expect(dialog.getByRole("option", { name: "Truck 1" })).toBeVisible();
  await expectAccessible(page);
  await vehicle.press("Escape");
  await expect(dialog.getByRole("listbox")).toBeHidden();
  await vehicle.fill("truck");
  await expect(dialog.getByRole("option", { name: "Truck 1" })).toHaveAttribute("aria-selected", "true");
  // Enter takes nothing while what is shown belongs to an older search.
  await expect(async () => {
    await vehicle.press("Enter");
    await expect(vehicle).toHaveValue("Truck 1", { timeout: 1000 });
  }).toPass();
  await pick(page, "Driver", "arch", "Ann Archer");
  await dialog.getByLabel("Access Code").fill("4711");
  await dialog.getByLabel("Add a comment").fill("Two keys");
  await dialog.getByRole("button", { name: "Assign driver" }).click();
  await expect(dialog.getByText("A vehicle has one assignment at a time.")).toBeVisible();
  await expect(dialog.getByRole("link", { name: "Jo Miller in Truck 1" })).toHaveAttribute(
    "href",
    `/${account.token}/vehicle-assignments/${current.id}`,
  );
  await expectAccessible(page);
  await dialog.getByLabel(/^Start/).fill(typed(inHours(60)));
  await dialog.getByRole("button", { name: "Assign driver" }).click();
  await expect(dialog).toBeHidden();
  const made = await db.vehicleAssignment.findFirstOrThrow({
    where: { accountId: account.id },
    orderBy: { id: "desc" },
  });
  expect(made).toMatchObject({ customFields: { access_code: "4711" }, endedAt: null });
  expect(made.startedAt?.toISOString().slice(0, 16)).toBe(typed(inHours(60)));
});

test("a member ends what goes on, and cannot delete it", async ({ page, signedInAs, factories }) => {
  const { account, member } = await makeFleet(factories);
  await signedInAs(member);
  await page.goto(`/${account.token}/vehicle-assignments?state=current`);
  const row = page.getByRole("row").filter({ hasText: "Jo Miller" });
  await row.getByRole("button", { name: "More actions for Jo Miller in Truck 1" }).click();
  await expect(page.getByRole("menuitem", { name: "Delete" })).toHaveCount(0);
  await page.getByRole("menuitem", { name: "End now" }).click();
  const confirm = page.getByRole("alertdialog");
  await expect(confirm).toContainText("Jo Miller no longer has Truck 1 from this moment");
  await expectAccessible(page);
  await confirm.getByRole("button", { name: "End assignment" }).click();
  await expect(page.getByRole("heading", { name: "No assignment matches" })).toBeVisible();
  await expect(page.getByRole("link", { name: /^Past/ })).toContainText("2");
});

test("search, states, filters and order stand in the address", async ({ page, signedInAs, factories }) => {
  const { account, owner, truck } = await makeFleet(factories);
  await signedInAs(owner);
  await page.goto(`/${account.token}/vehicle-assignments`);
  await page.getByRole("searchbox", { name: "Search by vehicle or driver" }).fill("archer");
  await expect(page).toHaveURL(/q=archer/);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect(page.getByRole("row")).toHaveCount(3);
  await page.getByRole("button", { name: "Filters" }).click();
  await pick(page, "Vehicle", "van", "Van 2");
  await expect(page).toHaveURL(/vehicle=\d+/);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("heading", { name: "No assignment matches" })).toBeVisible();
  await expectAccessible(page);
  await page.goto(`/${account.token}/vehicle-assignments?vehicle=${truck.id}&sort=ended&direction=asc`);
  await expect(page.getByRole("row").nth(1)).toContainText("Ann Archer");
  await expect(page.getByText("Truck 1", { exact: true }).first()).toBeVisible();
});

test("an administrator edits and deletes on the assignment's own page", async ({
  page,
  signedInAs,
  factories,
  noise,
}) => {
  noise.foresee(NOT_FOUND_LINE);
  const { account, administrator, current } = await makeFleet(factories);
  await signedInAs(administrator);
  const address = `/${account.token}/vehicle-assignments/${current.id}`;
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "Jo Miller in Truck 1" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog", { name: "Edit assignment" });
  await dialog.getByLabel("Add a comment").fill("Spare key at the desk");
  await dialog.getByLabel(/^End/).fill("");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("region", { name: "Comments" })).toContainText("Spare key at the desk");
  await expect(page.getByRole("region", { name: "Facts" })).toContainText("No end");
  await expect(page.getByRole("region", { name: "History" })).toContainText(administrator.name);
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete assignment" }).click();
  await expect(page).toHaveURL(`/${account.token}/vehicle-assignments`);
  await page.goto(address);
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
});

test("a partner has no such pages", async ({ page, partner, signedInAs, noise }) => {
  noise.foresee(NOT_FOUND_LINE);
  await signedInAs("owner");
  for (const section of ["vehicle-assignments", "meter-entries", "fuel-entries"]) {
    const answer = await page.goto(`/${partner.account.token}/${section}`);
    expect(answer?.status()).toBe(404);
  }
});

test("fits a phone, in the dark @phone", async ({ page, signedInAs, factories }) => {
  const { account, owner, current } = await makeFleet(factories);
  await signedInAs(owner);
  await useTheme(page, "dark");
  for (const path of ["", `/${current.id}`]) {
    await page.goto(`/${account.token}/vehicle-assignments${path}`);
    await expect(page.getByText("Truck 1").first()).toBeVisible();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
});
