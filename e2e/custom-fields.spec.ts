import type { Page } from "@playwright/test";

import type { AccountWithPeople } from "@/prisma/factories/accounts-and-keys";
import { expect, expectAccessible, NOT_FOUND_LINE, test, useTheme } from "./fixtures";

const row = (page: Page, label: string) => page.getByRole("row").filter({ hasText: label });

async function choose(page: Page, label: string, verb: string): Promise<void> {
  await page.getByRole("button", { name: `More actions for ${label}` }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: verb }).focus();
  await page.keyboard.press("Enter");
}

/** By keyboard alone, as far as a form goes. */
async function add(page: Page, label: string, fill: () => Promise<void> = () => Promise.resolve()): Promise<void> {
  await page.getByRole("button", { name: "Add Custom Field" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a custom field" });
  await dialog.getByLabel("Label").fill(label);
  await fill();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
}

test.describe("custom fields", () => {
  let space: AccountWithPeople;
  test.beforeEach(async ({ factories }) => {
    space = await factories.makeAccountWithPeople();
  });
  const open = (page: Page) => page.goto(`/${space.account.token}/custom-fields`);

  test("an administrator adds fields, sees their keys, filters by record type and orders them", async ({
    page,
    signedInAs,
  }) => {
    await signedInAs(space.administrator);
    await open(page);
    await expect(page.getByRole("heading", { name: "No custom fields yet" })).toBeVisible();
    await page.getByRole("button", { name: "Add Custom Field" }).click();
    const dialog = page.getByRole("dialog", { name: "Add a custom field" });
    await dialog.getByLabel("Label").fill("Home Region");
    await expect(dialog.getByText("home_region")).toBeVisible();
    await dialog.getByLabel("Data type").selectOption("Drop-down");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByText("Enter at least one choice.")).toBeVisible();
    await expectAccessible(page);
    await dialog.getByLabel("Choices").fill("North\nSouth");
    await dialog.getByLabel("Required").check();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    await expect(row(page, "Home Region")).toContainText("North, South");
    await add(page, "Cost Center");
    await add(page, "Badge", async () => {
      await page.getByRole("combobox", { name: "Record type" }).selectOption("Contact");
    });
    await expect(page.getByRole("rowheader")).toContainText(["Home Region", "Cost Center", "Badge"]);
    await choose(page, "Cost Center", "Move up");
    await expect(page.getByRole("rowheader")).toContainText(["Cost Center", "Home Region", "Badge"]);
    await expect(page.getByText("“Cost Center” moved up", { exact: true })).toBeVisible();
    await page
      .getByRole("group", { name: "Record type" })
      .getByRole("link", { name: /^Contacts/ })
      .click();
    await expect(page).toHaveURL(/record=contact/);
    await expect(page.getByRole("rowheader")).toHaveCount(1);
    await page.goBack();
    await expect(page.getByRole("rowheader")).toHaveCount(3);
    await page.getByRole("button", { name: "Add Custom Field" }).click();
    await dialog.getByLabel("Label").fill("cost center");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    await expect(page.getByRole("row").filter({ hasText: "cost_center_2" })).toBeVisible();
  });

  test("editing says what a removed choice leaves behind, deleting how many values go", async ({
    page,
    signedInAs,
    factories: _,
  }) => {
    const { makeCustomField, makeVehicle } = await import("@/prisma/factories/vehicles");
    const { account } = space;
    await makeCustomField({ account, label: "Region", dataType: "drop_down", choices: ["North", "South"] });
    for (const region of ["North", "South"]) await makeVehicle({ account, customFields: { region } });
    await signedInAs(space.owner);
    await useTheme(page, "dark");
    await open(page);
    await choose(page, "Region", "Edit");
    const edit = page.getByRole("dialog", { name: "Edit “Region”" });
    await edit.getByLabel("Label").fill("Depot");
    await edit.getByLabel("Choices").fill("North\nEast");
    await expect(edit.getByText("Nobody can choose “South” any more.")).toBeVisible();
    await expectAccessible(page);
    await edit.getByRole("button", { name: "Save" }).click();
    await expect(row(page, "Depot")).toContainText("region");
    await choose(page, "Depot", "Delete");
    const confirm = page.getByRole("alertdialog", { name: "Delete “Depot”?" });
    await expect(confirm.getByText("The values of 2 vehicles go with it")).toBeVisible();
    await expectAccessible(page);
    await confirm.getByRole("button", { name: "Delete custom field" }).click();
    await expect(page.getByRole("heading", { name: "No custom fields yet" })).toBeVisible();
    await expect(page.getByText("Its values in 2 vehicles went with it.", { exact: true })).toBeVisible();
  });

  test("on a phone it fits; a member and a partner find no such page", async ({
    page,
    signedInAs,
    pageOf,
    noise,
    partner,
  }) => {
    const { makeCustomField } = await import("@/prisma/factories/vehicles");
    await makeCustomField({ account: space.account, label: "A rather long label for a field of a vehicle on a phone" });
    await page.setViewportSize({ width: 360, height: 740 });
    await signedInAs(space.owner);
    await open(page);
    await expect(row(page, "A rather long label")).toBeVisible();
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    noise.foresee(NOT_FOUND_LINE);
    const member = await pageOf(space.member);
    expect((await member.goto(`/${space.account.token}/custom-fields`))?.status()).toBe(404);
    const hub = await pageOf("owner");
    expect((await hub.goto(`/${partner.account.token}/custom-fields`))?.status()).toBe(404);
  });
});
