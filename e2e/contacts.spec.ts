import { chooseRowAction, namesShown, rowOf, untilAwake } from "./api-keys-page";
import { expect, expectAccessible, test } from "./fixtures";

test("an administrator adds a contact, changes, archives, restores and deletes it", async ({
  page,
  customer,
  fleet,
  signedInAs,
}) => {
  const { account } = customer;
  await fleet.makeCustomField({
    account,
    recordType: "contact",
    label: "Badge returned",
    key: "badge",
    dataType: "checkbox",
  });
  await signedInAs(customer.administrator);
  await page.goto(`/${account.token}/contacts`);
  await expect(page.getByRole("heading", { name: "No contacts yet" })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Add Contact" }).first().click();
  await page.getByLabel("First name").fill("Nadia");
  await page.getByLabel("Last name").fill("Brandt");
  await page.getByLabel("E-mail address").fill("nadia");
  await page.getByLabel("Badge returned").check();
  await expect(page.getByRole("checkbox", { name: /^Operator/ })).toBeChecked();
  await page.getByRole("button", { name: "Add contact" }).click();
  await expect(page.getByText("E-mail address is not an e-mail address.")).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel("E-mail address").fill("nadia@example.com");
  await page.getByRole("button", { name: "Add contact" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Nadia Brandt" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Custom fields" })).toContainText("Yes");
  await expect(page.getByRole("region", { name: "History" })).toContainText(customer.administrator.name);
  await expectAccessible(page);

  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Last name").fill("Brand");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Nadia Brand", exact: true })).toBeVisible();
  await page.getByRole("link", { name: "← Contacts" }).click();
  await chooseRowAction(page, "Nadia Brand", "Archive");
  await page.getByRole("button", { name: "Archive contact" }).click();
  await page.getByRole("link", { name: "Archived 1" }).click();
  await chooseRowAction(page, "Nadia Brand", "Restore");
  await page.getByRole("button", { name: "Restore contact" }).click();
  await page.getByRole("link", { name: "Current 1" }).click();
  await rowOf(page, "Nadia Brand").getByRole("link").click();
  await expect(page.getByRole("heading", { level: 1, name: "Nadia Brand", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete contact" }).click();
  await expect(page.getByRole("heading", { name: "No contacts yet" })).toBeVisible();
});

test("a member finds contacts and sees what they drive, without a way to delete", async ({
  page,
  customer,
  fleet,
  signedInAs,
}) => {
  const { account } = customer;
  const vehicle = await fleet.makeVehicle({ account, name: "Van 7" });
  const driver = await fleet.makeContact({ account, firstName: "Nadia", lastName: "Brandt", employeeNumber: "E-17" });
  await fleet.makeContact({ account, firstName: "Umar", lastName: "Aziz", vehicleOperator: false, technician: true });
  await fleet.makeAssignment({ account, vehicleId: vehicle.id, contactId: driver.id });
  await signedInAs(customer.member);
  await page.goto(`/${account.token}/contacts?q=e-17`);
  await expect.poll(() => namesShown(page)).toEqual(["Nadia Brandt"]);
  await page.goto(`/${account.token}/contacts?role=technician`);
  await expect.poll(() => namesShown(page)).toEqual(["Umar Aziz"]);
  await page.goto(`/${account.token}/contacts`);
  await untilAwake(page);
  await expect(rowOf(page, "Nadia Brandt")).toContainText("Van 7");
  await page.getByRole("button", { name: "More actions for Nadia Brandt" }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Edit", "Archive"]);
  await page.keyboard.press("Escape");
  await rowOf(page, "Nadia Brandt").getByRole("link", { name: "Nadia Brandt" }).click();
  await expect(page.getByRole("region", { name: "Vehicles" })).toContainText("Van 7");
});
