import type { Page } from "@playwright/test";

import { expect, test } from "./fixtures";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

async function open(page: Page, token: string, query = ""): Promise<void> {
  await page.goto(`/${token}/account-tokens${query}`);
  await expect(page.getByRole("heading", { level: 1, name: "Account Tokens" })).toBeVisible();
}

const rowOf = (page: Page, name: string) =>
  page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
const shown = (page: Page) => expect.poll(async () => (await page.getByRole("rowheader").allTextContents()).toSorted());

test("every customer is listed with status, plan and token; search, status and filter narrow the list", async ({
  page,
  factories,
  partner,
  signedInAs,
  db,
}) => {
  const partnerId = partner.account.id;
  const trial = await factories.makeAccount({ partnerId, name: "Sunrise Meals", plan: "starter", status: "trial" });
  const late = await factories.makeAccount({ partnerId, name: "Tidewater 100%", plan: "premium", status: "past_due" });
  const theirs = partner.customers.map(({ name }) => name);
  await signedInAs("member");
  await open(page, partner.account.token);
  await shown(page).toEqual([...theirs, trial.name, late.name].toSorted());
  await expect(rowOf(page, trial.name)).toContainText(new RegExp(`Trial.*Starter.*${trial.token}`));
  await expect(page.getByRole("navigation", { name: "Pages" })).toContainText("5 accounts");
  await expect(page.getByRole("link", { name: /^Account Tokens ?5$/ })).toBeVisible();

  const search = page.getByRole("searchbox", { name: "Search by name or token" });
  await search.fill(late.token.slice(0, 6));
  await shown(page).toEqual([late.name]);
  await search.fill("sunRISE");
  await shown(page).toEqual([trial.name]);
  await expect(page).toHaveURL(/q=sunRISE/);
  await search.fill("100%");
  await shown(page).toEqual([late.name]);
  await search.fill("no such");
  await expect(page.getByRole("heading", { name: "No account matches" })).toBeVisible();
  await page.getByRole("link", { name: "Clear all" }).click();
  await expect(page.getByRole("rowheader")).toHaveCount(5);

  await page
    .getByRole("group", { name: "Status" })
    .getByRole("link", { name: /^Past due ?1$/ })
    .click();
  await shown(page).toEqual([late.name]);
  await page.getByRole("group", { name: "Status" }).getByRole("link", { name: /^All/ }).click();
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("dialog", { name: "Filters" }).getByLabel("Starter").check();
  await shown(page).toEqual([trial.name]);
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Remove filter Plan: Starter" }).click();
  await expect(page.getByRole("rowheader")).toHaveCount(5);
  await page.getByRole("columnheader", { name: "Account", exact: true }).getByRole("link").click();
  await expect(page.getByRole("columnheader", { name: "Account", exact: true })).toHaveAttribute(
    "aria-sort",
    "descending",
  );
  await expect.poll(async () => (await page.getByRole("rowheader").allTextContents())[0]).toBe(late.name);
  expect(await db.account.count({ where: { partnerId } })).toBe(5);
});

test("Copy Token appears on hover and on focus, copies, and says so", async ({ page, partner, signedInAs }) => {
  const [first, second] = partner.customers;
  await signedInAs("member");
  await open(page, partner.account.token);
  const opacity = (name: string) =>
    rowOf(page, name)
      .getByRole("button", { name: "Copy Token" })
      .locator("..")
      .evaluate((at) => getComputedStyle(at).opacity);
  await page.mouse.move(0, 0);
  expect(await opacity(first.name)).toBe("0");
  await rowOf(page, first.name).hover();
  await expect.poll(() => opacity(first.name)).toBe("1");
  await rowOf(page, first.name).getByRole("button", { name: "Copy Token" }).click();
  await expect(rowOf(page, first.name).getByRole("status")).toHaveText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(first.token);

  await page.mouse.move(0, 0);
  await rowOf(page, second.name).getByRole("button", { name: "Copy Token" }).focus();
  await expect.poll(() => opacity(second.name)).toBe("1");
  await page.keyboard.press("Enter");
  await expect(rowOf(page, second.name).getByRole("status")).toHaveText("Copied");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(second.token);
});

test("on touch Copy Token is always there @phone", async ({ page, partner, signedInAs }) => {
  await signedInAs("member");
  await open(page, partner.account.token);
  const button = rowOf(page, partner.customers[0].name).getByRole("button", { name: "Copy Token" });
  expect(await button.locator("..").evaluate((at) => getComputedStyle(at).opacity)).toBe("1");
  await button.tap();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(partner.customers[0].token);
});

test("nobody sees another partner's customers, and the limited see their own few", async ({
  page,
  factories,
  partner,
  signedInAs,
  pageOf,
}) => {
  const other = await factories.makePartnerWithPeople();
  const stray = await factories.makeAccount({ name: "Nobody's" });
  await signedInAs("owner");
  await open(page, partner.account.token);
  await shown(page).toEqual(partner.customers.map(({ name }) => name).toSorted());
  for (const account of [...other.customers, stray]) {
    await page.getByRole("searchbox").fill(account.token);
    await expect(page).toHaveURL(new RegExp(`q=${account.token}`));
    await expect(page.getByRole("heading", { name: "No account matches" })).toBeVisible();
  }
  const limited = await pageOf("limited");
  await open(limited, partner.account.token);
  await shown(limited).toEqual([partner.customers[0].name]);
  await open(limited, partner.account.token, `?q=${partner.customers[1].token}`);
  await expect(limited.getByRole("heading", { name: "No account matches" })).toBeVisible();
});

test("in a customer's space stand the accounts that one belongs to", async ({
  page,
  factories,
  partner,
  signedInAs,
}) => {
  const person = await factories.makeUser();
  const [first, second, third] = partner.customers;
  await factories.makeMembership({ user: person, account: first, role: "member" });
  await factories.makeMembership({ user: person, account: second, role: "owner" });
  await signedInAs(person);
  await open(page, first.token);
  await shown(page).toEqual([first.name, second.name].toSorted());
  await expect(page.getByText(third.name)).toHaveCount(0);
  await page.getByRole("button", { name: /^Account:/ }).click();
  await expect(page.getByRole("menuitem")).toHaveText([
    /^Settings/,
    /Customer · Owner|Customer · Member/,
    /Customer · /,
  ]);
  await page.getByRole("menuitem", { name: second.name }).click();
  await expect(page).toHaveURL(`/${second.token}/dashboard`);
  await page.goto("/account-tokens");
  await expect(page).toHaveURL(`/${second.token}/account-tokens`);
});

test("a partner without customers is told so", async ({ page, factories, signedInAs }) => {
  const { account, owner } = await factories.makeAccountWithPeople({ kind: "partner", plan: "premium" });
  await signedInAs(owner);
  await open(page, account.token);
  await expect(page.getByRole("heading", { name: "No customer accounts yet" })).toBeVisible();
});
