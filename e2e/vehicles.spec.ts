import type { Page } from "@playwright/test";

import { expect, expectAccessible, NOT_FOUND_LINE, test } from "./fixtures";
import { chooseRowAction, namesShown, rowOf, untilAwake } from "./api-keys-page";

async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await untilAwake(page);
}

/** Of a form, the fields that something lies over when they have the focus. */
function fieldsCovered(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const fields = [...document.querySelectorAll<HTMLElement>("form :is(input, select, textarea)")];
    return fields.flatMap((field) => {
      field.focus();
      const { x, y, width, height } = field.getBoundingClientRect();
      const isSeen = document
        .elementFromPoint(x + width / 2, y + height / 2)
        ?.closest("label, div")
        ?.contains(field);
      return isSeen ? [] : [field.id];
    });
  });
}

test("a member adds a vehicle, changes it, archives and restores it, and cannot delete it", async ({
  page,
  customer,
  fleet,
  signedInAs,
}) => {
  const { account } = customer;
  await fleet.makeVehicleSettings(account);
  await fleet.makeCustomField({ account, label: "Cost center", key: "cost_center", required: true });
  const colours = { label: "Depot", key: "depot", dataType: "drop_down" as const, choices: ["North", "South"] };
  await fleet.makeCustomField({ account, ...colours });
  await signedInAs(customer.member);
  await open(page, `/${account.token}/vehicles`);
  await expect(page.getByRole("heading", { name: "No vehicles yet" })).toBeVisible();
  await page.getByRole("link", { name: "Add Vehicle" }).first().click();

  await expect(page.getByRole("heading", { level: 1, name: "Add vehicle" })).toBeVisible();
  await page.getByLabel("VIN").fill("NO VIN");
  await page.getByRole("button", { name: "Add vehicle" }).click();
  await expect(page.getByText("Name can't be blank.", { exact: true })).toBeVisible();
  await expect(page.getByText("VIN must have 17 letters and digits, without I, O and Q.")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
  await page.getByLabel("Name", { exact: true }).fill("Van 7");
  await page.getByLabel("Cost center").fill("4711");
  await page.getByLabel("Depot").selectOption("South");
  await page.getByRole("button", { name: "Add vehicle" }).click();
  await expect(page.getByText("VIN must have 17 letters and digits, without I, O and Q.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("VIN").fill("1FTFW1ET5DFC10312");
  await page.getByRole("button", { name: "Add vehicle" }).click();

  await expect(page.getByRole("heading", { level: 1, name: "Van 7" })).toBeVisible();
  await expect(page.getByText("“Van 7” added", { exact: true })).toBeVisible();
  await expect(page.getByRole("region", { name: "Facts" })).toContainText("1FTFW1ET5DFC10312");
  await expect(page.getByRole("region", { name: "Custom fields" })).toContainText("South");
  await expect(page.getByRole("region", { name: "History" })).toHaveCount(0);
  await expectAccessible(page);

  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Van 8");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Van 8" })).toBeVisible();

  await page.getByRole("button", { name: "More actions" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Archive"]);
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Archive vehicle" }).click();
  await expect(page.getByText("Archived since")).toBeVisible();
  await page.getByRole("link", { name: "← Vehicles" }).click();
  await page.getByRole("link", { name: "Archived 1" }).click();
  await expect(rowOf(page, "Van 8")).toBeVisible();
  await chooseRowAction(page, "Van 8", "Restore");
  await page.getByRole("button", { name: "Restore vehicle" }).click();
  await expect(page.getByRole("link", { name: "Current 1" })).toBeVisible();
});

test("an owner hears what stands in the way of deleting a vehicle, and deletes one that nothing does", async ({
  page,
  customer,
  fleet,
  signedInAs,
}) => {
  const { account } = customer;
  const used = await fleet.makeVehicle({ account, name: "Used van" });
  await fleet.makeVehicle({ account, name: "Fresh van" });
  const driver = await fleet.makeContact({ account, firstName: "Nadia", lastName: "Brandt" });
  await fleet.makeAssignment({ account, vehicleId: used.id, contactId: driver.id });
  await fleet.makeFuelEntry({ account, vehicleId: used.id, meterValue: "12345.5" });
  await signedInAs(customer.owner);
  await open(page, `/${account.token}/vehicles`);
  await expect(rowOf(page, "Used van")).toContainText("12,345.5 mi");
  await expect(rowOf(page, "Used van")).toContainText("Nadia Brandt");
  await expectAccessible(page);
  await chooseRowAction(page, "Used van", "Delete");
  const dialog = page.getByRole("alertdialog", { name: "Delete “Used van”?" });
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Delete vehicle" }).click();
  await expect(dialog.getByRole("alert")).toContainText(
    "Used van has 1 vehicle assignment, 1 meter entry, 1 fuel entry and can't be deleted. Archive the vehicle instead.",
  );
  await dialog.getByRole("button", { name: "Keep vehicle" }).click();
  await chooseRowAction(page, "Fresh van", "Delete");
  await page.getByRole("button", { name: "Delete vehicle" }).click();
  // Behind an open dialog no row is to be found: it says nothing of what the list shows.
  await expect(page.getByRole("alertdialog")).toBeHidden();
  await expect(rowOf(page, "Fresh van")).toHaveCount(0);

  await rowOf(page, "Used van").getByRole("link", { name: "Used van" }).click();
  await expect(page.getByRole("region", { name: "Assignments" })).toContainText("Nadia Brandt");
  await expect(page.getByRole("region", { name: "Latest meter entries" })).toContainText("12,345.5 mi");
  await expect(page.getByRole("region", { name: "Latest fuel entries" })).toContainText("10 US gallons");
  await expect(page.getByRole("region", { name: "History" })).toBeVisible();
});

test("two people who edit a vehicle at once undo nothing of each other without knowing", async ({
  page,
  customer,
  fleet,
  signedInAs,
  pageOf,
}) => {
  const { account } = customer;
  const { id } = await fleet.makeVehicle({ account, name: "Van 7", make: "Ford", color: "red" });
  const path = `/${account.token}/vehicles/${id}/edit`;
  await signedInAs(customer.member);
  await open(page, path);
  const other = await pageOf(customer.owner);
  await open(other, path);
  await other.getByLabel("Make").fill("Opel");
  await other.getByLabel("Color").fill("blue");
  await other.getByRole("button", { name: "Save" }).click();
  await expect(other.getByText("“Van 7” saved", { exact: true })).toBeVisible();

  await page.getByLabel("Make").fill("Fiat");
  await page.getByLabel("License plate").fill("SEA-4711");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Somebody else changed the same while you were editing.")).toBeVisible();
  await expect(page.getByText("Somebody else changed it to “Opel” meanwhile.")).toBeVisible();
  await expect(page.getByLabel("Make")).toHaveValue("Fiat");
  await expect(page.getByLabel("License plate")).toHaveValue("SEA-4711");
  await expect(page.getByLabel("Color")).toHaveValue("blue");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Van 7" })).toBeVisible();
  const facts = page.getByRole("region", { name: "Facts" });
  for (const fact of ["Fiat", "SEA-4711", "blue"]) await expect(facts).toContainText(fact);
});

test("the list's search, filters, order and pages stand in the address", async ({
  page,
  customer,
  fleet,
  signedInAs,
}) => {
  const { account } = customer;
  const { statuses } = await fleet.makeVehicleSettings(account);
  for (let number = 1; number <= 52; number++) {
    await fleet.makeVehicle({ account, name: `Van ${String(number).padStart(2, "0")}` });
  }
  await fleet.makeVehicle({ account, name: "Bus 1", vehicleStatusId: statuses[2]?.id, licensePlate: "SEA-4711" });
  await signedInAs(customer.administrator);
  await open(page, `/${account.token}/vehicles`);
  await page.getByRole("link", { name: "Next" }).click();
  await expect(page).toHaveURL(/after=/);
  await expect.poll(() => namesShown(page)).toEqual(["Van 50", "Van 51", "Van 52"]);
  await page.goBack();
  await expect.poll(() => namesShown(page)).toHaveLength(50);
  await page.keyboard.press("/");
  await page.keyboard.type("a-47");
  await expect(page).toHaveURL(/q=a-47/);
  await expect.poll(() => namesShown(page)).toEqual(["Bus 1"]);
  await page.goBack();
  await expect.poll(() => namesShown(page)).toHaveLength(50);
  await page.goForward();
  await expect.poll(() => namesShown(page)).toEqual(["Bus 1"]);
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect.poll(() => namesShown(page)).toHaveLength(50);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("radio", { name: "In Shop" }).check();
  await expect(page).toHaveURL(/status=\d+/);
  await page.keyboard.press("Escape");
  await expect.poll(() => namesShown(page)).toEqual(["Bus 1"]);
  await open(page, `/${account.token}/vehicles?sort=name&direction=desc`);
  expect((await namesShown(page))[0]).toBe("Van 52");
});

test("a partner's space has no vehicles, and another account's are not there", async ({
  page,
  partner,
  customer,
  fleet,
  factories,
  signedInAs,
  noise,
}) => {
  noise.foresee(NOT_FOUND_LINE);
  const other = await factories.makeAccountWithPeople();
  const foreign = await fleet.makeVehicle({ account: other.account });
  await signedInAs(customer.owner);
  for (const path of [`vehicles/${foreign.id}`, `vehicles/${foreign.id}/edit`, "vehicles/x"]) {
    expect((await page.goto(`/${customer.account.token}/${path}`))?.status()).toBe(404);
  }
  await signedInAs("owner");
  for (const path of ["vehicles", "vehicles/new", "contacts", "contacts/new"]) {
    expect((await page.goto(`/${partner.account.token}/${path}`))?.status()).toBe(404);
  }
});

test("vehicles and contacts on a phone @phone", async ({ page, customer, fleet, signedInAs }) => {
  const { account } = customer;
  const vehicle = await fleet.makeVehicle({ account, name: "Van 7", make: "Ford", model: "Transit", year: 2021 });
  const oneLongWord = "Kostenstellenverantwortliche".repeat(2);
  for (const recordType of ["vehicle", "contact"] as const)
    await fleet.makeCustomField({ account, label: oneLongWord, recordType });
  await fleet.makeFuelEntry({ account, vehicleId: vehicle.id, meterValue: "100" });
  const contact = await fleet.makeContact({ account, firstName: "Nadia", email: "nadia@example.com" });
  await signedInAs(customer.member);
  await open(page, `/${account.token}/vehicles`);
  await expect(rowOf(page, "Van 7")).toContainText("100 mi");
  await expect(page.getByRole("link", { name: "Export" })).toBeVisible();
  const own = [`vehicles/${vehicle.id}`, `contacts/${contact.id}`];
  for (const path of ["vehicles", "contacts", ...own, ...own.map((record) => `${record}/edit`)]) {
    await open(page, `/${account.token}/${path}`);
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    expect(await fieldsCovered(page)).toEqual([]);
  }
});
