import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { apiStatus, openApiKeys, openCreateDialog, rowOf, takeToken, tokenDialog, tokenIn } from "./api-keys-page";
import { expect, test } from "./fixtures";

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

test.beforeEach(async ({ page, partner, signedInAs }) => {
  await signedInAs("administrator");
  await openApiKeys(page, partner.account);
});

test("a name is all that a key needs; its request works as pasted", async ({ page, db, partner }) => {
  const dialog = await openCreateDialog(page);
  await expect(dialog.getByLabel("API version")).toHaveValue("2025-05-05");
  await expect(dialog.getByLabel("Expires after")).toHaveValue("12");
  await expect(dialog.getByRole("checkbox", { checked: true })).toHaveCount(1);
  await expect(dialog.getByRole("checkbox", { name: "vehicles.read" })).toBeChecked();
  await dialog.getByLabel("Name").fill("Keycafe");
  await dialog.getByRole("button", { name: "Save" }).click();

  const modal = await tokenDialog(page, "Keycafe");
  await expect(modal.getByRole("button", { name: "Copy Token" })).toBeFocused();
  await expect(modal.getByText("You will not see this token again.")).toBeVisible();
  const token = await tokenIn(modal);
  expect(token).toMatch(/^fah_[0-9A-Za-z]{36}$/);
  const key = await db.apiKey.findFirstOrThrow({ where: { accountId: partner.account.id } });
  expect(key).toMatchObject({
    name: "Keycafe",
    scopes: ["vehicles.read"],
    termMonths: 12,
    allCustomers: true,
    allowedIps: [],
  });

  for (const language of ["JavaScript", "Python", "Ruby", "curl"]) {
    await modal.getByRole("tab", { name: language }).click();
    await expect(modal.getByRole("group", { name: language })).toContainText(token);
  }
  const command = (await modal.getByRole("group", { name: "curl" }).textContent()) ?? "";
  const { stdout } = await promisify(execFile)("sh", ["-c", command.replace("curl", "curl -s -w '\\n%{http_code}'")]);
  expect(stdout.split("\n").at(-1)).toBe("200");
  for (const customer of partner.customers) expect(stdout).toContain(customer.token);
});

test("Copy Token copies, shows its tick, and says so", async ({ page }) => {
  // The empty list gives way to the key; the modal stays.
  const dialog = await openCreateDialog(page, "empty list");
  await dialog.getByLabel("Name").fill("Copied");
  await dialog.getByLabel("Name").press("Enter");
  const modal = await tokenDialog(page, "Copied");
  await page.keyboard.press("Enter");
  await expect(modal.getByRole("status").filter({ hasText: "Copied" })).toBeAttached();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(await tokenIn(modal));
  await page.keyboard.press("Escape");
  await expect(modal).toBeHidden();
  await expect(rowOf(page, "Copied").getByText("Active")).toBeVisible();
});

test("closing uncopied asks once; afterwards the token is nowhere", async ({ page }) => {
  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("Uncopied");
  await dialog.getByRole("button", { name: "Save" }).click();
  const modal = await tokenDialog(page, "Uncopied");
  const token = await tokenIn(modal);

  await page.keyboard.press("Escape");
  await expect(modal.getByRole("alert")).toContainText("Close without copying?");
  await modal.getByRole("button", { name: "Keep open" }).click();
  await expect(modal.getByRole("alert")).toBeEmpty();
  await modal.getByRole("button", { name: "Done" }).click();
  await modal.getByRole("button", { name: "Close without copying" }).click();
  await expect(modal).toBeHidden();

  expect(await page.content()).not.toContain(token);
  await rowOf(page, "Uncopied").getByRole("link", { name: "Uncopied" }).click();
  await expect(page.getByRole("heading", { name: "Uncopied" })).toBeVisible();
  expect(await page.content()).not.toContain(token);
  await page.goBack();
  await expect(rowOf(page, "Uncopied")).toBeVisible();
  expect(await page.content()).not.toContain(token);
  await page.reload();
  await expect(rowOf(page, "Uncopied")).toBeVisible();
  expect(await page.content()).not.toContain(token);
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("version, date, preset, chosen customers and addresses are kept as given", async ({
  page,
  db,
  partner,
  baseURL,
}) => {
  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("Insurance pilot");
  await dialog.getByLabel("API version").selectOption("2024-06-30");
  await dialog.getByLabel("Expires after").selectOption("A date");
  const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
  await dialog.getByLabel("Last day").fill(day);
  await dialog.getByRole("button", { name: "Data connector" }).click();
  await dialog.getByRole("radio", { name: "A chosen few" }).check();
  await dialog.getByRole("group", { name: "Chosen customers" }).getByLabel(partner.customers[1].name).check();
  await dialog.getByLabel("Allowed IP addresses").fill("203.0.113.7\n2001:db8::/32");
  await dialog.getByRole("button", { name: "Save" }).click();

  const modal = await tokenDialog(page, "Insurance pilot");
  await expect(modal).toContainText("of 1 customer");
  await expect(modal).toContainText("23:59 UTC");
  const token = await takeToken(page, "Insurance pilot");
  const key = await db.apiKey.findFirstOrThrow({
    where: { accountId: partner.account.id },
    include: { customers: true },
  });
  expect(key.apiVersion).toBe("2024-06-30");
  expect(key.expiresAt.toISOString()).toBe(`${day}T23:59:59.999Z`);
  expect(key.scopes.toSorted()).toEqual(
    "contacts custom_fields fuel_entries meter_entries vehicle_assignments vehicles webhooks"
      .split(" ")
      .map((noun) => `${noun}.read`),
  );
  expect(key.allCustomers).toBe(false);
  expect(key.customers.map(({ accountId }) => accountId)).toEqual([partner.customers[1].id]);
  expect(key.allowedIps).toEqual(["203.0.113.7/32", "2001:db8::/32"]);
  // From here, which is none of those addresses.
  expect(await apiStatus(baseURL, token)).toBe(403);
});

for (const [label, months] of [
  ["3 months", 3],
  ["6 months", 6],
] as const) {
  test(`a key for ${label} ends then`, async ({ page, db, partner, baseURL }) => {
    const dialog = await openCreateDialog(page);
    await dialog.getByLabel("Name").fill(`For ${label}`);
    await dialog.getByLabel("Expires after").selectOption(label);
    await dialog.getByRole("button", { name: "Save" }).click();
    const token = await takeToken(page, `For ${label}`);
    const key = await db.apiKey.findFirstOrThrow({ where: { accountId: partner.account.id } });
    const due = new Date(key.createdAt);
    due.setUTCMonth(due.getUTCMonth() + months);
    expect(Math.abs(key.expiresAt.getTime() - due.getTime())).toBeLessThan(4 * 86_400_000);
    expect(await apiStatus(baseURL, token)).toBe(200);
  });
}

test("what is wrong is said next to its field, and nothing typed is lost", async ({ page, db, partner }) => {
  const dialog = await openCreateDialog(page);
  await dialog.getByRole("checkbox", { name: "vehicles.read" }).uncheck();
  await dialog.getByRole("radio", { name: "A chosen few" }).check();
  await dialog.getByLabel("Expires after").selectOption("A date");
  await dialog.getByLabel("Allowed IP addresses").fill("203.0.113.999");
  await dialog.getByRole("button", { name: "Save" }).click();

  await expect(dialog.getByLabel("Name")).toHaveAccessibleDescription(/Give the key a name/);
  await expect(dialog.getByLabel("Name")).toBeFocused();
  await expect(dialog.getByLabel("Last day")).toHaveAccessibleDescription(/Choose a date from tomorrow/);
  await expect(dialog.getByRole("group", { name: "Scopes" })).toHaveAccessibleDescription(/Choose at least one scope/);
  await expect(dialog.getByRole("group", { name: "Chosen customers" })).toHaveAccessibleDescription(
    /Choose at least one customer/,
  );
  await expect(dialog.getByLabel("Allowed IP addresses")).toHaveAccessibleDescription(/203\.0\.113\.7, or a range/);
  expect(await db.apiKey.count({ where: { accountId: partner.account.id } })).toBe(0);

  await dialog.getByLabel("Name").fill("Mended");
  await dialog.getByLabel("Last day").fill("2030-01-01");
  await dialog.getByRole("checkbox", { name: "contacts.read" }).check();
  await dialog.getByLabel(partner.customers[0].name).check();
  await dialog.getByLabel("Allowed IP addresses").fill("127.0.0.1");
  await dialog.getByRole("button", { name: "Save" }).click();
  // Only the server knows its own calendar.
  await expect(dialog.getByLabel("Last day")).toHaveAccessibleDescription(/Choose a date from 20\d\d-/);
  await expect(dialog.getByLabel("Name")).toHaveValue("Mended");
  await expect(dialog.getByLabel("Allowed IP addresses")).toHaveValue("127.0.0.1");
  await dialog.getByLabel("Expires after").selectOption("1 year");
  await dialog.getByRole("button", { name: "Save" }).click();
  await takeToken(page, "Mended");
});

test("a double click on Save makes one key", async ({ page, db, partner }) => {
  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("Twice");
  await dialog.getByRole("button", { name: "Save" }).dblclick();
  await takeToken(page, "Twice");
  expect(await db.apiKey.count({ where: { accountId: partner.account.id } })).toBe(1);
});

test("the limit of active keys is said, and the form stays", async ({ page, factories, partner }) => {
  // One after the other: fifty at once wait for the pool's connections longer than it lets anybody wait.
  for (let made = 0; made < 50; made++)
    await factories.makeApiKey({ account: partner.account, createdBy: partner.owner });
  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("One too many");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("This account has 50 active API keys");
  await expect(dialog.getByLabel("Name")).toHaveValue("One too many");
});

test("an administrator with chosen customers can grant only those", async ({ page, partner, signedInAs, db }) => {
  await signedInAs("limited");
  await openApiKeys(page, partner.account);
  const dialog = await openCreateDialog(page);
  await expect(dialog.getByRole("radio", { name: "All customers" })).toBeDisabled();
  await expect(dialog.getByRole("group", { name: "Chosen customers" }).getByRole("checkbox")).toHaveCount(1);
  await dialog.getByLabel("Name").fill("Narrow");
  await dialog.getByLabel(partner.customers[0].name).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await takeToken(page, "Narrow");
  const key = await db.apiKey.findFirstOrThrow({
    where: { accountId: partner.account.id },
    include: { customers: true },
  });
  expect(key.customers.map(({ accountId }) => accountId)).toEqual([partner.customers[0].id]);
});

test("in a customer's space a key has a label and no customers to choose", async ({
  page,
  factories,
  signedInAs,
  db,
  baseURL,
}) => {
  const customer = await factories.makeAccountWithPeople();
  await signedInAs(customer.owner);
  await openApiKeys(page, customer.account);
  await expect(page.getByRole("heading", { name: "Manage API Keys" })).toBeVisible();
  const dialog = await openCreateDialog(page);
  await expect(dialog.getByText("Customer accounts")).toHaveCount(0);
  await dialog.getByLabel("Label").fill("Own script");
  await dialog.getByRole("button", { name: "Save" }).click();
  const token = await takeToken(page, "Own script");
  expect(await db.apiKey.count({ where: { accountId: customer.account.id } })).toBe(1);
  expect(await apiStatus(baseURL, token)).toBe(200);
});

test("it can be added from the Account Tokens tab as well", async ({ page }) => {
  await page.getByRole("link", { name: /^Account Tokens/ }).click();
  await expect(page.getByRole("heading", { name: "Account Tokens" })).toBeVisible();
  const dialog = await openCreateDialog(page);
  await dialog.getByLabel("Name").fill("From the other tab");
  await dialog.getByRole("button", { name: "Save" }).click();
  await takeToken(page, "From the other tab");
  await expect(page.getByRole("link", { name: /^API Keys ?1$/ })).toBeVisible();
});
