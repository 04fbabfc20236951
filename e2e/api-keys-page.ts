import { expect, type Locator, type Page } from "@playwright/test";

import type { Account } from "@/generated/prisma/client";

/** Opens the account's API Keys, as a shared link would. */
export async function openApiKeys(page: Page, account: Pick<Account, "token">, query = ""): Promise<void> {
  await page.goto(`/${account.token}/api-keys${query}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await untilAwake(page);
}

/** Keys pressed before React has woken the page up would be lost, or only half heard. */
export async function untilAwake(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll("main button, main input")].every((control) =>
      Object.keys(control).some((name) => name.startsWith("__reactProps")),
    ),
  );
}

export function rowOf(page: Page, name: string): Locator {
  return page.getByRole("row").filter({ has: page.getByRole("link", { name, exact: true }) });
}

/** The names that the list shows, from top to bottom. */
export async function namesShown(page: Page): Promise<string[]> {
  return page.getByRole("rowheader").getByRole("link").allTextContents();
}

export async function openRowMenu(page: Page, name: string): Promise<Locator> {
  await page.getByRole("button", { name: `More actions for ${name}` }).click();
  return page.getByRole("menu");
}

export async function chooseRowAction(page: Page, name: string, action: string): Promise<void> {
  const menu = await openRowMenu(page, name);
  await menu.getByRole("menuitem", { name: action }).click();
}

/** By the page's button, or by that of a list without keys. */
export async function openCreateDialog(page: Page, from: "page" | "empty list" = "page"): Promise<Locator> {
  const buttons = page.getByRole("button", { name: "Add API Key" });
  await (from === "page" ? buttons.first() : buttons.nth(1)).click();
  const dialog = page.getByRole("dialog", { name: "Add API Key" });
  await expect(dialog).toBeVisible();
  return dialog;
}

/** The one-time modal, open. */
export async function tokenDialog(page: Page, name: string): Promise<Locator> {
  const dialog = page.getByRole("dialog", { name: `“${name}” is ready` });
  // The first action of a server that has just started takes its time.
  await expect(dialog).toBeVisible({ timeout: 20_000 });
  return dialog;
}

export async function tokenIn(dialog: Locator): Promise<string> {
  return (await dialog.getByLabel("Token", { exact: true }).textContent()) ?? "";
}

/** Copies the token, so that the modal lets go of it, and closes it. The answer is the token. */
export async function takeToken(page: Page, name: string): Promise<string> {
  const dialog = await tokenDialog(page, name);
  const token = await tokenIn(dialog);
  await dialog.getByRole("button", { name: "Copy Token" }).click();
  // The browser copies in its own time: until it has, closing is asked about.
  await expect(dialog.getByRole("status").filter({ hasText: "Copied" })).toBeAttached();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toBeHidden();
  return token;
}

/** How the public API answers the token. */
export async function apiStatus(address: string | undefined, token: string): Promise<number> {
  const answer = await fetch(`${address}/api/v1/api_key`, { headers: { authorization: `Token ${token}` } });
  await answer.text();
  return answer.status;
}
