import type { Page } from "@playwright/test";

import { untilAwake } from "./api-keys-page";
import { expect, expectAccessible, NOT_FOUND_LINE, test } from "./fixtures";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

async function open(page: Page, accountToken: string, rest = ""): Promise<void> {
  await page.goto(`/${accountToken}/customers${rest}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await untilAwake(page);
}

const names = (page: Page) => page.getByRole("table", { name: "Customers" }).getByRole("rowheader");

test("the owner adds a customer, whose owner accepts, and changes its plan; it is turned off and on", async ({
  page,
  partner,
  signedInAs,
  db,
}) => {
  const name = `Fresh Start ${partner.account.token}`;
  const email = `first-${partner.account.token}@example.com`;
  await signedInAs("owner");
  await open(page, partner.account.token);
  await expect(names(page)).toHaveCount(3);
  await page.getByRole("button", { name: "Add Customer" }).click();
  const dialog = page.getByRole("dialog", { name: "Add a customer" });
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Add customer" }).click();
  await expect(dialog.getByText("Enter the customer’s name.")).toBeVisible();
  await dialog.getByLabel("Name").fill(name);
  await dialog.getByLabel("Owner’s e-mail address").fill(email);
  await dialog.getByRole("radio", { name: /^Starter/ }).check();
  await dialog.getByRole("button", { name: "Add customer" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
  await expect(page.getByText("The starter plan has no API access")).toBeVisible();
  await expect(page.getByRole("region", { name: "Users" })).toContainText(`${email}Invited`);
  await expectAccessible(page);
  const account = await db.account.findFirstOrThrow({ where: { name }, include: { invitations: true } });
  expect(account.invitations).toMatchObject([{ email, role: "owner" }]);

  await page.getByRole("button", { name: "Change plan" }).click();
  const plans = page.getByRole("dialog", { name: `Change the plan of ${name}` });
  await plans.getByRole("radio", { name: /^Professional/ }).check();
  await expect(plans.getByText("The API answers for this account at once.")).toBeVisible();
  await expectAccessible(page);
  await plans.getByRole("button", { name: "Change plan" }).click();
  await expect(plans).toBeHidden();
  await expect(page.getByText("The starter plan has no API access")).toBeHidden();

  await page.getByRole("button", { name: "Deactivate" }).click();
  const question = page.getByRole("alertdialog", { name: `Deactivate ${name}?` });
  await expect(question).toContainText("Every API request for it fails at once");
  await expectAccessible(page);
  await question.getByRole("button", { name: "Deactivate customer" }).click();
  await expect(page.getByText("The API refuses every request for this account")).toBeVisible();
  await page.getByRole("button", { name: "Reactivate" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Reactivate customer" }).click();
  await expect(page.getByText("The API refuses every request for this account")).toBeHidden();
  expect(await db.account.findUniqueOrThrow({ where: { id: account.id } })).toMatchObject({
    plan: "professional",
    status: "active",
  });
  await page.getByRole("link", { name: "Audit log" }).click();
  for (const says of ["created account", "plan changed account", "deactivated account", "reactivated account"])
    await expect(page.getByRole("table").getByText(says, { exact: false }).first()).toBeVisible();
});

test("an administrator and a member look, filter and copy, and change nothing", async ({
  page,
  pageOf,
  partner,
  factories,
  signedInAs,
}) => {
  const [first, second] = partner.customers;
  const { key } = await factories.makeApiKey({ account: partner.account, name: "Reaches all" });
  await factories.makeApiKey({ account: second, name: "Own connector" });
  await factories.makeAccount({
    partnerId: partner.account.id,
    name: "Lapsed Lorries",
    status: "canceled",
    plan: "starter",
  });
  await signedInAs("administrator");
  await open(page, partner.account.token);
  await expect(page.getByRole("button", { name: "Add Customer" })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("dialog", { name: "Filters" }).getByRole("radio", { name: partner.limited.name }).check();
  await expect(page).toHaveURL(new RegExp(`advisor=${partner.limited.id}`));
  await expect(names(page)).toHaveText([first.name]);
  await page.keyboard.press("Escape");
  await open(page, partner.account.token, "?status=canceled&q=lapsed");
  await expect(names(page)).toHaveText(["Lapsed Lorries"]);

  await open(page, partner.account.token);
  await page.getByRole("link", { name: second.name }).click();
  await expect(page.getByRole("heading", { level: 1, name: second.name })).toBeVisible();
  for (const label of ["Change plan", "Deactivate"])
    await expect(page.getByRole("button", { name: label })).toHaveCount(0);
  await page.getByText(second.token, { exact: true }).hover();
  await page.getByRole("button", { name: "Copy Token" }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(second.token);
  const keys = page.getByRole("region", { name: "Keys that can reach it" });
  await expect(keys).toContainText("Own connector");
  await expect(keys.getByRole("link", { name: "Own connector" })).toHaveCount(0);
  await keys.getByRole("link", { name: "Reaches all" }).click();
  await expect(page).toHaveURL(`/${partner.account.token}/api-keys/${key.id}`);

  const member = await pageOf("member");
  await open(member, partner.account.token, `/${second.token}`);
  await expect(member.getByRole("button", { name: "Deactivate" })).toHaveCount(0);
});

test("a limited person sees his own customers; a customer's space has none", async ({
  page,
  partner,
  factories,
  signedInAs,
  pageOf,
  noise,
}) => {
  noise.foresee(NOT_FOUND_LINE);
  const [first, second] = partner.customers;
  await signedInAs("limited");
  await open(page, partner.account.token);
  await expect(names(page)).toHaveText([first.name]);
  const statusOf = async (by: Page, path: string) => (await by.goto(path))?.status();
  expect(await statusOf(page, `/${partner.account.token}/customers/${first.token}`)).toBe(200);
  for (const token of [second.token, "ffffffffff", "nonsense"])
    expect(await statusOf(page, `/${partner.account.token}/customers/${token}`)).toBe(404);
  const owner = await pageOf(await factories.makePerson(first, "owner"));
  expect(await statusOf(owner, `/${first.token}/customers`)).toBe(404);
  expect(await statusOf(owner, `/${partner.account.token}/customers`)).toBe(404);
});

test("customers read well on a phone @phone", async ({ page, partner, signedInAs }) => {
  await signedInAs("owner");
  for (const rest of ["", `/${partner.customers[0].token}`]) {
    await open(page, partner.account.token, rest);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    await expectAccessible(page);
  }
});
