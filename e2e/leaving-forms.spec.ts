import type { Locator, Page } from "@playwright/test";

import { untilAwake } from "./api-keys-page";
import { expect, test } from "./fixtures";

/** As the browser's own button does; Playwright's would wait for a page that does not come. */
async function pressBack(page: Page): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  const { currentIndex, entries } = await browser.send("Page.getNavigationHistory");
  await browser.send("Page.navigateToHistoryEntry", { entryId: entries[currentIndex - 1]?.id ?? 0 });
  await browser.detach();
}

/** What the browser itself asks before a page goes. */
async function isAskedByBrowser(page: Page, leave: () => Promise<unknown>, stay: boolean): Promise<void> {
  const asked = page.waitForEvent("dialog");
  const left = leave();
  const question = await asked;
  expect(question.type()).toBe("beforeunload");
  await (stay ? question.dismiss() : question.accept());
  await left;
}

/** The question comes, and whoever stays finds what was typed. */
async function isAsked(page: Page, field: Locator, leave: () => Promise<unknown>): Promise<void> {
  await leave();
  const question = page.getByRole("alertdialog", { name: "Discard what you entered?" });
  await question.getByRole("button", { name: "Keep editing" }).click();
  await expect(question).toBeHidden();
  await expect(field).toHaveValue("Typed before");
}

test("a dialog with something typed in it is left by no way without a question, and a reload keeps it", async ({
  page,
  partner,
  signedInAs,
}) => {
  await signedInAs("owner");
  await page.goto(`/${partner.account.token}/members`);
  await page.getByRole("link", { name: "Customers", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Add a customer" });
  const name = dialog.getByLabel("Name", { exact: true });
  const open = async () => {
    await page.getByRole("button", { name: "Add Customer", exact: true }).click();
    await expect(dialog).toBeVisible();
  };
  await open();
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await open();
  await name.fill("Typed before");
  await isAsked(page, name, () => page.keyboard.press("Escape"));
  await isAsked(page, name, () => page.mouse.click(5, 5));
  await isAsked(page, name, () => dialog.getByRole("button", { name: "Close" }).click());
  await isAsked(page, name, () => pressBack(page));
  await isAskedByBrowser(page, () => page.close({ runBeforeUnload: true }), true);
  await expect(name).toHaveValue("Typed before");
  await isAskedByBrowser(page, () => page.reload(), false);
  await untilAwake(page);
  await open();
  await expect(name).toHaveValue("Typed before");

  await page.keyboard.press("Escape");
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
  await expect(dialog).toBeHidden();
  await open();
  await expect(name).toHaveValue("");
});

test("so is a page of its own; its Cancel asks nothing, and nothing of it stays", async ({
  page,
  customer: { account, administrator },
  signedInAs,
}) => {
  await signedInAs(administrator);
  await page.goto(`/${account.token}/contacts`);
  const name = page.getByLabel("First name");
  const open = () => page.getByRole("link", { name: "Add Contact" }).first().click();
  const vehicles = page.getByRole("link", { name: "Vehicles", exact: true });
  await open();
  await name.fill("Typed before");
  await isAsked(page, name, () => vehicles.click());
  await isAsked(page, name, () => pressBack(page));
  await isAskedByBrowser(page, () => page.reload(), false);
  await expect(name).toHaveValue("Typed before");
  await page.getByRole("link", { name: "Cancel" }).click();
  await open();
  await expect(name).toHaveValue("");
  await name.fill("Typed in vain");
  await vehicles.click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Discard" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Vehicles" })).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("Typed");
});

test("what somebody typed is nothing to whoever signs in after him in the same tab", async ({
  page,
  partner,
  signedInAs,
}) => {
  await signedInAs("owner");
  await page.goto(`/${partner.account.token}/members`);
  await page.getByRole("button", { name: "Invite" }).click();
  const email = page.getByLabel("E-mail address");
  await email.fill("secret-plan@example.com");
  await expect.poll(() => page.evaluate(() => JSON.stringify(sessionStorage))).toContain("secret-plan");
  await signedInAs("administrator");
  page.on("dialog", (question) => void question.accept());
  await page.reload();
  await untilAwake(page);
  await page.getByRole("button", { name: "Invite" }).click();
  await expect(email).toHaveValue("");
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("secret-plan");
});
