import type { Locator, Page } from "@playwright/test";

import { startRecordingHost, type HostAnswers } from "@/testing/recording-host";
import { untilAwake } from "./api-keys-page";
import { expect, expectAccessible, test, useTheme } from "./fixtures";

const THERE = "abc0000001";
const KEY = "canary-key-of-another-host-0123456789";
const WORKS: HostAnswers = {
  "/accounts": [200, { records: [{ token: THERE }], next_cursor: null }],
  "/vehicles": [200, { records: [], next_cursor: null }],
};

async function open(page: Page, account: { token: string }): Promise<void> {
  await page.goto(`/${account.token}/integrations/credentials`);
  await untilAwake(page);
}

async function add(page: Page): Promise<Locator> {
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await page.getByRole("menuitem", { name: "Credential" }).click();
  return page.getByRole("dialog", { name: "Add New Credential" });
}

const tile = (page: Page, name: string) => page.getByRole("radio", { name });
const save = (dialog: Locator) => dialog.getByRole("button", { name: "Save", exact: true }).click();

test("an owner makes a key for a credential, and gives it another one there and here", async ({
  page,
  customer,
  signedInAs,
  db,
}) => {
  await signedInAs(customer.owner);
  await open(page, customer.account);
  await expect(page.getByText("No credentials yet")).toBeVisible();
  await expectAccessible(page);
  const dialog = await add(page);
  await expect(dialog.getByLabel("API Key")).toHaveAttribute("autocomplete", "new-password");
  await save(dialog);
  for (const sentence of ["Give the credential a name", "Enter the API key", "Enter the account token"])
    await expect(dialog).toContainText(sentence);
  await dialog.getByLabel("Credential Name").fill("Our own fleet");
  await dialog.getByLabel("Credential Description").fill("Nightly copy");
  await dialog.getByRole("button", { name: "Make a key for this" }).click();
  await expect(dialog.getByLabel("Account Token")).toHaveValue(customer.account.token);
  await expectAccessible(page);
  await save(dialog);
  await expect(dialog).toBeHidden();
  await expect(tile(page, "Our own fleet")).toBeChecked();
  const chosen = page.getByRole("region", { name: "Our own fleet" });
  await expect(chosen.getByText("Valid", { exact: true })).toBeVisible();
  await expect(page.getByText("expires in 36")).toBeVisible();
  await expectAccessible(page);
  const key = await db.apiKey.findFirstOrThrow({ where: { accountId: customer.account.id } });

  await chosen.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Regenerate and update here" }).click();
  const ask = page.getByRole("dialog", { name: "Regenerate and update here?" });
  await expectAccessible(page);
  await ask.getByRole("button", { name: "Regenerate and update here" }).click();
  await expect(ask).toBeHidden();
  await expect(chosen.getByText("Valid", { exact: true })).toBeVisible();
  expect((await db.apiKey.findUniqueOrThrow({ where: { id: key.id } })).prefix).not.toBe(key.prefix);
  await db.apiKey.update({ where: { id: key.id }, data: { revokedAt: new Date(), revokedReason: "by_hand" } });
  await chosen.getByRole("button", { name: "Check now" }).click();
  await expect(chosen.getByText("Refused", { exact: true })).toBeVisible();
  await expect(page.getByText("is refused by its host, first noticed")).toBeVisible();
  await expectAccessible(page);
});

test("an administrator adds one by hand, by the keyboard alone, and is told at each field what is wrong", async ({
  page,
  customer,
  signedInAs,
  factories,
}) => {
  const host = await startRecordingHost();
  const narrow = await factories.makeApiKey({
    account: customer.account,
    createdBy: customer.owner,
    scopes: ["contacts.read"],
  });
  const dead = await factories.makeApiKey({ account: customer.account, createdBy: customer.owner, state: "revoked" });
  await signedInAs(customer.administrator);
  await open(page, customer.account);
  const addTile = page.getByRole("button", { name: "Add Credential" });
  await addTile.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Add New Credential" });
  await expect(dialog.getByLabel("Credential Name")).toBeFocused();
  await page.keyboard.type("Elsewhere");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type(`fah_${"0".repeat(36)}`);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(dialog.getByLabel("Account Token")).toBeFocused();
  await page.keyboard.type(customer.account.token);
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText("The host does not know this key");
  await expect(dialog.getByLabel("API Key")).toHaveAttribute("aria-invalid", "true");
  await dialog.getByLabel("API Key").fill(dead.token);
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText("this key was revoked");
  await dialog.getByLabel("API Key").fill(narrow.token);
  await dialog.getByLabel("Account Token").fill("ffffffffff");
  await page.keyboard.press("Enter");
  await expect(dialog).toContainText("reaches no account with this token");
  await expect(dialog.getByLabel("Account Token")).toHaveAttribute("aria-invalid", "true");
  await expectAccessible(page);
  await dialog.getByLabel("Account Token").fill(customer.account.token);
  await page.keyboard.press("Enter");
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Lacks a scope", { exact: true }).first()).toBeVisible();

  await add(page);
  await dialog.getByLabel("Credential Name").fill("Another hub");
  await dialog.getByLabel("API Key").fill(KEY);
  await dialog.getByLabel("Account Token").fill(THERE);
  await dialog.getByLabel("Another host").check();
  await dialog.getByLabel("Base address").fill("http://127.0.0.1:1/api/v1");
  await save(dialog);
  await expect(dialog.getByLabel("Base address")).toHaveAttribute("aria-invalid", "true");
  await expect(dialog.getByRole("button", { name: "Save without checking" })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByRole("button", { name: "Save without checking" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("Unreachable", { exact: true }).first()).toBeVisible();

  host.answer(WORKS);
  const chosen = page.getByRole("region", { name: "Another hub" });
  await chosen.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  const edit = page.getByRole("dialog", { name: "Edit credential" });
  await expect(edit.getByLabel("API Key")).toHaveCount(0);
  await edit.getByLabel("Base address").fill(host.baseUrl);
  await expect(edit.getByLabel("API Key")).toHaveValue("");
  await save(edit);
  await expect(edit).toContainText("the one kept here is not sent there");
  await expect(edit).toContainText("Enter the API key.");
  await edit.getByLabel("API Key").fill(KEY);
  await save(edit);
  await expect(edit).toBeHidden();
  await expect(chosen.getByText("Valid", { exact: true })).toBeVisible();
  expect(await page.content()).not.toContain(KEY);
  await tile(page, "Another hub").focus();
  await page.keyboard.press("ArrowDown");
  await expect(tile(page, "Elsewhere")).toBeChecked();
  const lacking = page.getByRole("region", { name: "Elsewhere" });
  await lacking.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Make another key…" }).click();
  const another = page.getByRole("dialog", { name: "Make another key?" });
  await another.getByRole("button", { name: "Make another key" }).click();
  await expect(another).toBeHidden();
  await expect(lacking.getByText("Valid", { exact: true })).toBeVisible();
  await host.close();
});

test("a member and a starter plan are told why not, and a narrow page stays whole", async ({
  page,
  customer,
  factories,
  signedInAs,
  pageOf,
}) => {
  const { makeCredential } = await import("@/prisma/factories/credentials");
  await makeCredential({ account: customer.account, name: `Long ${"name".repeat(20)}`, status: "valid" });
  await page.setViewportSize({ width: 360, height: 740 });
  await signedInAs(customer.owner);
  for (const theme of ["light", "dark"] as const) {
    await useTheme(page, theme);
    await open(page, customer.account);
    await expectAccessible(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  }
  await page.emulateMedia({ forcedColors: "active" });
  const chosen = page.getByRole("radio", { checked: true });
  const colours = (control: Element) =>
    ["::before", null].map((part) => getComputedStyle(control, part).backgroundColor);
  const [mark, ground] = await chosen.evaluate(colours);
  expect(mark, "what is chosen is seen in forced colours").not.toBe(ground);
  const member = await pageOf(customer.member);
  await member.goto(`/${customer.account.token}/integrations/credentials`);
  await expect(member.getByText("Owners and administrators of this account manage its credentials")).toBeVisible();
  await expect(member.getByRole("radio")).toHaveCount(0);
  await expectAccessible(member);
  const starter = await factories.makeAccountWithPeople({ plan: "starter" });
  const other = await pageOf(starter.owner);
  await other.goto(`/${starter.account.token}/integrations/credentials`);
  await expect(other.getByText("The starter plan has no API access")).toBeVisible();
  await expect(other.getByRole("button", { name: "Add" })).toHaveCount(0);
});
