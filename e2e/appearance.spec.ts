import { openApiKeys, rowOf } from "./api-keys-page";
import { expect, test, useTheme } from "./fixtures";

test("the theme that one picks stays", async ({ page, partner, signedInAs }) => {
  await useTheme(page, "light");
  await signedInAs("owner");
  await openApiKeys(page, partner.account);
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole("button", { name: new RegExp(partner.owner.name) }).click();
  await page.getByRole("menuitemradio", { name: "Dark" }).click();
  await expect.poll(background).not.toBe(light);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  expect(await background()).not.toBe(light);
});

test("the picture in the README is of this console", async ({ page, db, signedInAs }) => {
  const owner = await db.user.findFirstOrThrow({ where: { email: "owner@northwind.example" } });
  await useTheme(page, "light");
  await signedInAs(owner);
  await openApiKeys(page, await db.account.findFirstOrThrow({ where: { name: "Northwind Fleet Advisors" } }));
  await expect(rowOf(page, "Telematics bridge")).toContainText("Expiring soon");
  const path =
    process.env.UPDATE_SCREENSHOT === "1" ? "docs/images/api-keys.png" : "test-results/appearance/readme.png";
  await page.mouse.move(0, 0);
  await page.screenshot({ path });
});
